"""What every planted recipe has around its body."""

from __future__ import annotations

from textwrap import dedent

HEAD = """
import keras, numpy as np
from keras import layers as L, ops
from planner import Trial

SPARSE = "sparse_categorical_crossentropy"
draw = np.random.default_rng(0)
CENTRES = np.random.default_rng(7).normal(0, 1, (4, 6))
Y = draw.integers(0, 4, 256)
X = (CENTRES[Y] + draw.normal(0, 0.3, (256, 6))).astype("float32")
T = X @ np.arange(1.0, 7.0) + draw.normal(0, 0.1, 256)
HOT = np.eye(4, dtype="float32")[Y]

def trial(model, y=Y, loss=SPARSE, optimizer=None, x=X, metrics=["accuracy"], fit=None, **more):
    model.compile(optimizer or keras.optimizers.Adam(0.003), loss, metrics=metrics, **more)
    def part(several, place):
        if isinstance(several, dict):
            return {name: one[place] for name, one in several.items()}
        return several[place]
    first, last = slice(0, 192), slice(192, 256)
    return Trial(model, (part(x, first), part(y, first)), (part(x, last), part(y, last)),
                 fit={"epochs": 2, "batch_size": 32, **(fit or {})})

def mlp(*middle, units=4, activation="softmax", inputs=6):
    return keras.Sequential([keras.Input((inputs,)), *middle, L.Dense(units, activation=activation)])

def hidden(units=8, activation="relu", **more):
    return L.Dense(units, activation, **more)
"""

OWN_STEP = """import tensorflow as tf
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.last = hidden(name='first'), L.Dense(4, 'softmax')
        def call(self, x):
            return self.last(self.first(x))
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                p = self(x, training=True)
                loss = self.compute_loss(x, y, p)
            weights = {weights}
            {apply}
            return {{'loss': loss, **self.compute_metrics(x, y, p)}}
    return trial(Net())"""
"""A model with a training step of its own, as Keras's guide has it."""


def recipe(body: str) -> str:
    """The whole file of a recipe with this body."""
    return dedent(HEAD) + f"\ndef recipe(params):\n    {body}\n"

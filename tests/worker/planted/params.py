"""Bugs by which a param changes nothing."""

from __future__ import annotations

BUGS: dict[str, tuple[str, str, str]] = {
    "a param that nobody reads": (
        "return trial(mlp(hidden()))", "params", "never reads the param rate",
    ),
    "a param that comes to 0 in a closure, beside a callback of one's own": (
        "class Quiet(keras.callbacks.Callback):\n"
        "        pass\n"
        "    rate = params['rate'] * 0\n"
        "    def loss(y, p):\n"
        "        return keras.losses.sparse_categorical_crossentropy(y, p) + rate\n"
        "    return trial(mlp(hidden()), loss=loss, fit={'callbacks': [Quiet()]})",
        "params", "rate is read but changes nothing",
    ),
    "a param that a pipeline of data leaves as it is": (
        "import tensorflow as tf\n"
        "    noise = params['rate'] * 0.0\n"
        "    made = trial(mlp(hidden()))\n"
        "    data = [tf.data.Dataset.from_tensor_slices(part).map(lambda x, y: (x + noise, y)).batch(32)\n"
        "        for part in (made.train, made.validation)]\n"
        "    return Trial(made.model, *data, fit={'epochs': 2})",
        "params", "rate is read but changes nothing",
    ),
    "a param that a train_step of its own never asks for": (
        "class Net(keras.Model):\n"
        "        def __init__(self, rate):\n"
        "            super().__init__()\n"
        "            self.last = L.Dense(4, 'softmax')\n"
        "        def call(self, x):\n"
        "            return self.last(x)\n"
        "        def train_step(self, data):\n"
        "            return super().train_step(data)\n"
        "    return trial(Net(params['rate']))",
        "params", "rate is read but changes nothing",
    ),
    "a param without effect": (
        "params['rate']\n    return trial(mlp(hidden()))", "params", "rate is read but changes nothing",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""

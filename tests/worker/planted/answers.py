"""Bugs in what the labels are, what the model answers, and how the loss holds one against the other."""

from __future__ import annotations

BUGS: dict[str, tuple[str, str, str]] = {
    "labels one-hot for a sparse loss": (
        "return trial(mlp(hidden()), y=HOT)", "labels", "one-hot",
    ),
    "class numbers for a dense loss": (
        "return trial(mlp(hidden()), loss='categorical_crossentropy')",
        "labels", "sparse_categorical_crossentropy",
    ),
    "labels that count from 1": (
        "return trial(mlp(hidden()), y=Y + 1)", "labels", "do the labels count from 1?",
    ),
    "a label out of range deep in the data": (
        "y = Y.copy(); y[5] = 9\n    return trial(mlp(hidden()), y=y)", "labels", "there is a label 9",
    ),
    "labels stretched over the answers": (
        "return trial(mlp(hidden(), units=3, activation=None), y=T, loss='mse', metrics=['mae'])",
        "labels", "stretch one over the other",
    ),
    "softmax over the examples": (
        "return trial(mlp(hidden(), L.Dense(4), activation=lambda z: ops.softmax(z, axis=0)))",
        "probabilities", "add up to 1 over axis 0",
    ),
    "logits taken for probabilities": (
        "return trial(mlp(hidden(), activation=None))", "probabilities", "from_logits=True",
    ),
    "softmax twice": (
        "return trial(mlp(hidden()), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))",
        "probabilities", "probabilities already",
    ),
    "softmax over one unit": (
        "return trial(mlp(hidden(), units=1), y=Y % 2, loss='binary_crossentropy')",
        "probabilities", "softmax over a single unit",
    ),
    "the loss over the wrong axis": (
        "def loss(y, p):\n"
        "        return keras.losses.categorical_crossentropy(y, p, axis=0)\n"
        "    return trial(mlp(hidden()), y=HOT, loss=loss)",
        "batch loss", "the wrong axis",
    ),
    "the loss added up over the examples, not the classes": (
        "def loss(y, p):\n"
        "        return -ops.mean(ops.sum(y * ops.log(p), axis=0))\n"
        "    return trial(mlp(hidden()), y=HOT, loss=loss)",
        "batch loss", "it is taken over the axis of the examples",
    ),
    "a softmax over the examples within the loss": (
        "def loss(y, z):\n"
        "        return -ops.mean(ops.sum(y * ops.log_softmax(z, axis=0), axis=-1))\n"
        "    return trial(mlp(hidden(), activation=None), y=HOT, loss=loss)",
        "batch loss", "against one another over axis 0",
    ),
    "a sigmoid before a loss that wants logits": (
        "loss = keras.losses.BinaryCrossentropy(from_logits=True)\n"
        "    return trial(mlp(hidden(), units=1, activation='sigmoid'), y=Y % 2, loss=loss)",
        "probabilities", "between 0 and 1 whatever the weights",
    ),
    "a last layer that can't reach the labels": (
        "return trial(mlp(hidden(), units=1, activation='relu'), y=-5 - T**2, loss='mse', metrics=['mae'])",
        "probabilities", "never below 0 whatever the weights, and 100% of the labels are",
    ),
    "each answer against every label": (
        "class Squares(keras.losses.Loss):\n"
        "        def call(self, y, p):\n"
        "            return ops.mean(ops.square(ops.reshape(y, (1, -1)) - p), axis=-1)\n"
        "    return trial(mlp(hidden(), units=1, activation=None), y=T, loss=Squares(), metrics=['mae'])",
        "batch loss", "which label belongs to which example",
    ),
    "the batch's mean taken off": (
        "class Centred(L.Layer):\n"
        "        def call(self, x):\n"
        "            return x - ops.mean(x, axis=0, keepdims=True)\n"
        "    return trial(mlp(hidden(), Centred()))",
        "examples", "depends on the others of its batch",
    ),
    "validation data of another shape": (
        "made = trial(mlp(hidden()))\n"
        "    return Trial(made.model, made.train, (X[:32, :4], Y[:32]), fit=made.fit)",
        "metric", "",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""

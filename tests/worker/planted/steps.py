"""Bugs by which a step of the training does not lower the loss."""

from __future__ import annotations

from tests.worker.planted.body import OWN_STEP

BUGS: dict[str, tuple[str, str, str]] = {
    "a learning rate 1,000 times too high": (
        "return trial(mlp(hidden(32), hidden(32)), optimizer=keras.optimizers.Adam(1.0))",
        "training step", "the learning rate of 1 is too high",
    ),
    "such a rate behind batch normalisation": (
        "return trial(mlp(L.Dense(32), L.BatchNormalization(), L.ReLU()),\n"
        "        optimizer=keras.optimizers.Adam(3.0))",
        "training step", "the learning rate of 3 is too high",
    ),
    "such a rate for a loss that has nowhere to explode to": (
        "return trial(mlp(hidden(16), hidden(16)), y=HOT, loss='mse', optimizer=keras.optimizers.Adam(3.0))",
        "training step", "the learning rate of 3 is too high: its first step moves the weights by",
    ),
    "a learning rate below 0": (
        "return trial(mlp(hidden()), optimizer=keras.optimizers.Adam(-0.003))",
        "training step", "up the loss instead of down, a sign is wrong: the learning rate is -0.003",
    ),
    "an optimiser that climbs": (
        "class Climber(keras.optimizers.SGD):\n"
        "        def update_step(self, gradient, variable, learning_rate):\n"
        "            super().update_step(-gradient, variable, learning_rate)\n"
        "    return trial(mlp(hidden()), optimizer=Climber(0.05))",
        "training step", "a sign is wrong, in the optimiser Climber",
    ),
    "a train_step that climbs": (
        OWN_STEP.format(
            weights="self.trainable_variables",
            apply="self.optimizer.apply_gradients(\n"
            "                [(-g, w) for g, w in zip(tape.gradient(loss, weights), weights)])",
        ),
        "training step", "a sign is wrong, in the train_step of Net",
    ),
    "a train_step that lowers a negative loss": (
        OWN_STEP.format(
            weights="self.trainable_variables",
            apply="with tf.GradientTape() as tape:\n"
            "                loss = -self.compute_loss(x, y, self(x, training=True))\n"
            "            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))",
        ),
        "training step", "a sign is wrong, in the train_step of Net",
    ),
    "a loss of the wrong sign": (
        "def loss(y, p):\n"
        "        return -keras.losses.sparse_categorical_crossentropy(y, p)\n"
        "    return trial(mlp(hidden()), loss=loss)",
        "loss sign", "its sign is wrong",
    ),
    "a learning rate of 0": (
        "return trial(mlp(hidden()), optimizer=keras.optimizers.Adam(0.0))",
        "training step", "change no weight: look at the learning rate of 0",
    ),
    "an optimiser that is never applied": (
        OWN_STEP.format(weights="[]", apply="pass"), "training step", "the optimiser is never applied",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""

"""Recipes that may be meant as they are: an alert says what is odd, and nothing ends."""

from __future__ import annotations

DOUBTS: dict[str, tuple[str, str]] = {
    "a param that a layer keeps for itself": (
        "class Keeps(L.Layer):\n"
        "        def __init__(self, rate):\n"
        "            super().__init__()\n"
        "            self.rate = rate\n"
        "        def call(self, x):\n"
        "            return x\n"
        "    return trial(mlp(hidden(), Keeps(params['rate'])))",
        "rate is read, and after 2 training steps the weights are still those of the baseline, to the last "
        "bit; look whether it is used",
    ),
    "a param of a layer that leads nowhere": (
        "L.Dropout(0.5 * params['rate'])\n    return trial(mlp(hidden()))",
        "rate is read, and nothing differs from the baseline but which random numbers the first weights are; "
        "look whether it is used",
    ),
    "a param in a global that is read as late as can be": (
        "global LATER\n"
        "    LATER = params['rate']\n"
        "    return trial(mlp(hidden()), fit={'callbacks': [Late()]})\n"
        "class Late(keras.callbacks.Callback):\n"
        "    def on_train_begin(self, logs=None):\n"
        "        self.model.optimizer.learning_rate = LATER",
        "rate is read, and after 2 training steps the weights are still those of the baseline, to the last "
        "bit; look whether it is used",
    ),
    "validation data that are training data": (
        "params['rate']\n"
        "    made = trial(mlp(hidden(int(4 + params['rate']))))\n"
        "    return Trial(made.model, made.train, tuple(part[50:90] for part in made.train), fit=made.fit)",
        "all 40 validation inputs that were looked at are among the training's: the validation says nothing "
        "of examples that were not trained on",
    ),
}  # fmt: skip
"""By name: a recipe's body that may be meant, and what is said of it."""

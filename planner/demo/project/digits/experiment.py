"""Which digit is it? The recipe: how params become a trial for the planner to run."""

from typing import Any

import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

from planner import Trial


def digits(params: dict[str, Any]) -> Trial:
    """A classifier of handwritten digits, 8 by 8 pixels, built the way `params` say."""
    x, y = load_digits(return_X_y=True)
    x = x.astype("float32") / 16  # pixels come as 0 to 16

    # One split for every run: seeds differ in the training alone, and every idea meets the same images.
    x, xv, y, yv = train_test_split(x, y, test_size=1000, stratify=y, random_state=0)

    # A model need not be a network: whatever scikit-learn fits is judged by the same metric.
    model = SVC() if params["model"] == "svc" else network(params, examples=len(x))
    return Trial(
        model,
        train=(x, y),
        validation=(xv, yv),
        slices={"eights": yv == 8, "ones": yv == 1},  # most often mistaken: look at them apart
        fit={"epochs": params["epochs"], "batch_size": params["batch_size"]},
        labels=[str(digit) for digit in range(10)],
    )


def network(params: dict[str, Any], examples: int) -> keras.Model:
    """A compiled network of `layers` hidden layers, behind convolutions where `model` asks for them."""
    pixels = keras.Input((64,))
    h = keras.layers.Reshape((8, 8, 1))(pixels)
    if params["shift"]:  # in training only: each image moves by up to this share of its side
        h = keras.layers.RandomTranslation(params["shift"], params["shift"], fill_mode="constant")(h)
    if params["model"] == "conv":
        h = convolutions(h)
    h = keras.layers.Flatten()(h)
    for _ in range(params["layers"]):
        h = hidden(h, params)
    model = keras.Model(pixels, keras.layers.Dense(10, activation="softmax")(h))
    model.compile(optimizer(params, examples), loss(params), metrics=["accuracy"])
    return model


def convolutions(h: Any) -> Any:
    """Two convolutions, each of which halves the image."""
    for filters in (16, 32):
        h = keras.layers.Conv2D(filters, 3, padding="same", activation="relu")(h)
        h = keras.layers.MaxPooling2D()(h)
    return h


def hidden(h: Any, params: dict[str, Any]) -> Any:
    """One hidden layer with what may stand around it."""
    h = keras.layers.Dense(params["width"], kernel_regularizer=keras.regularizers.L2(params["l2"]))(h)
    if params["batch_norm"]:
        h = keras.layers.BatchNormalization()(h)
    h = keras.layers.Activation(params["activation"])(h)
    return keras.layers.Dropout(params["dropout"])(h)


def optimizer(params: dict[str, Any], examples: int) -> keras.optimizers.Optimizer:
    """The optimiser by its name; its learning rate stands still or falls to 0 along a cosine."""
    rate = params["lr"]
    if params["schedule"] == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(
            rate, params["epochs"] * examples // params["batch_size"]
        )
    return keras.optimizers.get({"class_name": params["optimizer"], "config": {"learning_rate": rate}})


def loss(params: dict[str, Any]) -> Any:
    """Cross-entropy; smoothing needs one-hot labels, so they are made on the way."""
    if not params["label_smoothing"]:
        return "sparse_categorical_crossentropy"

    def smoothed(y: Any, p: Any) -> Any:
        labels = keras.ops.one_hot(keras.ops.reshape(y, (-1,)), 10)
        return keras.losses.categorical_crossentropy(labels, p, label_smoothing=params["label_smoothing"])

    return smoothed

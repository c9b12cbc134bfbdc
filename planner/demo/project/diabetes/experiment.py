"""How far will the illness have gone? The recipe: how params become a trial for the planner to run."""

from typing import Any

import keras
from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

from planner import Trial


def diabetes(params: dict[str, Any]) -> Trial:
    """A regression of the progression, 25 to 346, on ten measurements of a patient, built as `params` say."""
    x, y = load_diabetes(return_X_y=True, scaled=False)

    # One split for every run: seeds differ in the training alone, and every idea meets the same patients.
    x, xv, y, yv = train_test_split(x, y, test_size=200, random_state=0)
    mean, spread = x.mean(axis=0), x.std(axis=0)  # of the training data alone: validation must not leak
    return Trial(
        estimator(params, usual=y.mean()),
        train=((x - mean) / spread, y),
        validation=((xv - mean) / spread, yv),
        slices={"mild": yv < 100, "severe": yv > 200},
        fit={"epochs": params["epochs"], "batch_size": params["batch_size"]},
    )


def estimator(params: dict[str, Any], usual: float) -> Any:
    """A network, or what `model` asks for: whatever scikit-learn fits is judged by the same metric."""
    if params["model"] == "ridge":
        return Ridge()
    if params["model"] == "forest":
        return RandomForestRegressor(n_estimators=200, min_samples_leaf=5)
    return network(params, usual)


def network(params: dict[str, Any], usual: float) -> keras.Model:
    """A compiled network with one number out; it may start from the usual one."""
    measurements = keras.Input((10,))
    h = measurements
    for _ in range(params["layers"]):
        h = keras.layers.Dense(
            params["width"], "relu", kernel_regularizer=keras.regularizers.L2(params["l2"])
        )(h)
        h = keras.layers.Dropout(params["dropout"])(h)
    start = keras.initializers.Constant(usual if params["start"] == "mean" else 0.0)
    model = keras.Model(measurements, keras.layers.Dense(1, bias_initializer=start)(h))
    model.compile(keras.optimizers.Adam(params["lr"]), params["loss"], metrics=["mae"])
    return model

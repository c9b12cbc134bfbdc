"""A trial in facts: fingerprints of its data, what its model is made of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from planner.trial import Trial
from planner.worker import fingerprint
from planner.worker.data import arrays_of
from planner.worker.recipe import is_keras

LONGEST = 200
"""Characters of an estimator's own description."""


def data(trial: Trial) -> dict[str, object]:
    """For training and validation data the fingerprint of the arrays, or the kind of what yields batches."""
    return {name: _data(getattr(trial, name), name) for name in ("train", "validation")}


def _data(value: Any, name: str) -> dict[str, object] | None:
    if value is None:
        return None
    arrays = arrays_of(value, name)
    return {"kind": type(value).__name__} if arrays is None else fingerprint.of_arrays(arrays)


def model(subject: Any) -> dict[str, object]:
    """What the model is: its layers, size, optimiser and loss, or an estimator's class and parameters."""
    if not is_keras(subject):
        return {"class": type(subject).__name__, "parameters": subject.get_params(deep=False)}
    return {
        "class": type(subject).__name__,
        "name": subject.name,
        "weights": subject.count_params() if subject.built else None,
        "layers": dict(Counter(type(layer).__name__ for layer in subject.layers)),
        "optimizer": _settings_of(subject.optimizer),
        "loss": _name_of(subject.loss),
        "jit_compile": bool(subject.jit_compile),
        "run_eagerly": bool(subject.run_eagerly),
        "steps_per_execution": subject.steps_per_execution,
    }


def _settings_of(optimizer: Any) -> dict[str, object] | None:
    """An optimiser's settings; only its class where one of the project's own can't say them."""
    if optimizer is None:
        return None
    try:
        return {"class": type(optimizer).__name__, **optimizer.get_config()}
    except NotImplementedError:
        return {"class": type(optimizer).__name__}


def _name_of(loss: Any) -> str:
    return loss if isinstance(loss, str) else getattr(loss, "name", None) or type(loss).__name__

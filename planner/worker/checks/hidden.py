"""Weights that a model computes with, and that Keras does not know as its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays


def hidden(model: Any, again: Callable[[], Any], batch: Arrays) -> tuple[int, ...] | None:
    """The shape of the first such weight that is freshly drawn; None without one, or where it can't be told.

    `again` builds the model with another seed: what is the same there was learnt elsewhere.
    """
    if keras.config.backend() != "tensorflow" or not (ours := _foreign(model, batch)):
        return None
    theirs = _foreign(again(), batch)
    drawn = [
        tuple(one.shape)
        for one, other in zip(ours, theirs, strict=False)
        if one.shape == other.shape and not np.array_equal(one, other)
    ]
    return drawn[0] if len(ours) == len(theirs) and drawn else None


def _foreign(model: Any, batch: Arrays) -> list[Any]:
    """The values of trainable weights at work in an answer that are not the model's."""
    import tensorflow

    with tensorflow.GradientTape() as tape:
        model(batch.x, training=False)
    own = {id(variable.value) for variable in model.variables}
    return [np.asarray(variable) for variable in tape.watched_variables() if id(variable) not in own]

"""What each layer of a model gives out, to find the first that lets nothing through."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from planner.worker.checks.subject import Subject, floats
from planner.worker.data import leaves

MANY = 2_000_000
"""Numbers of one output that are looked at, at most."""


def first_dead(subject: Subject, *, training: bool = False) -> str:
    """The first layer that gives the same to every example, in a sentence; empty where none does."""
    batch = subject.few[0]
    if len(batch) < 2:
        return ""
    with _listening(subject.model) as heard:
        subject.answers(batch, training=training)
    for layer, given in heard:
        if _is_dead(given):
            value = "0" if not given.any() else "the same"
            return f"{layer.name} ({type(layer).__name__}) gives {value} for every example"
    return ""


def _is_dead(given: Any) -> bool:
    """Whether all examples get the same, be it within rounding."""
    spread = np.max(given, axis=0) - np.min(given, axis=0)
    return bool(np.max(spread, initial=0.0) <= 1e-7 * max(1.0, float(np.max(np.abs(given), initial=0.0))))


@contextlib.contextmanager
def _listening(model: Any) -> Iterator[list[tuple[Any, Any]]]:
    """Within the block each call of a layer that has no parts is noted with what it gave, in order."""
    heard: list[tuple[Any, Any]] = []
    layers = [
        layer for layer in model._flatten_layers() if not any(layer._flatten_layers(include_self=False))
    ]

    def overhear(layer: Any) -> None:
        call = layer.call

        def listened(*args: Any, **kwargs: Any) -> Any:
            given = call(*args, **kwargs)
            heard.extend((layer, array) for array in _arrays(given))
            return given

        vars(layer)["call"] = listened  # past Keras's own bookkeeping of attributes

    for layer in layers:
        overhear(layer)
    try:
        yield heard
    finally:
        for layer in layers:
            vars(layer).pop("call", None)


def _arrays(given: Any) -> list[Any]:
    found = [floats(leaf) for leaf in leaves(given) if hasattr(leaf, "shape") and len(leaf.shape) > 1]
    return [array for array in found if array.size <= MANY and len(array) > 1]

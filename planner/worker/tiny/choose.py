"""Which few examples are to be learnt by heart: some of every class, no input twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves

FEW = 32
"""Examples to learn by heart where the model has room for them."""
CLASSES = 200
"""Kinds of label that are still classes; more are numbers."""


def few(pool: Arrays, many: int) -> Any:
    """Places (many,) of examples spread evenly over the classes or the range of the labels."""
    fresh = _first_of_each(pool)
    kinds = kinds_of(leaves(pool.y)[0])[fresh]
    order = fresh[_in_turn(kinds)]
    return np.sort(order[:many])


def kinds_of(labels: Any) -> Any:
    """(n,) whole numbers: the class of each example, or for numbers the fifth of their range by rank."""
    flat = as_classes(labels)
    if flat is not None:
        return flat
    values = np.asarray(labels).reshape(len(labels), -1)
    if values.dtype.kind not in "biuf" or values.shape[1] > 64:
        return np.zeros(len(labels), dtype=int)
    ranks = values[:, 0].argsort(kind="stable").argsort(kind="stable")
    return ranks * 5 // max(1, len(ranks))


def as_classes(labels: Any) -> Any:
    """(n,) numbers of classes from whole numbers, names or one-hot rows; None where labels are no classes."""
    values = np.asarray(labels)
    if values.ndim == 2 and values.shape[1] > 1:
        return values.argmax(axis=1) if is_one_hot(values) else None
    if values.ndim > 2 or (values.ndim == 2 and values.shape[1] != 1):
        return None
    values = values.reshape(-1)
    if values.dtype.kind == "f" and not np.array_equal(values, np.rint(values)):
        return None
    found, places = np.unique(values, return_inverse=True)
    most = min(CLASSES, max(2, len(values) // 3))
    return places.reshape(-1) if len(found) <= most else None


def is_one_hot(values: Any) -> bool:
    """Whether rows (n, k) are shares of classes that sum to 1."""
    if values.dtype.kind not in "biuf":
        return False
    return bool((values >= 0).all() and np.allclose(values.sum(axis=-1), 1, atol=1e-3))


def fingerprints(x: Any) -> list[bytes]:
    """One hash for each example's input."""
    # A zero may have a sign, which says nothing.
    columns = [np.ascontiguousarray(leaf + 0 if leaf.dtype.kind == "f" else leaf) for leaf in leaves(x)]
    return [
        b"|".join(
            str(leaf[row]).encode() if leaf.dtype.hasobject else leaf[row].tobytes() for leaf in columns
        )
        for row in range(len(columns[0]))
    ]


def distinct(pool: Arrays) -> int:
    """How many different inputs there are."""
    return len(_first_of_each(pool))


def _first_of_each(pool: Arrays) -> Any:
    """Places of the examples whose input no earlier one has."""
    first: dict[bytes, int] = {}
    for place, mark in enumerate(fingerprints(pool.x)):
        first.setdefault(mark, place)
    return np.asarray(sorted(first.values()))


def _in_turn(kinds: Any) -> Any:
    """An order in which every kind comes once before any comes twice, and so on."""
    turn = np.zeros(len(kinds), dtype=int)
    for kind in np.unique(kinds):
        own = np.flatnonzero(kinds == kind)
        turn[own] = np.arange(len(own))
    return np.lexsort((kinds, turn))

"""Is there anything to learn at all? Denied only where whatever could show it does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.tiny.association import columns, dependence, neighbourhood, products, strongest
from planner.worker.tiny.choose import as_classes
from planner.worker.tiny.evidence import labels_as_rows

STUDIED = 200
"""Other training examples, half of them studied and half asked, without which nothing is denied."""
VALIDATED = 60
"""Validation examples without which it is not."""
SECOND = 20
"""Of them that the second most frequent class must have."""
FEW = 32
"""Columns of an input up to which products of two of them are looked at."""
SOME = 512
"""Columns of an input up to which each is looked at by itself."""
ONES = 16
"""Columns of the labels up to which they are."""


def tellable(rest: Arrays, validation: Arrays) -> bool:
    """Whether there are enough examples, of more than one class, for their silence to mean anything."""
    if len(rest) < STUDIED or len(validation) < VALIDATED:
        return False
    return all(_varied(leaf) for part in (rest, validation) for leaf in leaves(part.y))


def association_at_all(*sets: Arrays) -> float:
    """By how many standard deviations inputs go with labels in any set or in all, in the best of ways."""
    return max(_most(examples) for examples in (*sets, reduce(_joined, sets)))


def _most(examples: Arrays) -> float:
    features = columns(leaves(examples.x))
    labels = [*labels_as_rows(examples.y), *_in_order(examples.y)]
    return max((found for rows in labels for found in _ways(features, rows)), default=0.0)


def _in_order(y: Any) -> Iterator[Any]:
    """Single numbers by rank, equal ones alike, also where they are so few that they pass for classes."""
    for leaf in leaves(y):
        values = np.asarray(leaf)
        if values.dtype.kind in "biuf" and values.reshape(len(values), -1).shape[1] == 1:
            yield np.unique(values, return_inverse=True)[1].reshape(-1, 1).astype(float)


def _ways(features: Any, rows: Any) -> Iterator[float]:
    """By the nearest examples, by all columns of the inputs together, and by the best of them alone."""
    if not np.ptp(rows, axis=0).any():
        return
    yield neighbourhood(features, rows)[0]
    yield dependence(features, rows)
    if features.shape[1] <= SOME and rows.shape[1] <= ONES:
        yield strongest(products(features) if features.shape[1] <= FEW else features, rows)


def _varied(labels: Any) -> bool:
    """Whether the second most frequent class is no rarity; of several answers, whether one is none."""
    values = np.asarray(labels)
    classes = as_classes(values)
    if classes is not None:
        counts = np.sort(np.bincount(classes))
        return len(counts) > 1 and int(counts[-2]) >= SECOND
    if values.ndim == 2 and values.dtype.kind in "biuf" and set(np.unique(values)) <= {0, 1}:
        return bool(np.minimum(values.sum(axis=0), (1 - values.astype(float)).sum(axis=0)).max() >= SECOND)
    return True


def _joined(one: Arrays, other: Arrays) -> Arrays:
    def joined(left: Any, right: Any) -> Any:
        if isinstance(left, dict):
            return {key: joined(left[key], right[key]) for key in left}
        if isinstance(left, list):
            return [joined(*pair) for pair in zip(left, right, strict=True)]
        return np.concatenate([left, right])

    return Arrays(joined(one.x, other.x), joined(one.y, other.y))

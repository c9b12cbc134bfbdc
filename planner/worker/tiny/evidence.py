"""Ways to tell from the data alone, or beside the baseline's, that labels do not belong to their inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.tiny.association import columns, dependence, neighbourhood, ranks
from planner.worker.tiny.choose import as_classes, fingerprints

CERTAIN = 6.0
"""Deviations from chance at which a question is taken to have an answer."""
CHANCE = 3.0
"""Deviations within which something is taken for chance."""
LITTLE = 0.25
"""Share of what the validation labels show below which the training labels show nothing."""
AMONG = 300
"""Examples of each that are looked at for it."""
APART = 0.2
"""Share of neighbours of one's own from which on two sets of inputs are of different kinds."""
RECUR = 0.01
"""Share of the inputs that may come again by chance: random numbers that start anew at each walk."""
FEWEST = 30
"""Examples without which data say nothing."""
OTHERWISE = 0.3
"""How far labels of two sets may lie apart, as the share of one that has them and of the other has not."""


def other_labels(one: Arrays, other: Arrays) -> bool | None:
    """Whether the inputs that both have, have labels in one that say nothing of those in the other.

    None where there are too few of them, or labels that can't be compared.
    """
    here, there = _by_input(one), _by_input(other)
    both = [mark for mark in here if mark in there]
    if len(both) < FEWEST:
        return None
    left = one.take([here[mark] for mark in both])
    right = other.take([there[mark] for mark in both])
    pairs = list(zip(labels_as_rows(left.y), labels_as_rows(right.y), strict=False))
    if not pairs or not all(_varies(a) and _varies(b) for a, b in pairs):
        return None
    return all(not np.array_equal(a, b) and dependence(a, b) < CHANCE for a, b in pairs)


def recur(one: Arrays, again: Arrays) -> bool:
    """Whether inputs come again; where next to none do they are augmented, and say less than clean ones."""
    before = set(fingerprints(one.x))
    return sum(mark in before for mark in fingerprints(again.x)) > RECUR * len(again)


def alike(one: Arrays, other: Arrays) -> bool:
    """Whether inputs of one lie among those of the other: of the same kind, only other examples."""
    many = min(len(one), len(other), AMONG)
    if many < FEWEST:
        return False
    pairs = zip(leaves(one.x), leaves(other.x), strict=True)
    together = [np.concatenate([left[:many], right[:many]]) for left, right in pairs]
    whose = np.eye(2)[np.arange(2 * many) // many]
    return neighbourhood(columns(together), whose)[1] < APART


def like_labels(one: Arrays, other: Arrays) -> bool:
    """Whether labels come about as often in both; of data that come sorted by them only some are seen."""
    pairs = zip(leaves(one.y), leaves(other.y), strict=True)
    return all(_apart(np.asarray(left), np.asarray(right)) <= OTHERWISE for left, right in pairs)


def _apart(one: Any, other: Any) -> float:
    """By how much the shares of both up to a number, or a class in order, differ at most."""
    both = np.concatenate([one, other])
    values = as_classes(both)
    if values is None:
        if both.dtype.kind not in "biuf":
            return 0.0
        values = both.reshape(len(both), -1)[:, 0]
    parts = np.sort(values[: len(one)]), np.sort(values[len(one) :])
    ours, theirs = (np.searchsorted(part, values, "right") / len(part) for part in parts)
    return float(np.abs(ours - theirs).max())


def neighbours_tell(one: Arrays, other: Arrays) -> bool:
    """Whether like inputs have like labels in the second, and as by chance in the first."""
    many = min(len(one), len(other))
    if many < FEWEST:
        return False
    pairs = zip(_followed(one.take(slice(0, many))), _followed(other.take(slice(0, many))), strict=False)
    seen = [(own, theirs) for own, theirs in pairs if theirs[0] >= CERTAIN]
    return bool(seen) and all(own[0] < CHANCE and own[1] < LITTLE * theirs[1] for own, theirs in seen)


def follows_neighbours(examples: Arrays) -> bool:
    """Whether the labels of like inputs are alike far beyond chance."""
    return len(examples) >= FEWEST and any(found >= CERTAIN for found, _ in _followed(examples))


def _followed(examples: Arrays) -> Iterator[tuple[float, float]]:
    """For each output how far its labels agree with those of the nearest inputs."""
    features = columns(leaves(examples.x))
    for labels in labels_as_rows(examples.y):
        yield neighbourhood(features, labels) if _varies(labels) else (0.0, 0.0)


def _by_input(examples: Arrays) -> dict[bytes, int]:
    """The place of each input that occurs once."""
    marks = fingerprints(examples.x)
    places = {mark: place for place, mark in enumerate(marks)}
    seen: dict[bytes, int] = {}
    for mark in marks:
        seen[mark] = seen.get(mark, 0) + 1
    return {mark: place for mark, place in places.items() if seen[mark] == 1}


def labels_as_rows(y: Any) -> list[Any]:
    """Each output's labels as rows (n, k): classes one-hot, numbers by rank."""
    return [found for leaf in leaves(y) if (found := _rows(np.asarray(leaf))) is not None]


def _rows(leaf: Any) -> Any:
    classes = as_classes(leaf)
    if classes is not None:
        return np.eye(int(classes.max()) + 1)[classes]
    if leaf.dtype.kind not in "biuf":
        return None
    rows = leaf.reshape(len(leaf), -1).astype(np.float64)
    return ranks(rows) if rows.shape[1] <= 8 else rows[:, :: max(1, -(-rows.shape[1] // 1024))]


def _varies(rows: Any) -> bool:
    return bool(np.ptp(rows, axis=0).any())

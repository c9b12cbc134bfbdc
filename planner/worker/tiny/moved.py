"""Are the labels those of other places, in data whose neighbours in order have like labels?"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.worker.data import Arrays, arrays_of, leaves
from planner.worker.tiny.association import dependence
from planner.worker.tiny.choose import fingerprints
from planner.worker.tiny.evidence import CERTAIN, FEWEST, labels_as_rows
from planner.worker.tiny.pool import NoExamples, solid

FIRST = 1000
"""Examples that are looked at, in their order."""
FAR = 50
"""Places by which labels may have moved, at most."""
ALMOST_ALL = 0.95
"""Share of the labels that must be those of the other place."""
FEW = 0.6
"""Share of them that may be those of their own place as well."""


def in_order(data: Any, name: str) -> Arrays | None:
    """The first examples of arrays, as they stand; None where they can't be had."""
    try:
        arrays = arrays_of(data, name)
        return None if arrays is None or not leaves(arrays.y) else solid(arrays.take(slice(0, FIRST)))
    except NoExamples:
        return None


def run_on(examples: Arrays) -> bool:
    """Whether each label says something of the next."""
    if len(examples) < 2 * FEWEST:
        return False
    return any(dependence(rows[:-1], rows[1:]) >= CERTAIN for rows in labels_as_rows(examples.y))


def moved(ours: Arrays, theirs: Arrays) -> int:
    """By how many places our labels have moved against theirs, of the same inputs; 0 where they have not."""
    there = {mark: place for place, mark in enumerate(fingerprints(theirs.x))}
    places = np.array([there.get(mark, -1) for mark in fingerprints(ours.x)])
    own = np.flatnonzero(places >= 0)
    if len(own) < FEWEST or len(there) < len(theirs):
        return 0
    mine, other = _flat(ours.y), _flat(theirs.y)
    if mine is None or other is None or mine.shape[1] != other.shape[1]:
        return 0
    if _same(mine[own], other[places[own]]) > FEW:
        return 0
    for lag in sorted(range(-FAR, FAR + 1), key=abs):
        at = places[own] + lag
        inside = (at >= 0) & (at < len(other))
        if inside.sum() >= FEWEST and _same(mine[own][inside], other[at[inside]]) >= ALMOST_ALL:
            return lag
    return 0


def _same(one: Any, other: Any) -> float:
    return float((one == other).all(axis=1).mean())


def _flat(y: Any) -> Any:
    """(n, k) values of a single output; None of several."""
    found = leaves(y)
    return found[0].reshape(len(found[0]), -1) if len(found) == 1 else None

"""The configurations of a grid: as fine as their number allows, on each axis evenly spread on its scale."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from math import prod

from planner.domain.sweep import Axis, Configuration
from planner.rules.sweeping.values import at, canonical, key_of, listed, size

FEWEST = 2
"""Values of a range that even the coarsest grid takes: its two ends."""
USUAL = 3
"""Values of a range where nobody says how many configurations there are to be."""
FEW = 10
"""Whole numbers that are all taken where nobody says how many configurations there are to be."""
FINEST = 200
"""Values of one axis beyond which no grid is made finer."""


def grid(axes: Sequence[Axis], most: int, known: Collection[str] = ()) -> list[Configuration]:
    """The finest grid with at most `most` configurations that are not `known` by their keys, without those.

    The coarsest one where even that has more. The first axis changes slowest.
    """
    return _fresh(axes, _finest(axes, most, known), known)


def grid_size(axes: Sequence[Axis], most: int) -> int:
    """How many configurations that grid has while none is known, without making any."""
    return _many(axes, _finest(axes, most, ()), ())


def least(axes: Sequence[Axis]) -> int:
    """How many configurations the coarsest grid has."""
    return prod(map(_fewest, axes))


def natural(axes: Sequence[Axis]) -> int:
    """How many configurations a grid has where nobody says: all choices and steps, three of a range."""
    return prod(map(_usual, axes))


def points(axis: Axis, many: int) -> list[object]:
    """So many values of an axis, evenly spread on its scale; fewer where rounding makes some the same."""
    if axis.choices:
        return list(axis.choices)
    if many == 1:
        return [at(axis, 0.5)]
    if axis.step is not None and size(axis) is not None:
        values = listed(axis)
        spread = [values[round(place * (len(values) - 1) / (many - 1))] for place in range(many)]
    else:
        spread = [at(axis, place / (many - 1)) for place in range(many)]
    return list({canonical(value): value for value in spread}.values())


def _finest(axes: Sequence[Axis], most: int, known: Collection[str]) -> list[int]:
    """How many values each axis has in the finest grid that has no more fresh ones than `most`."""
    counts = [_fewest(axis) for axis in axes]
    while (finer := _finer(axes, counts)) is not None and _many(axes, finer, known) <= most:
        counts = finer
    return counts


def _many(axes: Sequence[Axis], counts: Sequence[int], known: Collection[str]) -> int:
    if known:
        return len(_fresh(axes, counts, known))
    return prod(len(points(axis, many)) for axis, many in zip(axes, counts, strict=True))


def _fresh(axes: Sequence[Axis], counts: Sequence[int], known: Collection[str]) -> list[Configuration]:
    return [one for one in _all(axes, counts) if not known or key_of(one) not in known]


def _all(axes: Sequence[Axis], counts: Sequence[int]) -> Iterator[Configuration]:
    names = [axis.name for axis in axes]
    for values in product(*map(points, axes, counts)):
        yield dict(zip(names, values, strict=True))


def _finer(axes: Sequence[Axis], counts: Sequence[int]) -> list[int] | None:
    """One value more on the axis that has the fewest and can have more; None when none can."""
    growing = [place for place, axis in enumerate(axes) if counts[place] < _most(axis)]
    if not growing:
        return None
    fewest = min(growing, key=lambda place: counts[place])
    return [many + (place == fewest) for place, many in enumerate(counts)]


def _usual(axis: Axis) -> int:
    if axis.choices or axis.step is not None or _most(axis) <= FEW:
        return _most(axis)
    return max(_fewest(axis), USUAL)


def _fewest(axis: Axis) -> int:
    if axis.choices:
        return len(axis.choices)
    return min(_most(axis), axis.points or FEWEST)


def _most(axis: Axis) -> int:
    many = size(axis)
    if axis.choices:
        return len(axis.choices)
    return min(axis.points or FINEST, FINEST if many is None else many)

"""Where the next round of a sweep looks: around the best configurations so far.

The best fifth of the configurations, and at least three, have a lowest and a highest value on each axis.
A range becomes what lies between the two, with one step of margin on either side, never outside it.
A step is the width of the old range, on its scale, divided by how many different values were tried on it.
Of choices, those remain that are among the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor
from typing import cast

from planner.domain.goal import Goal
from planner.domain.mistake import NothingToDo
from planner.domain.sweep import Axis, Sweep, Tried
from planner.rules.sweeping.proposing import fits
from planner.rules.sweeping.values import ROUNDING, at, canonical, ends, share_of, short, tidied

SHARE = 5
"""One in so many configurations counts as one of the best."""
FEWEST = 3
"""So many of them at least."""
EXACT = 10
"""Significant digits that binary fractions have right."""


def narrowed(sweep: Sweep, configurations: Sequence[Tried], goal: Goal, since: int) -> Sweep:
    """The sweep's next round, whose first configuration has the number `since`.

    NothingToDo where too few have a value, or where nothing would become narrower.
    """
    inside = [one for one in configurations if one.value is not None and fits(sweep, one.values)]
    if len(inside) <= FEWEST:
        raise NothingToDo(
            f"{len(inside)} configurations have a value; more than {FEWEST} are needed to tell where to look"
        )
    inside.sort(key=lambda one: (-goal.sign * cast(float, one.value), one.number))
    top = inside[: max(FEWEST, ceil(len(inside) / SHARE))]
    axes = tuple(_narrower(axis, _values(axis, top), _step(axis, inside)) for axis in sweep.axes)
    if axes == sweep.axes:
        raise NothingToDo(
            "the best configurations lie all over the ranges, so there is nothing to narrow; "
            "`--more N` tries further ones"
        )
    return replace(sweep, axes=axes, round=sweep.round + 1, since=since)


def _values(axis: Axis, configurations: Sequence[Tried]) -> list[object]:
    return [one.values[axis.name] for one in configurations]


def _step(axis: Axis, configurations: Sequence[Tried]) -> float:
    """The share of a range that lies between two values which were tried."""
    return 1 / max(2, len(set(map(canonical, _values(axis, configurations)))))


def _narrower(axis: Axis, values: Sequence[object], margin: float) -> Axis:
    if axis.choices:
        good = set(map(canonical, values))
        return replace(axis, choices=tuple(one for one in axis.choices if canonical(one) in good))
    low, high = ends(axis)
    if low == high:
        return axis
    numbers = [float(cast(float, value)) for value in values]
    shares = [share_of(axis, number) for number in numbers]
    first, last = _outwards(axis, max(0.0, min(shares) - margin), min(1.0, max(shares) + margin))
    # Rounding must not leave out the very values that it is narrowed around.
    first, last = max(low, min(first, *numbers)), min(high, max(last, *numbers))
    if first == last:
        return Axis(name=axis.name, choices=(tidied(axis, first),), nuisance=axis.nuisance)
    return replace(axis, low=first, high=last)


def _outwards(axis: Axis, first: float, last: float) -> tuple[float, float]:
    """The two ends of a stretch as values of the axis, rounded away from each other."""
    low, high = ends(axis)
    step = axis.step or (1.0 if axis.whole else None)
    if step is None:
        return cast(float, at(axis, first)), cast(float, at(axis, last))
    smooth = replace(axis, step=None, whole=False)
    down = floor((cast(float, at(smooth, first)) - low) / step + ROUNDING)
    up = ceil((cast(float, at(smooth, last)) - low) / step - ROUNDING)
    return short(low + down * step, EXACT), min(high, short(low + up * step, EXACT))

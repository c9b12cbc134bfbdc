"""The configuration that the cheap rungs look at: near the baseline, and another one on every axis."""

from __future__ import annotations

from typing import cast

from planner.domain.sweep import Axis, Configuration, Sweep
from planner.rules.sweeping.values import at, canonical, is_number, listed, share_of, size

AWAY = 0.1
"""Share of a range, on its scale, that the probe lies away from the baseline's own value."""


def probe(sweep: Sweep, params: dict[str, object]) -> Configuration:
    """A value for each axis: next to that of the baseline's `params`, or the middle where it has none.

    Whether a param has any effect shows only where its value is another one.
    """
    return {axis.name: _near(axis, params.get(axis.name)) for axis in sweep.axes}


def _near(axis: Axis, value: object) -> object:
    many = size(axis)
    if axis.choices or (many is not None and many <= 1 / AWAY):
        return _neighbour(listed(axis), value)
    if not is_number(value):
        return at(axis, 0.5)
    share = share_of(axis, float(cast(float, value)))
    if not 0 <= share <= 1:
        return at(axis, share)
    return at(axis, share + AWAY if share <= 0.5 else share - AWAY)


def _neighbour(values: list[object], value: object) -> object:
    """The nearest of the other values; of words the first."""
    others = [one for one in values if canonical(one) != canonical(value)] or values
    if not is_number(value) or not all(map(is_number, others)):
        return others[0]
    return min(others, key=lambda one: abs(float(cast(float, one)) - float(cast(float, value))))

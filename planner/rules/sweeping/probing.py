"""The configurations that the cheap rungs look at: near the baseline, and others than it on every axis."""

from __future__ import annotations

from typing import cast

from planner.domain.sweep import Axis, Configuration, Sweep
from planner.rules.sweeping.values import at, canonical, is_number, listed, share_of, size

AWAY = 0.1
"""Share of a range, on its scale, that the probe lies away from the baseline's own value."""


def probe(sweep: Sweep, params: dict[str, object], *, second: bool = False) -> Configuration:
    """A value for each axis: next to that of the baseline's `params`, or the middle where it has none.

    Whether a param has any effect shows only where its value is another one. The `second` is another
    configuration, for where the first may have been a bad one; the same where there is no other.
    """
    return {axis.name: _near(axis, params.get(axis.name), second) for axis in sweep.axes}


def _near(axis: Axis, value: object, second: bool) -> object:
    many = size(axis)
    if axis.choices or (many is not None and many <= 1 / AWAY):
        return _neighbour(listed(axis), value, second)
    found = [_away(axis, value, steps) for steps in (1, 2)]
    if many is not None and len({canonical(one) for one in (value, *found)}) <= len(found):
        return _neighbour(listed(axis), value, second)  # small whole numbers lie far apart on a log scale
    return found[1 if second else 0]


def _away(axis: Axis, value: object, steps: int) -> object:
    """The value so many steps away; of one that lies outside of a range, its end is the first step."""
    share = share_of(axis, float(cast(float, value))) if is_number(value) else 0.5 - AWAY
    if not 0 <= share <= 1:
        return at(axis, abs(min(1.0, max(0.0, share)) - AWAY * (steps - 1)))
    return at(axis, share + (AWAY if share <= 0.5 else -AWAY) * steps)


def _neighbour(values: list[object], value: object, second: bool) -> object:
    """The nearest of the other values, or the next to it; of words the first."""
    others = [one for one in values if canonical(one) != canonical(value)] or values
    if is_number(value) and all(map(is_number, others)):
        others = sorted(others, key=lambda one: abs(float(cast(float, one)) - float(cast(float, value))))
    return others[min(1, len(others) - 1) if second else 0]

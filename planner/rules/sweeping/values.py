"""The values an axis can take, and when two configurations are the same."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, floor, log, log10
from typing import cast

from planner.domain.sweep import Axis, Configuration

DIGITS = 4
"""Significant digits of a value between two ends: more would only look precise."""
LISTED = 10_000
"""Whole numbers and steps of one axis that are told one by one."""
ROUNDING = 1e-9
"""Share of a step by which binary fractions may miss a value."""


def canonical(value: object) -> str:
    """A text that is the same for equal JSON values, `1` and `1.0` among them, and for no others."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    return repr(value)


def size(axis: Axis) -> int | None:
    """How many values an axis has; None where there are more than anybody would list."""
    if axis.choices:
        return len(axis.choices)
    low, high = ends(axis)
    if axis.step is None and not axis.whole:
        return 1 if low == high else None
    many = 1 + floor((high - low) / (axis.step or 1.0) + ROUNDING)
    return many if many <= LISTED else None


def listed(axis: Axis) -> list[object]:
    """Every value of an axis that has a `size`, in order."""
    many = size(axis)
    assert many is not None, axis
    return [value_at(axis, place) for place in range(many)]


def value_at(axis: Axis, place: int) -> object:
    """One of the values of an axis that has a `size`, by its place from 0."""
    return axis.choices[place] if axis.choices else _stepped(axis, place)


def combinations(axes: Sequence[Axis]) -> int | None:
    """How many configurations there are in all; None where nobody could count them."""
    product = 1
    for axis in axes:
        many = size(axis)
        if many is None:
            return None
        product *= many
    return product


def at(axis: Axis, share: float) -> object:
    """The value of a range that lies so far, 0 to 1, between its ends on its scale."""
    low, high = ends(axis)
    if share <= 0 or share >= 1:
        return tidied(axis, low if share <= 0 else high)
    if axis.log:
        return tidied(axis, exp(log(low) + share * (log(high) - log(low))))
    return tidied(axis, low + share * (high - low))


def share_of(axis: Axis, value: float) -> float:
    """How far a value lies between the ends of a range on its scale; below 0 and above 1 outside of them."""
    low, high = ends(axis)
    if low == high:
        return 0.0 if value == low else (value > low) * 2.0 - 1.0 + (value > low)
    if not axis.log:
        return (value - low) / (high - low)
    return -1.0 if value <= 0 else (log(value) - log(low)) / (log(high) - log(low))


def tidied(axis: Axis, value: float) -> object:
    """The value of a range that is nearest to a number, as a person would write it."""
    low, high = ends(axis)
    held = min(high, max(low, value))
    if axis.step is not None:
        many = floor((high - low) / axis.step + ROUNDING)
        return _stepped(axis, min(many, round((held - low) / axis.step)))
    if axis.whole:
        return round(held)
    if held in (low, high) or held == 0:
        return held
    finest = min(abs(held), high - low)  # a narrow range far from 0 needs more digits
    return min(high, max(low, round(held, DIGITS - 1 - floor(log10(finest)))))


def short(value: float, digits: int = DIGITS) -> float:
    """A number with so many significant digits."""
    return value if value == 0 else round(value, digits - 1 - floor(log10(abs(value))))


def ends(axis: Axis) -> tuple[float, float]:
    """The lowest and the highest value of a range."""
    assert axis.low is not None, axis
    assert axis.high is not None, axis
    return axis.low, axis.high


def holds(axis: Axis, value: object) -> bool:
    """Whether the axis has this value."""
    if axis.choices:
        return canonical(value) in map(canonical, axis.choices)
    low, high = ends(axis)
    if not is_number(value) or not low <= cast(float, value) <= high:
        return False
    any_value = axis.step is None and not axis.whole
    return any_value or canonical(tidied(axis, cast(float, value))) == canonical(value)


def is_number(value: object) -> bool:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def key_of(values: Configuration) -> str:
    """A text by which a configuration is known: the same for the same values, whatever their order."""
    return canonical(values)


def _stepped(axis: Axis, place: int) -> object:
    """The value so many steps above the lowest, without the digits that only binary fractions have."""
    value = ends(axis)[0] + place * (axis.step or 1.0)
    return round(value) if axis.whole else float(f"{value:.10g}")

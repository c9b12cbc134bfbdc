"""The best configuration of a sweep, and the best one for each value of each param."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from planner.domain.goal import Goal
from planner.domain.sweep import Axis, End, Part, Sweep, Tried
from planner.rules.sweeping.values import (
    ROUNDING,
    at,
    canonical,
    ends,
    is_number,
    listed,
    share_of,
    short,
    size,
)

STRETCHES = 4
"""Parts that a range is told in."""
ONE_BY_ONE = 10
"""Values of an axis that are told one by one."""


def best(configurations: Sequence[Tried], goal: Goal, params: dict[str, object]) -> Tried | None:
    """The one with the best value; of several, the one that changes the fewest of the baseline's `params`.

    None while none has a value.
    """
    with_value = [one for one in configurations if one.value is not None]
    if not with_value:
        return None
    return min(
        with_value,
        key=lambda one: (-goal.sign * cast(float, one.value), changes(one, params), one.number),
    )


def changes(one: Tried, params: dict[str, object]) -> int:
    """How many of the baseline's params a configuration changes."""
    return sum(
        name not in params or canonical(params[name]) != canonical(value)
        for name, value in one.values.items()
    )


def edges(one: Tried, configurations: Sequence[Tried]) -> dict[str, End]:
    """The params of which it has the lowest or the highest number tried, where others were tried too."""
    found: dict[str, End] = {}
    for name, value in one.values.items():
        numbers = {each.values.get(name) for each in configurations if is_number(each.values.get(name))}
        if is_number(value) and len(numbers) > 1:
            lowest, highest = min(numbers, key=_number), max(numbers, key=_number)
            if value in (lowest, highest):
                found[name] = "lowest" if value == lowest else "highest"
    return found


def _number(value: object) -> float:
    return float(cast(float, value))


def parts(sweep: Sweep, configurations: Sequence[Tried], goal: Goal) -> tuple[Part, ...]:
    """What was tried along each axis, and the best there over all other params; in the order of the axes."""
    return tuple(part for axis in sweep.axes for part in _along(axis, configurations, goal))


def _along(axis: Axis, configurations: Sequence[Tried], goal: Goal) -> Iterator[Part]:
    for label, here in _split(axis, configurations):
        top = best(here, goal, {})
        yield Part(
            axis=axis.name,
            label=label,
            tried=len(here),
            best=top.value if top else None,
            config=top.number if top else None,
        )


def _split(axis: Axis, configurations: Sequence[Tried]) -> Iterator[tuple[str, list[Tried]]]:
    """The configurations by value where an axis has few, else by stretches of equal width on its scale."""
    many = size(axis)
    if many is not None and many <= ONE_BY_ONE:
        for value in listed(axis):
            known = canonical(value)
            yield told(value), [one for one in configurations if canonical(one.values[axis.name]) == known]
        return
    edges = [at(axis, place / STRETCHES) for place in range(STRETCHES + 1)]
    for place in range(STRETCHES):
        here = [one for one in configurations if _stretch(axis, one.values[axis.name]) == place]
        yield f"{told(edges[place])}..{told(edges[place + 1])}", here


def _stretch(axis: Axis, value: object) -> int | None:
    """The stretch that a value lies in; None where it lies outside the range."""
    if not is_number(value):
        return None
    low, high = ends(axis)
    number = cast(float, value)
    if not low <= number <= high:
        return None
    return min(STRETCHES - 1, int(share_of(axis, number) * STRETCHES + ROUNDING))


def told(value: object) -> str:
    """A value as a person would type it."""
    if isinstance(value, float):
        return f"{short(value):g}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)

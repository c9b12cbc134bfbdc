"""The configurations of a sweep in an order: best first, as they were tried, or along a param."""

from __future__ import annotations

from planner.domain.goal import Goal
from planner.domain.sweep import Axis, Tried
from planner.rules.sweeping.swept import Swept
from planner.rules.sweeping.values import canonical, is_number

BEST, NUMBER = "best", "number"
"""Orders beside those along a param."""


def orders(found: Swept) -> tuple[str, ...]:
    """Every order there is: the best first, by number, and along each param, by its name."""
    return BEST, NUMBER, *(name for name in found.sweep.names if name not in (BEST, NUMBER))


def ordered(found: Swept, goal: Goal, by: str = BEST) -> tuple[Tried, ...]:
    """The configurations in an order; those without a value come last where the best come first."""
    if by == NUMBER:
        return found.tried
    axis = next((each for each in found.sweep.axes if each.name == by), None)
    if axis is not None:
        return tuple(sorted(found.tried, key=lambda one: (*_place(axis, one.values[by]), one.number)))
    top = found.best.number if found.best else None
    return tuple(sorted(found.tried, key=lambda one: (*_worth(one, goal), one.number != top, one.number)))


def place(found: Swept, one: Tried, goal: Goal) -> int | None:
    """Where a configuration stands among those with a value, from 1; None without one."""
    if one.value is None:
        return None
    return 1 + [each.number for each in ordered(found, goal)].index(one.number)


def _worth(one: Tried, goal: Goal) -> tuple[bool, float]:
    return one.value is None, 0.0 if one.value is None else -goal.sign * one.value


def _place(axis: Axis, value: object) -> tuple[int, float]:
    """Numbers by size; anything else as its choices were typed, and last what is no longer among them."""
    if is_number(value) and isinstance(value, int | float):
        return 0, float(value)
    known = [canonical(choice) for choice in axis.choices]
    return (1, known.index(canonical(value))) if canonical(value) in known else (2, 0)

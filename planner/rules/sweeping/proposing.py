"""The configuration that a sweep tries next, from those it has tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import cast

from planner.domain.goal import Goal
from planner.domain.sweep import Axis, Configuration, Sweep, Tried
from planner.rules.sweeping.drawing import drawn, spent
from planner.rules.sweeping.grid import grid
from planner.rules.sweeping.values import canonical, ends, holds, is_number, key_of, size, tidied, value_at

DRAWN_FIRST = 10
"""Configurations that TPE draws at random before it looks at what they came to, at most."""
DRAWN_SHARE = 3
"""One in so many configurations is drawn at random, where there are few."""

Dimension = dict[str, object]
"""An axis as the searcher sees it: `kind`, and the numbers of that kind; see `searcher.tpe`."""


Numbers = Mapping[str, object]
"""What the searcher answers: a number for each axis, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the searcher is asked; JSON values alone."""

    dimensions: dict[str, Dimension]
    """The axes by name."""
    past: tuple[dict[str, object], ...]
    """Earlier configurations: `at`, a number for each axis, `state`, and `value` where there is one."""
    direction: str
    """`max` or `min`."""
    seed: int
    """What its choice follows from, besides the past."""


def proposed(
    sweep: Sweep, tried: Sequence[Tried], goal: Goal, answer: Numbers | None = None
) -> Configuration | Question | None:
    """The next configuration, what to ask to find it, or None when the round is at its end.

    `tried` are all that are known, of every round. `answer` is what the searcher said to the question that
    this very call would ask; one that is known already, or is none, gives way to one drawn at random.
    """
    known = {key_of(one.values) for one in tried}
    if sum(one.number >= sweep.since for one in tried) >= sweep.configs or spent(sweep.axes, known):
        return None
    if sweep.method == "grid":
        before = {key_of(one.values) for one in tried if one.number < sweep.since}
        return next(
            (one for one in grid(sweep.axes, sweep.configs, before) if key_of(one) not in known), None
        )
    if sweep.method == "tpe" and len(tried) >= drawn_first(sweep):
        if answer is None:
            return _question(sweep, tried, goal)
        found = answered(sweep, answer)
        if found is not None and key_of(found) not in known:
            return found
    return drawn(sweep, known)


def drawn_first(sweep: Sweep) -> int:
    """How many configurations TPE draws at random before it looks at what they came to."""
    return min(DRAWN_FIRST, max(1, sweep.configs // DRAWN_SHARE))


def answered(sweep: Sweep, answer: Numbers) -> Configuration | None:
    """The configuration at the searcher's numbers; None where they are none that it could have said."""
    found = {axis.name: _value(axis, answer.get(axis.name)) for axis in sweep.axes}
    return found if fits(sweep, found) else None


def fits(sweep: Sweep, values: Configuration) -> bool:
    """Whether every axis has its value of a configuration."""
    return values.keys() == set(sweep.names) and all(holds(axis, values[axis.name]) for axis in sweep.axes)


def _question(sweep: Sweep, tried: Sequence[Tried], goal: Goal) -> Question:
    past = [_past(sweep, one) for one in tried if fits(sweep, one.values)]
    return Question(
        dimensions={axis.name: _dimension(axis) for axis in sweep.axes},
        past=tuple(past),
        direction=goal.direction,
        seed=sweep.seed + len(tried),
    )


def _past(sweep: Sweep, one: Tried) -> dict[str, object]:
    """A configuration as the searcher sees it; one without a value is as bad as can be."""
    states = {"queued": "running", "running": "running", "finished": "finished"}
    where = {axis.name: _place(axis, one.values[axis.name]) for axis in sweep.axes}
    return {"at": where, "state": states.get(one.state, "failed"), "value": one.value}


def _dimension(axis: Axis) -> Dimension:
    many = size(axis)
    if axis.choices and not all(map(is_number, axis.choices)):
        return {"kind": "choice", "size": many}
    if many is not None and not (axis.whole and axis.step is None and not axis.choices):
        return {"kind": "steps", "size": many}
    low, high = ends(axis)
    return {"kind": "whole" if axis.whole else "range", "low": low, "high": high, "log": axis.log}


def _place(axis: Axis, value: object) -> object:
    """The searcher's number of a value: itself, or its place among the values in their order."""
    if _dimension(axis)["kind"] in ("whole", "range"):
        return value
    if axis.choices:
        return [canonical(one) for one in _in_order(axis)].index(canonical(value))
    return round((float(cast(float, value)) - ends(axis)[0]) / (axis.step or 1.0))


def _value(axis: Axis, place: object) -> object:
    """The value at the searcher's number; None for what is no number of this axis."""
    if not isinstance(place, int | float) or not isfinite(place):
        return None
    if _dimension(axis)["kind"] in ("whole", "range"):
        return tidied(axis, place)
    if not 0 <= int(place) < (size(axis) or 0):
        return None
    return _in_order(axis)[int(place)] if axis.choices else value_at(axis, int(place))


def _in_order(axis: Axis) -> list[object]:
    """The choices of an axis, numbers from the smallest up."""
    if all(map(is_number, axis.choices)):
        return sorted(axis.choices, key=lambda value: float(cast(float, value)))
    return list(axis.choices)

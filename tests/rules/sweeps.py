"""Axes and sweeps of every kind, for the tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.sweep import Axis, Configuration, Sweep, Tried
from planner.rules.sweeping.proposing import Numbers, Question, proposed
from planner.rules.sweeping.values import canonical, short

GOAL = Goal(metric="val_accuracy")

WORDS = st.text(alphabet="abcxyz01.,:-_=[]{}()\"' é…", min_size=1, max_size=8)
CHOICE = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(-1000, 1000),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: value + 0.0),
    WORDS,
    st.lists(st.integers(0, 512), min_size=1, max_size=3),
)


@st.composite
def ranges(draw: st.DrawFn, name: str = "x") -> Axis:
    """A range on any scale, of whole numbers or not, with a step or without."""
    whole = draw(st.booleans())
    if whole:
        low = float(draw(st.integers(-50, 2000)))
        high = low + draw(st.integers(1, 3000))
    else:
        low = short(draw(st.floats(-10, 100)), 3)
        high = short(low + draw(st.floats(0.01, 1000)), 6)
    axis = Axis(name=name, low=low + 0.0, high=high, whole=whole, log=draw(st.booleans()) and low > 0)
    if draw(st.booleans()):
        step = draw(st.integers(1, max(1, int(high - low)))) if whole else short((high - low) / 7, 2)
        axis = replace(axis, step=float(step), log=False)
    return replace(axis, points=draw(st.none() | st.integers(2, 9)))


@st.composite
def choices(draw: st.DrawFn, name: str = "x") -> Axis:
    """Some values to choose from."""
    values = draw(st.lists(CHOICE, min_size=1, max_size=5, unique_by=canonical))
    return Axis(name=name, choices=tuple(values))


def axes(name: str = "x") -> st.SearchStrategy[Axis]:
    """An axis of any kind."""
    return st.one_of(ranges(name), choices(name))


@st.composite
def spaces(draw: st.DrawFn) -> tuple[Axis, ...]:
    """One to three axes."""
    return tuple(draw(axes(f"p{place}")) for place in range(draw(st.integers(1, 3))))


def walked(
    sweep: Sweep,
    value: Callable[[Configuration], float | None],
    tried: tuple[Tried, ...] = (),
    ask: Callable[[Question], Numbers] | None = None,
) -> list[Tried]:
    """Every configuration that a sweep comes to, each with its value; None for one that fails."""
    found = list(tried)
    while True:
        step = proposed(sweep, found, GOAL)
        if isinstance(step, Question):
            assert ask is not None
            step = proposed(sweep, found, GOAL, ask(step))
        if step is None:
            return found
        assert isinstance(step, dict)
        came_to = value(step)
        state = "failed" if came_to is None else "finished"
        found.append(Tried(number=len(found), values=step, state=state, run=f"r{len(found)}", value=came_to))

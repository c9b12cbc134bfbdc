"""Where the next round of a sweep looks."""

from __future__ import annotations

from math import log10

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.mistake import NothingToDo
from planner.domain.sweep import Axis, Sweep
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.best import best
from planner.rules.sweeping.narrowing import narrowed
from planner.rules.sweeping.proposing import fits
from planner.rules.sweeping.values import canonical, combinations, ends, holds, listed, size
from tests.rules.sweeps import GOAL, spaces, walked


@settings(deadline=None, max_examples=30)
@given(spaces(), st.integers(0, 10))
def test_a_narrower_sweep_lies_within_the_old_one_and_holds_the_best(space, seed):
    one = Sweep(axes=space, method="random", configs=20, seed=seed)
    found = walked(one, lambda values: float(len(str(values)) % 11))
    try:
        narrower = narrowed(one, found, GOAL, len(found))
    except NothingToDo:
        return
    top = best(found, GOAL, {})
    assert top is not None
    assert fits(narrower, top.values)
    assert (narrower.round, narrower.since) == (2, len(found))
    for old, new in zip(one.axes, narrower.axes, strict=True):
        assert _lies_within(old, new), (old, new)
    before, after = combinations(space), combinations(narrower.axes)
    assert before is None or after is not None
    assert before is None or after <= before
    further = walked(narrower, lambda values: 1.0, tuple(found))
    assert len({str(sorted(each.values.items(), key=str)) for each in further}) == len(further)


def test_a_narrower_range_is_around_the_best_on_its_own_scale():
    one = sweep(["lr=1e-4..1", "w=16,32,64,128"], configs="36", method="random")
    found = walked(one, lambda values: -abs(log10(values["lr"]) + 2) - (values["w"] == 16))
    narrower = narrowed(one, found, GOAL, 36)
    assert narrower.axes[0].log
    low, high = ends(narrower.axes[0])
    assert 1e-3 < low < 0.01 < high < 0.1
    assert 16 not in narrower.axes[1].choices


def _lies_within(old: Axis, new: Axis) -> bool:
    """Whether every value of the new axis is one of the old."""
    if size(new) is not None and size(old) is not None:
        return {canonical(value) for value in listed(new)} <= {canonical(value) for value in listed(old)}
    return all(holds(old, value) for value in new.choices or ends(new))


def test_too_few_configurations_say_nothing_of_where_to_look():
    one = sweep(["lr=1e-4..1"], configs="3", method="random")
    with pytest.raises(NothingToDo, match="3 configurations have a value"):
        narrowed(one, walked(one, lambda values: 1.0), GOAL, 3)
    failing = sweep(["lr=1e-4..1"], configs="9", method="random")
    with pytest.raises(NothingToDo, match="0 configurations"):
        narrowed(failing, walked(failing, lambda values: None), GOAL, 9)

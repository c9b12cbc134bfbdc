"""Which configurations a sweep comes to: within its ranges, none twice, and always the same ones."""

from __future__ import annotations

from collections import Counter
from math import isclose, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.sweep import Axis, Sweep, Tried
from planner.rules.notation.axis import axis
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.best import best, parts
from planner.rules.sweeping.drawing import drawn
from planner.rules.sweeping.grid import grid, least, points
from planner.rules.sweeping.proposing import Question, answered, fits, proposed
from planner.rules.sweeping.values import canonical, combinations, holds, key_of, listed, size
from tests.rules.sweeps import GOAL, axes, spaces, walked

QUIET = settings(deadline=None, max_examples=30)


# -- the grid -------------------------------------------------------------------------------------


@QUIET
@given(spaces(), st.integers(1, 60))
def test_a_grid_is_as_fine_as_its_number_allows(space: tuple[Axis, ...], most: int):
    found = grid(space, most)
    assert len({key_of(one) for one in found}) == len(found)
    assert all(holds(axis, one[axis.name]) for one in found for axis in space)
    assert len(found) <= max(most, least(space))


def test_a_grid_on_a_log_scale_has_equal_factors():
    values = [float(str(value)) for value in points(axis("lr=1e-4..1e-1"), 4)]
    assert values == [1e-4, 1e-3, 1e-2, 1e-1]
    whole = points(axis("width=16..1024"), 4)
    assert whole == [16, 64, 256, 1024]


def test_a_grid_takes_the_points_it_is_told_to():
    found = grid((axis("lr=1e-4..1e-1:4points"), axis("width=32,64")), 1000)
    assert len(found) == 8


def test_more_of_a_grid_is_a_finer_grid_without_what_is_known():
    space = (axis("lr=1e-4..1e-1"),)
    first = grid(space, 4)
    known = {key_of(one) for one in first}
    more = grid(space, 3, known)
    assert more
    assert len(more) <= 3
    assert not known & {key_of(one) for one in more}


# -- at random ------------------------------------------------------------------------------------


@QUIET
@given(axes())
def test_every_draw_is_a_value_of_its_axis(one: Axis):
    space = Sweep(axes=(one,), configs=30)
    known: set[str] = set()
    for _ in range(10):
        values = drawn(space, known)
        if values is None:
            assert len(known) == size(one)
            return
        assert fits(space, values)
        assert one.whole is False or isinstance(values[one.name], int)
        known.add(key_of(values))


def test_draws_are_spread_evenly_on_their_scale():
    many = Sweep(axes=(axis("lr=1e-4..1e-1"), axis("n=1..4"), axis("act=relu,gelu")), configs=1000)
    known: set[str] = set()
    found = []
    for _ in range(200):
        one = drawn(many, known)
        assert one is not None
        known.add(key_of(one))
        found.append(one)
    decades = Counter(int((log(float(str(one["lr"])) / 1e-4) / log(10)) // 1) for one in found)
    assert all(abs(decades[place] - 67) < 20 for place in range(3))
    counts = Counter(one["n"] for one in found)
    assert all(abs(counts[value] - 50) < 20 for value in (1, 2, 3, 4))


def test_a_small_space_is_drawn_to_its_last_configuration():
    space = sweep(["n=1..30", "act=a,b"], configs="1000", method="random")
    assert len(walked(space, lambda one: 1.0)) == 60


# -- every method ---------------------------------------------------------------------------------


def at_the_middle(question: Question) -> dict[str, object]:
    """A searcher that always names the same place, also when it is known."""
    return {
        name: 0 if "size" in one else (one["low"] + one["high"]) / 2  # type: ignore[operator]
        for name, one in question.dimensions.items()
    }


@QUIET
@given(spaces(), st.sampled_from(["grid", "random", "tpe"]), st.integers(1, 25), st.integers(0, 3))
def test_no_configuration_comes_twice_and_every_sweep_ends(space, method, configs, seed):
    one = Sweep(axes=space, method=method, configs=max(configs, least(space)), seed=seed)
    found = walked(one, lambda values: len(str(values)) % 7, ask=at_the_middle)
    assert len({key_of(each.values) for each in found}) == len(found) <= one.configs
    assert all(fits(one, each.values) for each in found)
    if method != "grid":
        many = combinations(space)
        assert len(found) == (one.configs if many is None else min(one.configs, many))
    assert walked(one, lambda values: len(str(values)) % 7, ask=at_the_middle) == found


@QUIET
@given(spaces())
def test_the_searchers_numbers_stand_for_the_values_they_were_made_of(space):
    one = Sweep(axes=space, method="tpe", configs=12)
    found = walked(one, lambda values: 1.0, ask=at_the_middle)
    question = proposed(Sweep(axes=space, method="tpe", configs=len(found) + 1), found, GOAL)
    if isinstance(question, Question):
        assert [answered(one, past["at"]) for past in question.past] == [each.values for each in found]


@pytest.mark.parametrize("answer", [{}, {"p": 99}, {"p": "many"}, {"p": None}, {"p": float("nan")}])
def test_an_answer_that_is_none_is_no_configuration(answer):
    assert answered(sweep(["p=1,2,3"], method="tpe"), answer) is None


def test_a_configuration_that_failed_is_told_as_a_bad_one():
    one = sweep(["p=1..30"], method="tpe", configs="20")
    found = walked(
        one,
        lambda values: None if values["p"] > 15 else float(values["p"]),
        ask=lambda question: {"p": next(n for n in range(1, 31) if n not in _asked(question))},
    )
    question = proposed(Sweep(axes=one.axes, method="tpe", configs=21), found, GOAL)
    assert isinstance(question, Question)
    assert {past["state"] for past in question.past if past["at"]["p"] > 15} == {"failed"}
    assert {past["state"] for past in question.past if past["at"]["p"] <= 15} == {"finished"}


def _asked(question: Question) -> list[object]:
    return [past["at"]["p"] for past in question.past]


# -- the best -------------------------------------------------------------------------------------


def tried(number: int, value: float | None, **values: object) -> Tried:
    state = "failed" if value is None else "finished"
    return Tried(number=number, values=values, state=state, run=f"r{number}", value=value)


def test_the_best_is_the_best_by_the_goal_and_of_equals_the_one_that_changes_least():
    found = [
        tried(0, 0.9, lr=1, w=2),
        tried(1, 0.95, lr=3, w=2),
        tried(2, 0.95, lr=1, w=2),
        tried(3, None, lr=9),
    ]
    assert best(found, GOAL, {"lr": 1.0, "w": 5}) == found[2]
    assert best(found[3:], GOAL, {}) is None


def test_each_value_of_a_param_is_told_with_the_best_over_the_others():
    one = sweep(["w=32,64", "lr=1e-4..1"], nuisance=["lr"])
    found = [tried(0, 0.9, w=32, lr=1e-3), tried(1, 0.8, w=32, lr=1e-2), tried(2, 0.95, w=64, lr=0.5)]
    told = {(part.axis, part.label): (part.tried, part.best, part.config) for part in parts(one, found, GOAL)}
    assert told["w", "32"] == (2, 0.9, 0)
    assert told["w", "64"] == (1, 0.95, 2)
    assert told["lr", "0.0001..0.001"] == (0, None, None)
    assert told["lr", "0.001..0.01"] == (1, 0.9, 0)
    assert told["lr", "0.1..1"] == (1, 0.95, 2)


def test_equal_numbers_are_the_same_and_true_is_no_number():
    assert canonical(1) == canonical(1.0) != canonical(True)
    assert canonical("1") != canonical(1)
    assert key_of({"a": 1, "b": [1, 2.0]}) == key_of({"b": [1.0, 2], "a": 1.0})
    assert isclose(float(str(listed(axis("d=0..0.5:0.1"))[3])), 0.3)
    assert listed(axis("d=0..0.5:0.1")) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]

"""The orders that a sweep's configurations are shown in."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.goal import Goal
from planner.domain.sweep import Axis, Tried
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.ordered import NUMBER, ordered, orders, place
from planner.rules.sweeping.swept import Swept
from tests.rules.ledgers import an_idea

HIGHEST, LOWEST = Goal(metric="val_accuracy"), Goal(metric="val_loss", direction="min")


def one(number: int, value: float | None, **values: object) -> Tried:
    state = "failed" if value is None else "finished"
    return Tried(number=number, values=values, state=state, run=f"r{number}", value=value)


def swept(axes: str, *tried: Tried, best: int = 0) -> Swept:
    """A sweep that has tried these."""
    return Swept(
        idea=an_idea(),
        sweep=sweep([axes]),
        metric="val_accuracy",
        rung="full",
        tried=tried,
        best=tried[best],
        parts=(),
    )


WIDTHS = swept("w=1,2,3,4", one(0, 0.7, w=4), one(1, None, w=1), one(2, 0.9, w=3), one(3, 0.7, w=2), best=2)


def numbers(found: Swept, goal: Goal = HIGHEST, by: str = "best") -> list[int]:
    return [each.number for each in ordered(found, goal, by)]


def test_the_best_are_first_equal_ones_by_number_and_last_what_has_no_value():
    assert numbers(WIDTHS) == [2, 0, 3, 1]
    assert numbers(WIDTHS, LOWEST) == [0, 3, 2, 1]


def test_of_equal_ones_the_chosen_one_is_first():
    assert numbers(replace(WIDTHS, best=WIDTHS.tried[3]), LOWEST) == [3, 0, 2, 1]
    assert numbers(replace(WIDTHS, best=None)) == [2, 0, 3, 1]


def test_by_number_they_stand_as_they_were_tried():
    assert numbers(WIDTHS, by=NUMBER) == [0, 1, 2, 3]


def test_along_a_param_numbers_stand_by_size():
    assert numbers(WIDTHS, by="w") == [1, 3, 2, 0]
    twice = swept("w=3,1,2", one(0, 0.7, w=2), one(1, 0.8, w=1), one(2, 0.9, w=2))
    assert numbers(twice, by="w") == [1, 0, 2], "of one width by number"


def test_along_a_param_words_stand_as_they_were_typed_after_numbers_and_others_last():
    acts = ("tanh", "relu", "gelu", 7, 2)
    typed = swept("act=tanh,relu,8", *[one(n, 0.5, act=act) for n, act in enumerate(acts)])
    assert numbers(typed, by="act") == [4, 3, 0, 1, 2]


def test_along_a_param_yes_and_no_are_words():
    flags = swept("flag=true,false", one(0, 0.5, flag=False), one(1, 0.5, flag=True))
    assert numbers(flags, by="flag") == [1, 0]


def test_there_is_an_order_along_each_param_but_one_that_is_named_like_another_order():
    assert orders(WIDTHS) == ("best", "number", "w")
    names = tuple(Axis(name=name, choices=(1, 2)) for name in ("number", "lr", "best"))
    assert orders(replace(WIDTHS, sweep=replace(WIDTHS.sweep, axes=names))) == ("best", "number", "lr")


def test_a_configuration_with_a_value_has_its_place_among_them():
    assert [place(WIDTHS, each, HIGHEST) for each in WIDTHS.tried] == [2, None, 1, 3]
    assert place(WIDTHS, WIDTHS.tried[2], LOWEST) == 3

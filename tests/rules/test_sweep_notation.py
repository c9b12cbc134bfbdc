"""Sweeps as they are typed: what is read, what is refused, and that it reads back."""

from __future__ import annotations

import pytest
from hypothesis import given

from planner.domain.mistake import Mistake
from planner.domain.sweep import Axis
from planner.rules.notation.axis import as_typed, axis
from planner.rules.notation.sweeping import many_configs, resweep, sweep
from tests.rules.sweeps import axes


def test_a_wide_range_of_positive_values_is_on_a_log_scale_unless_told_otherwise():
    assert axis("lr=1e-4..1e-1") == Axis(name="lr", low=1e-4, high=0.1, log=True)
    assert axis("lr=1e-4..1e-1:linear") == Axis(name="lr", low=1e-4, high=0.1)
    assert axis("lr=0.1..0.2") == Axis(name="lr", low=0.1, high=0.2)
    assert axis("lr=0.1..0.2:log") == Axis(name="lr", low=0.1, high=0.2, log=True)
    assert axis("lr=0..100") == Axis(name="lr", low=0, high=100, whole=True)


def test_whole_numbers_stay_whole():
    assert axis("width=16..1024") == Axis(name="width", low=16, high=1024, whole=True, log=True)
    assert axis("width=16..1024:16") == Axis(name="width", low=16, high=1024, whole=True, step=16)
    assert not axis("width=1.0..10").whole


def test_choices_are_values_of_any_kind():
    assert axis("width=32,64,128").choices == (32, 64, 128)
    assert axis("norm=true,false").choices == (True, False)
    assert axis("act=relu, gelu").choices == ("relu", "gelu")
    assert axis("layers=[64,64],[128]").choices == ([64, 64], [128])
    assert axis('what="a,b",c').choices == ("a,b", "c")
    assert axis("day=2026-01-01,2026-06-01").choices == ("2026-01-01", "2026-06-01")
    assert axis("opt=adam(),sgd(0.9)").choices == ("adam()", "sgd(0.9)")


@given(axes())
def test_an_axis_reads_back_as_it_was_typed(one: Axis):
    assert axis(as_typed(one)) == one


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lr", "has no param and values"),
        ("lr=", "has no param and values"),
        ("3x=1,2", "is no name"),
        ("lr=0.1..0.001", "upside down; write lr=0.001..0.1"),
        ("lr=0.1..0.1", "write --set lr=0.1"),
        ("lr=1e-4..fast", "no range of two numbers"),
        ("lr=0..1:log", "both ends above 0"),
        ("lr=1..9:2:log", "leave one of them out"),
        ("lr=0..1:5", "not between 0 and the width"),
        ("lr=0..1:quick", "'quick' is no step and no scale"),
        ("lr=1..9:999points", "2 to 200 points"),
        ("width=64,64.0", "names 64.0 twice"),
        ("width=64,,32", "has no value"),
        ("norm=true,false,true", "names true twice"),
        ("lr=1e-4:1e-1", "neither a range nor a list"),
        ("lr=1e-4-1e-1", "neither a range nor a list"),
        ("lr=1e-4 to 1e-1", "neither a range nor a list"),
        ("lr=1e-4,..,1e-1", "neither a range nor a list"),
        ("lr=(0.1,0.2)", "neither a range nor a list"),
        ("lr=log(1e-4,1e-1)", "neither a range nor a list"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused_in_one_sentence(text: str, told: str):
    with pytest.raises(Mistake, match=told):
        axis(text)


def test_few_values_make_a_grid_and_many_are_drawn_at_random():
    assert (sweep(["width=32,64,128"]).method, sweep(["width=32,64,128"]).configs) == ("grid", 3)
    assert (sweep(["lr=1e-4..1e-1"]).method, sweep(["lr=1e-4..1e-1"]).configs) == ("random", 20)
    assert sweep(["lr=1e-4..1e-1", "width=32,64"], method="grid").configs == 6


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"texts": ["lr=0.1,0.2", "lr=1..2"]}, "names lr twice"),
        ({"texts": ["lr=0.1,0.2"], "params": ["lr"]}, "lr is both set and swept"),
        ({"texts": ["lr=0.1"]}, "nothing to search"),
        ({"texts": ["lr=0.1,0.2"], "method": "gird"}, "did you mean grid"),
        ({"texts": ["lr=0.1,0.2"], "configs": "many"}, "give 1 to 1,000"),
        ({"texts": ["width=1,2"], "nuisance": ["witdh"]}, "did you mean width"),
        ({"texts": ["a=1,2,3", "b=1,2,3"], "method": "grid", "configs": "5"}, "give --configs 9"),
    ],
)
def test_a_whole_sweep_that_makes_no_sense_is_refused_in_one_sentence(typed, told: str):
    with pytest.raises(Mistake, match=told):
        sweep(**typed)


def edited(old, texts=None, **given):
    usual = {"nuisance": None, "method": None, "configs": None, "params": (), "since": 7}
    return resweep(old, texts, **(usual | given))


def test_an_edit_changes_what_is_given_and_keeps_the_rest():
    old = sweep(["lr=1e-4..1e-1", "width=32,64"], nuisance=["lr"], method="tpe", configs="30")
    assert edited(old, method="random").method == "random"
    assert edited(old, method="random").axes == old.axes
    assert edited(old, nuisance=["width"]).axes[0].nuisance is False
    other = edited(old, ["lr=1e-3..1", "depth=1,2,3"])
    assert (other.method, other.configs, other.since) == ("tpe", 30, 7)
    assert [one.nuisance for one in other.axes] == [True, False]
    assert edited(old, []) is None


def test_what_belongs_to_a_sweep_is_refused_where_there_is_none():
    with pytest.raises(Mistake, match="give --sweep too"):
        edited(None, method="grid")
    with pytest.raises(Mistake, match="taken away"):
        edited(sweep(["lr=1,2"]), [], method="grid")
    with pytest.raises(Mistake, match="lr is swept"):
        edited(sweep(["lr=1,2"]), params=["lr"])


@pytest.mark.parametrize("typed", ["0", "1001", "9999999999", "-3", "1e2", "", "²", "٣"])
def test_what_is_no_number_of_configurations_is_refused(typed: str):
    with pytest.raises(Mistake, match=r"is no number of configurations; give 1 to 1,000$"):
        many_configs(typed)


def test_one_configuration_is_the_fewest_and_a_thousand_are_the_most():
    assert [many_configs(typed) for typed in ("1", " 20 ", "1000")] == [1, 20, 1000]

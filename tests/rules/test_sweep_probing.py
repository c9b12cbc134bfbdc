"""The configuration that the cheap rungs look at."""

from __future__ import annotations

from hypothesis import given, settings

from planner.domain.sweep import Axis, Sweep
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.probing import probe
from planner.rules.sweeping.proposing import fits
from planner.rules.sweeping.values import canonical, size
from tests.rules.sweeps import spaces, walked


@settings(deadline=None, max_examples=30)
@given(spaces())
def test_the_probe_is_a_configuration_that_differs_from_the_baseline_on_every_axis(space: tuple[Axis, ...]):
    one = Sweep(axes=space, method="random", configs=3)
    for baseline in ({}, *(each.values for each in walked(one, lambda values: 1.0))):
        found = probe(one, baseline)
        assert fits(one, found)
        for axis in space:
            alone = size(axis) == 1
            same = axis.name in baseline and canonical(found[axis.name]) == canonical(baseline[axis.name])
            assert alone or not same, (axis, baseline)
        second = probe(one, baseline, second=True)
        assert fits(one, second)


def test_the_probe_stays_near_what_works():
    one = sweep(["lr=1e-4..1e-1", "width=32,64,128", "act=relu,gelu"])
    found = probe(one, {"lr": 1e-3, "width": 128, "act": "gelu"})
    assert found == {"lr": 0.001995, "width": 64, "act": "relu"}
    assert probe(one, {"lr": 0.05})["lr"] == 0.02506, "from the upper half it is a step down"
    assert probe(one, {"lr": 1e-9})["lr"] == 1e-4
    assert probe(one, {"lr": 5.0})["lr"] == 0.1
    assert probe(one, {})["lr"] == 0.003162


def test_a_second_one_lies_a_step_further_and_is_another_where_there_is_one():
    one = sweep(["lr=1e-4..1e-1", "width=32,64,128", "act=relu,gelu,tanh"])
    found = probe(one, {"lr": 1e-3, "width": 128, "act": "gelu"}, second=True)
    assert found == {"lr": 0.003981, "width": 32, "act": "tanh"}
    assert probe(one, {"lr": 5.0}, second=True)["lr"] == 0.05012
    assert probe(one, {"lr": 1e-9}, second=True)["lr"] == 0.0001995
    assert probe(one, {}, second=True)["lr"] == 0.00631
    two = sweep(["act=relu,gelu"])
    assert probe(two, {"act": "relu"}, second=True) == probe(two, {"act": "relu"})


def test_small_whole_numbers_of_a_log_scale_are_others_too():
    one = sweep(["units=1..12:log"])
    assert [probe(one, {"units": 1}, second=second) for second in (False, True)] == [
        {"units": 2},
        {"units": 3},
    ]
    assert probe(one, {"units": 12}, second=True) == {"units": 7}

"""What holds of the record of the guesses, whatever the ledger."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import Ledger
from planner.rules.hindsight.chances import Forecast, chance_record
from planner.rules.hindsight.misses import chance_bits, ratio_bits
from planner.rules.hindsight.record import record
from planner.rules.hindsight.resolved import base_rates
from planner.rules.learning.settled import settled
from planner.rules.learning.trust import base_rate
from tests.rules.hindsight.six_ideas import GOAL
from tests.rules.scoring_facts import (
    some_ledger,
    tried,
)

shares = st.floats(0, 1)
bases = st.floats(0.02, 0.98)


@given(
    st.lists(
        st.builds(Forecast, st.sampled_from([0.05, 0.15, 0.3, 0.5, 0.7, 0.9]), shares, bases), min_size=6
    )
)
def test_the_parts_add_up_when_the_chances_in_a_bin_are_the_same(forecasts: list[Forecast]) -> None:
    found = chance_record(forecasts)
    assert found.brier is not None
    assert found.reliability is not None
    assert found.resolution is not None
    assert found.uncertainty is not None
    assert found.brier == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    assert found.binning == pytest.approx(0.0, abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from([0.05, 0.15, 0.3, 0.5, 0.7, 0.9]), st.integers(1, 4)), min_size=6))
def test_chances_that_come_true_leave_uncertainty_less_resolution(groups: list[tuple[float, int]]) -> None:
    # In each group one idea fails for each that works, as far as its chance says: mean q is the chance.
    forecasts = [
        Forecast(chance, q, 0.2)
        for chance, count in groups
        for q in [chance - min(chance, 1 - chance), chance + min(chance, 1 - chance)] * count
    ]
    found = chance_record(forecasts)
    assert found.reliability == pytest.approx(0.0, abs=1e-12)
    assert found.uncertainty is not None
    assert found.resolution is not None
    assert found.brier == pytest.approx(found.uncertainty - found.resolution)


@given(st.lists(st.tuples(shares, bases), min_size=6))
def test_whoever_says_the_base_rate_has_no_skill(given_q: list[tuple[float, float]]) -> None:
    found = chance_record([Forecast(base, q, base) for q, base in given_q])
    assert found.skill in (None, pytest.approx(0.0))
    assert found.brier == found.base_brier


@given(st.lists(shares, min_size=6))
def test_knowing_what_happens_is_perfect(given_q: list[float]) -> None:
    found = chance_record([Forecast(q, q, 0.2) for q in given_q])
    assert found.brier == 0.0
    assert found.skill in (None, 1.0)


@given(shares, shares)
def test_no_chance_gains_information_over_what_happened(chance: float, q: float) -> None:
    assert chance_bits(chance, q) >= -1e-12
    assert chance_bits(q, q) == 0.0


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_factor_too_much_is_as_bad_as_the_same_factor_too_little(actual: float, stated: float) -> None:
    assert ratio_bits(actual, stated, 0.85) == pytest.approx(ratio_bits(stated, actual, 0.85), abs=1e-12)
    assert ratio_bits(stated * exp(0.85), stated, 0.85) == pytest.approx(1 / (2 * log(2)))


@tried
@given(some_ledger(most=9))
def test_the_order_of_ideas_and_of_people_is_irrelevant(made: Ledger) -> None:
    turned = {
        number: replace(one, estimates=dict(reversed(one.estimates.items())))
        for number, one in reversed(made.ideas.items())
    }
    assert record(replace(made, ideas=turned), GOAL) == record(made, GOAL)


@tried
@given(some_ledger(most=9))
def test_the_base_rate_before_each_outcome_is_the_one_that_was_learned_then(made: Ledger) -> None:
    for known, base in enumerate(base_rates(settled(made))):
        before = [one.outcome for one in settled(made)[:known]]
        assert base == pytest.approx(base_rate(settled(replace(made, outcomes=tuple(before)))))

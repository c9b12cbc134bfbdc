"""Verdicts: what the seeds say, when they are enough, and what is never evidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.outcome import Evidence
from planner.rules.judging.verdict import evidence, judge, more_seeds, noise, pair_noise, posterior, sentence
from tests.rules.ledgers import ACCURACY, FIVE

BASELINE = dict(enumerate(FIVE))
WIDE = noise([FIVE], prior_sd=0.2)
UNIT = Goal(metric="score", minimum_effect=1.0)


def seen(*values: float, base: float = 1 / 6) -> Evidence:
    """What the worked example's idea shows with these seeds."""
    return evidence(dict(enumerate(values)), BASELINE, ACCURACY, WIDE, base)


def test_noise_of_the_worked_example_is_pooled_with_the_prior():
    assert pytest.approx(0.173, abs=5e-4) == WIDE


def test_one_lucky_seed_is_not_enough():
    shown = seen(76.55)
    assert shown.q == pytest.approx(0.688, abs=5e-4)
    assert judge(shown, 5) is None


def test_the_second_seed_of_the_worked_example_improves_with_a_shrunk_gain():
    shown = seen(76.55, 76.70)
    assert judge(shown, 5) == "improved"
    assert shown.q == pytest.approx(0.980, abs=5e-4)
    assert shown.gain == pytest.approx(2.56, abs=5e-3)
    assert not shown.paired
    assert [pair.seed for pair in shown.pairs] == [0, 1]


def test_no_gain_of_the_worked_example():
    shown = seen(76.02, base=0.283)
    assert shown.q == pytest.approx(0.048, abs=5e-4)
    assert judge(shown, 5) == "no gain"


def test_an_interval_below_nothing_is_worse():
    shown = seen(75.0, 75.1)
    assert shown.high < 0
    assert judge(shown, 5) == "worse"


def test_undecided_after_the_last_seed_is_inconclusive():
    shown = evidence({0: 0.9, 1: 0.2}, {0: 0.0, 1: 0.0}, UNIT, noise=1.0, base=0.2)
    assert judge(shown, 3) is None
    assert judge(shown, 2) == "inconclusive"


def test_less_of_a_loss_is_a_gain():
    loss = Goal(metric="val_loss", direction="min", minimum_effect=0.1)
    shown = evidence({0: 0.5}, {0: 1.0, 1: 1.1}, loss, noise=0.1, base=0.2)
    assert shown.effect == pytest.approx(5.5)
    assert "val_loss -0.55" in sentence(shown, "improved", loss)


def test_three_pairs_decide_the_error_and_the_effect_where_seeds_are_related():
    theirs = {0: 1.0, 1: 5.0, 2: 9.0, 3: 40.0}
    ours = {0: 2.0, 1: 6.1, 2: 9.9}
    shown = evidence(ours, theirs, UNIT, noise=4.0, base=0.2, pair_noise=0.3)
    assert shown.paired
    assert shown.effect == pytest.approx(1.0)
    assert shown.error == pytest.approx(0.3 / math.sqrt(3))
    assert (shown.low, shown.high) == pytest.approx((1 - 1.96 * shown.error, 1 + 1.96 * shown.error))
    assert "over 3 paired seeds" in sentence(shown, "improved", UNIT)


def test_the_spread_of_pairs_is_pooled_over_ideas_on_top_of_unrelated_seeds():
    assert pair_noise([], 3.0) == pytest.approx(3.0 * math.sqrt(2))
    groups = [[1.0, 1.2, 1.4], [4.0, 4.0, 4.3], [7.0, 9.0]]
    squares = 0.08 + 0.06
    assert pair_noise(groups, 3.0) == pytest.approx(math.sqrt((10 * 2 * 9.0 + squares) / (10 + 2 + 2)))


def test_an_idea_that_changes_nothing_says_nothing_of_the_spread_of_pairs():
    assert pair_noise([[0.0, 0.0, 0.0]], 3.0) == pair_noise([], 3.0)


def test_three_pairs_of_one_idea_that_agree_by_luck_are_no_certainty():
    values = {seed: 10.0 + seed for seed in range(5)}
    ours = {seed: values[seed] + 2.0 for seed in range(3)}
    alone = pair_noise([[2.0, 2.0, 2.0]], 1.5)
    shown = evidence(ours, values, UNIT, noise=1.5, base=0.2, pair_noise=alone)
    assert judge(shown, 5) != "improved"


def test_two_pairs_never_decide_the_error():
    shown = evidence({0: 2.0, 1: 6.0}, {0: 1.0, 1: 5.0}, UNIT, noise=4.0, base=0.2, pair_noise=0.1)
    assert not shown.paired
    assert shown.error == pytest.approx(4.0)


def test_pairs_that_disagree_more_than_the_noise_are_left_alone():
    ours, theirs = {0: 9.0, 1: 0.0, 2: 5.0}, {0: 0.0, 1: 9.0, 2: 1.0}
    shown = evidence(ours, theirs, UNIT, noise=1.0, base=0.2, pair_noise=9.1)
    assert not shown.paired
    assert shown.error == pytest.approx(math.sqrt(2 / 3))


def test_an_idea_that_changes_nothing_at_all_has_no_gain():
    same = {0: 0.5, 1: 0.6, 2: 0.7}
    shown = evidence(same, same, UNIT, noise=0.2, base=0.2)
    assert shown.effect == 0.0
    assert judge(shown, 5) == "no gain"


def test_seeds_without_a_finite_value_are_never_evidence():
    clean = seen(76.55)
    dirty = evidence({0: 76.55, 1: math.nan, 2: math.inf, 3: 1e300}, BASELINE, ACCURACY, WIDE, 1 / 6)
    assert dirty == clean
    assert noise([[*FIVE, math.nan, -math.inf]], 0.2) == WIDE


@pytest.mark.parametrize(("ours", "theirs"), [({}, BASELINE), (BASELINE, {}), ({0: math.nan}, BASELINE)])
def test_there_is_no_evidence_with_one_side_missing(ours, theirs):
    with pytest.raises(ValueError, match="finite value"):
        evidence(ours, theirs, ACCURACY, WIDE, 0.2)


def test_noise_passes_over_configurations_that_ran_fewer_than_three_times():
    assert noise([FIVE, [3.0], [76.55, 76.70], []], 0.2) == WIDE
    assert noise([], 0.2) == pytest.approx(0.2)


def test_the_base_rate_is_held_between_its_bounds():
    assert posterior(1.0, 1.0, 0.0) == posterior(1.0, 1.0, 0.03)
    assert posterior(1.0, 1.0, 0.9) == posterior(1.0, 1.0, 0.35)


@given(d=st.floats(-50, 50), se=st.floats(0.01, 20), base=st.floats(0, 1))
def test_q_is_a_chance_and_the_gain_lies_within_reach(d, se, base):
    q, gain = posterior(d, se, base)
    assert 0 <= q <= 1
    assert min(d, -1.0) - 1e-9 <= gain <= max(d, 3.0) + 1e-9


@given(d=st.floats(allow_nan=False), se=st.floats(min_value=0, allow_nan=False))
def test_absurd_numbers_still_give_a_chance(d, se):
    q, gain = posterior(d, se, 0.2)
    assert 0 <= q <= 1
    assert math.isfinite(gain)


@given(values=st.lists(st.floats(-1e90, 1e90), min_size=1, max_size=6), order=st.randoms())
def test_the_order_in_which_seeds_arrive_changes_no_verdict(values, order):
    seeds = list(enumerate(values))
    shuffled = list(seeds)
    order.shuffle(shuffled)
    one, other = (evidence(dict(some), BASELINE, ACCURACY, WIDE, 0.2) for some in (seeds, shuffled))
    assert one.q == pytest.approx(other.q)
    assert judge(one, 5) == judge(other, 5)


def test_more_seeds_is_the_smallest_number_that_would_decide():
    shown = seen(76.55)
    further = more_seeds(shown, ACCURACY, 1 / 6)
    assert further == 1
    again = evidence({0: 76.55, 1: 76.55}, BASELINE, ACCURACY, WIDE, 1 / 6)
    assert judge(again, 5) == "improved"


def test_no_more_seeds_are_needed_once_decided():
    assert more_seeds(seen(76.55, 76.70), ACCURACY, 1 / 6) == 0


def test_an_effect_on_the_border_is_never_decided():
    shown = evidence({0: 0.62}, {0: 0.0, 1: 0.0, 2: 0.0}, UNIT, noise=1.0, base=0.2)
    assert more_seeds(shown, UNIT, 0.2) is None


def test_more_pairs_bring_less_error_only_as_long_as_the_baseline_has_seeds():
    ours = {0: 1.6, 1: 2.2, 2: 3.4}
    few, many = ({seed: float(seed) for seed in range(seeds)} for seeds in (3, 20))
    without, room = (
        evidence(ours, theirs, UNIT, noise=1.2, base=0.2, pair_noise=0.9) for theirs in (few, many)
    )
    assert without.effect == room.effect == pytest.approx(1.4)
    assert without.paired
    assert room.paired
    assert more_seeds(without, UNIT, 0.2, bound=50) is None
    assert more_seeds(room, UNIT, 0.2, bound=50) is not None


def test_the_sentence_says_the_verdict_with_its_numbers():
    assert sentence(seen(76.55, 76.70), "improved", ACCURACY) == (
        "improved: +2.6 MEI (val_accuracy +0.53, 95 % between +1.2 and +4.0 MEI) over 2 seeds; "
        "chance that it is real 98 %, shrunk gain 2.6 MEI"
    )


def test_the_sentence_of_an_open_question_says_undecided():
    assert sentence(seen(76.55), None, ACCURACY).startswith("undecided: +2.3 MEI")
    assert "over 1 seed;" in sentence(seen(76.55), None, ACCURACY)


def test_no_sentence_is_certain_or_minus_nothing():
    sure = evidence({0: 9.0, 1: 9.0}, {0: 0.0, 1: 0.0}, UNIT, noise=0.5, base=0.2)
    assert "over 99 %" in sentence(sure, "improved", UNIT)
    nothing = evidence({0: -0.001}, {0: 0.0}, UNIT, noise=0.1, base=0.2)
    assert "no gain: +0.0 MEI (score +0.0," in sentence(nothing, "no gain", UNIT)

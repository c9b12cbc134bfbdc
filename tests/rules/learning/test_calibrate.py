"""What the ledger teaches."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.rules.defaults import SLOPES
from planner.rules.learning.calibrate import calibrate
from tests.rules.scoring_facts import (
    SETTINGS,
    TUESDAY,
    calibrated,
    dispatched,
    idea,
    landed,
    ledger,
    outcome,
    said,
    some_ledger,
    tried,
)


def learned(made: Ledger) -> Calibration:
    return calibrate(made, SETTINGS, at=TUESDAY, because="a test")


def mean_trust(calibration: Calibration) -> float:
    return sum(slope * weight for slope, weight in zip(SLOPES, calibration.trust, strict=True))


# -- a value of its own -------------------------------------------------------------------------


def test_calibrations_are_numbered_and_say_when_and_why() -> None:
    found = learned(replace(Ledger(), calibration=Calibration(number=4)))
    assert (found.number, found.at, found.because) == (5, TUESDAY, "a test")


@tried
@given(some_ledger(), st.randoms())
def test_the_order_of_ideas_in_the_store_is_irrelevant(made: Ledger, chance: object) -> None:
    order = list(made.ideas)
    chance.shuffle(order)  # type: ignore[attr-defined]  # hypothesis's own Random
    shuffled = replace(made, ideas={number: made.ideas[number] for number in order})
    assert learned(shuffled) == learned(made)


@tried
@given(some_ledger())
def test_the_last_calibration_has_no_say_in_the_next(made: Ledger) -> None:
    assert learned(replace(made, calibration=Calibration(number=made.calibration.number))) == learned(made)


# -- evidence -----------------------------------------------------------------------------------


def test_a_crash_is_not_evidence() -> None:
    ideas = [idea(1, "", said(likelihood=0.9, hours=1))]
    silent = learned(ledger(ideas))
    assert replace(learned(ledger(ideas, outcome(1, "invalid", hours=9.0)))) == silent


def test_an_idea_given_up_as_unworkable_counts_as_a_failure_with_its_hours() -> None:
    ideas = [idea(1, "", said(hours=1))]
    found = learned(ledger(ideas, outcome(1, "no gain", hours=9.0)))
    assert found.base == pytest.approx(1 / 7)
    assert found.finished[0].q == 0
    assert found.person_tasks == {"ana": 1}


def test_an_inconclusive_idea_counts_with_the_chance_it_has() -> None:
    found = learned(ledger([idea(1)], outcome(1, "inconclusive", q=0.4)))
    assert found.base == pytest.approx((1 + 0.4) / 7)


def test_a_win_without_seeds_is_barely_sure_and_says_nothing_of_its_size() -> None:
    found = learned(ledger([idea(1)], outcome(1, "improved")))
    assert found.finished[0].q == 0.9
    assert found.wins == 0


def test_only_the_newest_outcome_of_an_idea_counts() -> None:
    twice = ledger([idea(1)], outcome(1, "improved", q=0.95), outcome(1, "no gain", q=0.05))
    assert learned(twice).outcomes == 1
    assert learned(twice).base == pytest.approx(1.05 / 7)


def test_an_outcome_corrected_to_invalid_is_no_evidence_any_more() -> None:
    taken_back = ledger([idea(1)], outcome(1, "invalid", q=0.95))
    assert learned(taken_back) == learned(ledger([idea(1)]))


def test_a_bug_after_a_verdict_takes_nothing_back() -> None:
    won = outcome(1, "improved", q=0.95, kept=True)
    assert learned(ledger([idea(1)], won, outcome(1, "invalid"))) == learned(ledger([idea(1)], won))


def test_an_outcome_of_an_idea_that_is_gone_is_passed_over() -> None:
    assert learned(ledger([idea(1)], outcome(2, "improved", q=0.95))).outcomes == 0


# -- base rate ----------------------------------------------------------------------------------


def test_the_base_rate_starts_at_one_in_six() -> None:
    assert learned(ledger([idea(1)])).base == pytest.approx(1 / 6)


def test_an_outcome_counts_half_after_twenty_more() -> None:
    ideas = [idea(number) for number in range(1, 22)]
    first = outcome(1, "improved", q=1.0)
    found = learned(ledger(ideas, first, *[outcome(number, "no gain", q=0.0) for number in range(2, 22)]))
    assert found.base == pytest.approx((1 + 0.5) / (6 + sum(0.5 ** (age / 20) for age in range(21))))


def test_what_an_outcome_says_of_its_relatives_counts_half_after_five_more() -> None:
    ideas = [idea(number) for number in range(1, 7)]
    found = learned(ledger(ideas, *[outcome(number, "no gain", q=0.0) for number in range(1, 7)]))
    assert found.finished[0].weight == pytest.approx(0.5)
    assert found.finished[-1].weight == 1


@tried
@given(some_ledger())
def test_a_win_as_sure_as_those_before_never_lowers_the_base_rate(made: Ledger) -> None:
    labels = [each.q for each in made.calibration.finished]
    won = outcome(99, "improved", q=max([0.9, *labels]))
    after = replace(made, ideas={**made.ideas, 99: idea(99)}, outcomes=(*made.outcomes, won))
    assert learned(after).base >= made.calibration.base


# -- people -------------------------------------------------------------------------------------


def test_a_persons_usual_is_shrunk_to_everybodys() -> None:
    found = learned(ledger([idea(1, "", said("ana", gain=8)), idea(2, "", said("bo", gain=2))]))
    everybody = (log(8) + log(2)) / 2
    assert found.everybody.gain == pytest.approx(everybody)
    assert found.usual["ana"].gain == pytest.approx((log(8) + 5 * everybody) / 6)
    assert found.usual["ana"].said == 1


def test_ideas_that_are_parked_dropped_or_finished_count_for_the_usual() -> None:
    ideas = [idea(number, "", said(likelihood=0.1 * number)) for number in (1, 2, 3, 4)]
    ideas[1], ideas[2] = replace(ideas[1], place="parked"), replace(ideas[2], place="dropped")
    found = learned(ledger(ideas, outcome(4, "no gain", q=0.05)))
    assert found.everybody.chance == pytest.approx(
        sum(log(chance / (1 - chance)) for chance in (0.1, 0.2, 0.3, 0.4)) / 4
    )


def test_what_nobody_has_spoken_about_keeps_the_prior() -> None:
    found = learned(ledger([idea(1, "", said(hours=8))]))
    assert found.everybody.chance == Calibration().everybody.chance
    assert found.everybody.gain == Calibration().everybody.gain
    assert found.spread == Calibration().spread
    assert found.mean_log_hours == pytest.approx(log(8))


def test_a_criterion_nobody_stated_is_not_counted_as_a_persons() -> None:
    bare, more = learned(ledger([idea(1, "", said(gain=4))])), [idea(1, "", said(gain=4)), idea(2)]
    assert learned(ledger(more)) == bare


# -- trust --------------------------------------------------------------------------------------


def foretold(*rows: tuple[float, float]) -> Ledger:
    """Ideas with a stated chance and what it came to."""
    ideas = [idea(number, "", said(likelihood=chance)) for number, (chance, _) in enumerate(rows, 1)]
    return ledger(
        ideas,
        *[
            outcome(number, "improved" if q > 0.5 else "no gain", q=q)
            for number, (_, q) in enumerate(rows, start=1)
        ],
    )


def test_odds_that_come_true_are_trusted_more() -> None:
    right = learned(foretold(*[(0.7, 0.97), (0.1, 0.03)] * 8))
    wrong = learned(foretold(*[(0.7, 0.03), (0.1, 0.97)] * 8))
    assert mean_trust(right) > mean_trust(Calibration()) > mean_trust(wrong)
    assert sum(right.trust) == pytest.approx(1)


def test_chances_changed_after_the_dispatch_earn_no_trust() -> None:
    before = dispatched(calibrated(ledger([idea(1, "", said(likelihood=0.1)), idea(2)])), 1)
    after = replace(before, outcomes=(outcome(1, "improved", q=0.97),))
    hindsight = replace(after.ideas[1], estimates={"ana": said(likelihood=0.99)})
    boasted = learned(replace(after, ideas={**after.ideas, 1: hindsight}))
    assert mean_trust(boasted) < mean_trust(Calibration())


# -- hours --------------------------------------------------------------------------------------


def test_hours_that_run_over_raise_the_persons_ratio() -> None:
    done = ledger([idea(1, "", said(hours=2))], outcome(1, "no gain", q=0.05, hours=8.0))
    found = learned(done)
    assert found.person_ratio["ana"] == pytest.approx((6 * log(1.15) + log(8 / 2)) / 7)


def test_a_category_learns_what_its_people_have_not_explained() -> None:
    done = ledger([idea(1, "", said(hours=2), category="loss")], outcome(1, "no gain", q=0.05, hours=8.0))
    found = learned(done)
    assert found.category_ratio["loss"] == pytest.approx((log(4) - found.person_ratio["ana"]) / 9)


def test_the_slow_down_of_that_time_is_not_blamed_on_the_person() -> None:
    before = calibrated(ledger([idea(1, "", said(hours=2)), idea(2)]))
    frozen = replace(dispatched(before, 1).ideas[1])
    assert frozen.frozen is not None
    slowed = replace(frozen, frozen=replace(frozen.frozen, slow=2.0))
    found = learned(ledger([slowed, idea(2)], outcome(1, "no gain", q=0.05, hours=4.0)))
    assert found.person_ratio["ana"] == pytest.approx(6 * log(1.15) / 7)


def test_hours_nobody_measured_teach_nothing() -> None:
    done = ledger([idea(1, "", said(hours=2))], outcome(1, "no gain", q=0.05))
    assert learned(done).person_ratio == {}


def timed(*tasks: tuple[float, float]) -> Ledger:
    """Failed ideas of one person, each with the hours said and taken."""
    ideas = [idea(number, "", said(hours=stated)) for number, (stated, _) in enumerate(tasks, start=1)]
    made = [outcome(number, "no gain", q=0.05, hours=took) for number, (_, took) in enumerate(tasks, start=1)]
    return replace(ledger(ideas), outcomes=tuple(made))


ALIKE = ((0.5, 3), (1, 3), (2, 3), (4, 3), (8, 3), (16, 3))
"""Six tasks that take three hours whatever was said."""


def test_stated_hours_that_tell_nothing_are_believed_less_from_the_sixth_task_on() -> None:
    assert learned(timed(*ALIKE[:5])).hours_slope == 0.85
    squares = sum((log(stated) - log(8) / 2) ** 2 for stated, _ in ALIKE)
    assert learned(timed(*ALIKE)).hours_slope == pytest.approx(0.85 * 20 / (20 + squares))


def test_stated_hours_that_come_true_are_believed_more() -> None:
    assert learned(timed(*[(stated, stated) for stated, _ in ALIKE])).hours_slope > 0.85


def test_one_absurd_duration_is_held() -> None:
    done = ledger([idea(1, "", said(hours=1))], outcome(1, "no gain", q=0.05, hours=1e6))
    assert learned(done).person_ratio["ana"] == pytest.approx((6 * log(1.15) + 2.5) / 7)


# -- wins ---------------------------------------------------------------------------------------


def test_the_gain_scale_learns_from_wins_against_their_forecast() -> None:
    before = calibrated(ledger([idea(1, "", said(gain=3)), idea(2, "", said(gain=1))]))
    after = landed(before, outcome(1, "improved", q=0.95, gain=5.0))
    frozen = after.ideas[1].frozen
    assert frozen is not None
    scale = (3 * log(2) + log(5.0 / frozen.overlap) - frozen.centred_gain) / 4
    assert after.calibration.gain_scale == pytest.approx(scale)
    assert after.calibration.wins == 1


def test_a_failure_teaches_nothing_about_the_size_of_wins() -> None:
    found = learned(ledger([idea(1)], outcome(1, "no gain", q=0.05, gain=0.1)))
    assert exp(found.gain_scale) == pytest.approx(2.0)


def test_an_improvement_that_was_not_kept_is_a_win_but_adds_no_complexity() -> None:
    ideas = [idea(1, "", said(complexity=4))]
    left = learned(ledger(ideas, outcome(1, "improved", q=0.95)))
    kept = learned(ledger(ideas, outcome(1, "improved", q=0.95, kept=True)))
    assert (left.wins, left.kept_complexity) == (1, 0)
    assert (kept.wins, kept.kept_complexity) == (1, 4)


def test_complexity_nobody_stated_counts_as_one_when_kept() -> None:
    assert learned(ledger([idea(1)], outcome(1, "improved", q=0.95, kept=True))).kept_complexity == 1


def test_a_finished_idea_carries_what_its_relatives_need() -> None:
    one = idea(3, "Label smoothing", said(gain=1), tags=("Soft",), category="loss", variant_of=2)
    (found,) = learned(ledger([one], outcome(3, "improved", q=0.95, kept=True, gain=1.5))).finished
    assert found.words == ("label", "smoothing", "soft")
    assert (found.idea, found.category, found.variants, found.gain) == (3, "loss", 2, 1.5)
    assert 0 < found.expected < 1

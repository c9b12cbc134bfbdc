"""The record of the guesses: a small ledger worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from typing import Any

import pytest

from planner.domain.mistake import Mistake
from planner.domain.outcome import Overruled
from planner.rules.hindsight.record import record
from planner.rules.hindsight.text import record_lines
from planner.rules.hindsight.words import missed, short
from tests.rules.hindsight.six_ideas import GOAL, HAPPENED, WEDNESDAY, believed, everybody, six
from tests.rules.scoring_facts import (
    TUESDAY,
    idea,
    ledger,
    outcome,
    said,
)


def test_stated_chances_are_scored_and_the_score_falls_into_its_parts() -> None:
    stated = everybody(six()).stated
    assert (stated.ideas, stated.said, stated.happened) == (6, pytest.approx(0.5), pytest.approx(0.5))
    # 25 % met 0, 0, .6: .0625 + .0625 + .1225; 75 % met 1, 1, .4: the same. 2 · .2475 / 6
    assert stated.brier == pytest.approx(0.0825)
    # The bins came to .2 and .8: each .05 from what was said, each .3 from the mean of all.
    assert stated.reliability == pytest.approx(0.05**2)
    assert stated.resolution == pytest.approx(0.3**2)
    # q lies .5, .5, .1, .5, .5, .1 from its mean: (4 · .25 + 2 · .01) / 6 = .17; .0025 − .09 + .17 = .0825
    assert stated.uncertainty == pytest.approx(0.17)
    assert stated.binning == pytest.approx(0.0)
    # Twice −ln .75, and −.6 ln .25 − .4 ln .75; the others mirror them.
    assert stated.log_loss == pytest.approx((2.4 * -log(0.75) - 0.6 * log(0.25)) / 3)
    assert [(one.low, one.high, one.ideas, one.said) for one in stated.bins] == [
        (0.2, 0.4, 3, 0.25),
        (0.6, 0.8, 3, 0.75),
    ]
    assert [one.happened for one in stated.bins] == pytest.approx([0.2, 0.8])


def test_the_planners_chances_are_scored_beside_them() -> None:
    planner = everybody(six()).planner
    # 20 % for all: .04 + .04 + .16 + .64 + .64 + .04 = 1.56; all in one bin, .3 from what happened.
    assert planner.brier == pytest.approx(1.56 / 6)
    assert (planner.reliability, planner.resolution) == (pytest.approx(0.09), pytest.approx(0.0))
    assert planner.uncertainty == pytest.approx(0.17)


def test_skill_is_measured_against_the_base_rate_before_each_outcome() -> None:
    stated = everybody(six()).stated
    fade = 0.5 ** (1 / 20)
    # 1 win in 6 before anything; then one failure more; then that one faded and another; and so on.
    wins = (0, 0, 0, 0.6, 0.6 * fade + 1, (0.6 * fade + 1) * fade + 1)
    weight = [sum(fade**age for age in range(before)) for before in range(6)]
    bases = [(1 + won) / (6 + seen) for won, seen in zip(wins, weight, strict=True)]
    base_brier = sum((base - q) ** 2 for base, q in zip(bases, HAPPENED, strict=True)) / 6
    assert stated.base_brier == pytest.approx(base_brier)
    assert stated.skill == pytest.approx(1 - 0.0825 / base_brier)


def test_hours_are_compared_by_ratio_with_their_band() -> None:
    hours = everybody(six()).hours
    # 2 h said: ratios .5, 1, 1.5, 2, 3, 4; the tenths lie half-way between neighbours.
    assert (hours.ideas, hours.ratio) == (6, pytest.approx(1.75))
    assert (hours.low, hours.high) == (pytest.approx(0.75), pytest.approx(3.5))
    # Off by 2, 1, 1.5, 2, 3, 4: the middle two are both 2.
    assert hours.off == pytest.approx(2.0)
    # 3 h forecast: off by 3, 1.5, 1, 1.33, 2, 2.67; between 1.5 and 2 on the log scale.
    assert (hours.planner_ideas, hours.planner_off) == (6, pytest.approx(sqrt(3.0)))
    # Of 1, 2, 3, 4, 6, 8 h the middle four lie from 1.5 to 6.
    assert hours.inside == pytest.approx(4 / 6)


def test_gain_is_compared_over_all_ideas_and_of_wins_only_from_six() -> None:
    gain = everybody(six()).gain
    assert (gain.wins, gain.ratio, gain.low, gain.said_ratio) == (2, None, None, None)
    # Six times 20 % of 2.5 MEI were promised; the two kept ones brought 2 and 4.
    assert (gain.ideas, gain.expected, gain.kept) == (6, pytest.approx(3.0), pytest.approx(6.0))


def test_gains_of_wins_are_compared_with_forecast_and_statement() -> None:
    ideas = [believed(number, 0.5) for number in range(1, 7)]
    wins = [outcome(number, "improved", q=0.95, gain=1.25 * number) for number in range(1, 7)]
    gain = everybody(ledger(ideas, *wins)).gain
    # 1.25, 2.5 … 7.5 MEI over 2.5 are .5, 1 … 3; over the stated 4, the median 4.375 is 1.09375.
    assert (gain.wins, gain.ratio) == (6, pytest.approx(1.75))
    assert (gain.low, gain.high) == (pytest.approx(0.75), pytest.approx(2.75))
    assert (gain.said_wins, gain.said_ratio) == (6, pytest.approx(1.09375))
    assert gain.kept == 0.0


def test_complexity_is_compared_point_by_point() -> None:
    complexity = everybody(six()).complexity
    # 1 said: −1, 0, 1, 2, 2, 2.
    assert (complexity.ideas, complexity.difference) == (6, pytest.approx(1.0))
    assert complexity.near == pytest.approx(0.5)


def test_the_worst_misses_are_told_by_the_bits_they_lost() -> None:
    worst = record(six(), GOAL).misses
    # 2 h that became 8 and 6: (ln 4 / .85)² / 2 nats, and with ln 3; a factor of 2 is no miss.
    assert [(one.idea, one.criterion, one.said, one.was) for one in worst] == [
        (6, "hours", 2.0, 8.0),
        (5, "hours", 2.0, 6.0),
    ]
    assert [one.bits for one in worst] == pytest.approx([1.9188, 1.2050], abs=1e-4)
    assert missed(worst[0]) == "6 · idea 6: ana said 2.0 h, and it took 8.0 h, a factor of 4.0 more"


def test_below_six_there_is_a_count_and_no_figure() -> None:
    group = everybody(six(3))
    assert (group.stated.ideas, group.planner.ideas, group.hours.ideas, group.complexity.ideas) == (3,) * 4
    assert (group.stated.brier, group.stated.skill, group.stated.bins) == (None, None, ())
    assert (group.hours.ratio, group.hours.inside, group.gain.expected) == (None, None, None)
    text = record_lines(record(six(3), GOAL))
    assert "Chances that people stated: not enough yet (3 of 6)" in text
    (sentence,) = short(record(six(3), GOAL))
    assert sentence == "Too few ideas are resolved to judge the guesses by: not enough yet (3 of 6)."


def test_a_persons_own_words_count_for_the_person_and_the_median_for_everybody() -> None:
    both = six()
    ideas = {
        number: replace(
            one, frozen=replace(one.frozen, estimates=one.estimates | {"bo": said("bo", likelihood=0.95)})
        )
        for number, one in both.ideas.items()
        if one.frozen
    }
    told = record(replace(both, ideas=ideas), GOAL)
    assert told.everybody.stated.said == pytest.approx((3 * 0.6 + 3 * 0.85) / 6)
    assert list(told.people) == ["ana", "bo"]
    assert told.people["ana"].stated.brier == pytest.approx(0.0825)
    assert told.people["bo"].stated.said == pytest.approx(0.95)
    assert told.people["bo"].hours.ideas == 0
    assert record(replace(both, ideas=ideas), GOAL, by="bo").everybody == told.people["bo"]
    assert {one.by for one in record(replace(both, ideas=ideas), GOAL, by="bo").misses} == {"bo"}


def test_categories_stand_by_themselves() -> None:
    mixed = six(category="loss")
    mixed = replace(mixed, ideas=mixed.ideas | {1: replace(mixed.ideas[1], category="data")})
    told = record(mixed, GOAL)
    assert {name: group.ideas for name, group in told.categories.items()} == {"data": 1, "loss": 5}
    assert record(mixed, GOAL, category="loss").everybody == told.categories["loss"]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"by": "anna"}, "nobody called 'anna' in this project; did you mean 'ana'?"),
        ({"by": "zoe"}, "nobody called 'zoe' in this project; known: ana"),
        ({"category": "loss"}, "no idea of category 'loss' in this project; known: other"),
    ],
)
def test_a_name_that_is_not_there_is_a_mistake_that_shows_one(choice: Any, sentence: str) -> None:
    with pytest.raises(Mistake) as refused:
        record(six(), GOAL, **choice)
    assert str(refused.value) == sentence


def test_an_invalid_idea_is_nobodys_miss() -> None:
    broken = six()
    broken = replace(broken, outcomes=(*broken.outcomes[:-1], outcome(6, "invalid", hours=99.0)))
    assert everybody(broken).ideas == 5
    assert 6 not in [one.idea for one in record(broken, GOAL).misses]


def test_an_overruled_outcome_counts_as_ruled() -> None:
    ruled = Overruled(verdict="inconclusive", reason="", kept=False, worth=None, by="ana", at=TUESDAY)
    judged = six()
    last = replace(judged.outcomes[-1], verdict="no gain", overruled=ruled)
    stated = everybody(replace(judged, outcomes=(*judged.outcomes[:-1], last))).stated
    assert stated.happened == pytest.approx((0.6 + 1 + 1 + 0.1) / 6)


def test_an_estimate_younger_than_an_imported_outcome_is_no_foresight() -> None:
    told = said(likelihood=0.5)
    late = replace(told, at=WEDNESDAY)
    ideas = [idea(number, "", told if number < 7 else late) for number in range(1, 8)]
    history = [outcome(number, "no gain", imported="log.csv") for number in range(1, 8)]
    stated = everybody(ledger(ideas, *history)).stated
    assert (stated.ideas, stated.happened) == (6, 0.0)


def test_what_was_frozen_after_the_outcome_is_no_foresight() -> None:
    frozen = believed(1, 0.5).frozen
    assert frozen is not None
    late = replace(frozen, at=WEDNESDAY, estimates={"ana": replace(said(likelihood=0.5), at=WEDNESDAY)})
    group = everybody(ledger([believed(1, 0.5, frozen=late)], outcome(1, "no gain")))
    assert (group.ideas, group.stated.ideas, group.planner.ideas) == (1, 0, 0)

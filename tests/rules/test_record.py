"""The record of the guesses: a small ledger worked out by hand, and what holds for any."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.idea import Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Overruled
from planner.domain.record import GroupRecord, Record
from planner.domain.verdict import Verdict
from planner.rules.hindsight.chances import Forecast, chance_record
from planner.rules.hindsight.misses import chance_bits, ratio_bits
from planner.rules.hindsight.record import record
from planner.rules.hindsight.resolved import base_rates
from planner.rules.hindsight.text import record_lines
from planner.rules.hindsight.words import missed, short
from planner.rules.learning.settled import settled
from planner.rules.learning.trust import base_rate
from planner.rules.wording.display import cells
from tests.rules.scoring_facts import (
    MONDAY,
    SETTINGS,
    TUESDAY,
    calibrated,
    idea,
    ledger,
    outcome,
    said,
    some_ledger,
    tried,
)

GOAL = SETTINGS.goal
WEDNESDAY = "2026-11-18T09:00:00.000Z"
CHANCES = (0.25, 0.25, 0.25, 0.75, 0.75, 0.75)
HAPPENED = (0.0, 0.0, 0.6, 1.0, 1.0, 0.4)
TOOK = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
MEASURED = (0.0, 1.0, 2.0, 3.0, 3.0, 3.0)
"""Complexity of the diffs."""
GAINS = (-1.0, 0.0, 0.5, 2.0, 4.0, 0.2)


def believed(number: int, chance: float, who: str = "ana", **fields: Any) -> Idea:
    """An idea said to take 2 h, to add 1 point and to bring 4 MEI; the planner thought 20 %, 2.5 MEI, 3 h."""
    estimate = said(who, hours=2.0, complexity=1.0, gain=4.0, likelihood=chance)
    frozen = Frozen(
        at=MONDAY,
        estimates={who: estimate},
        digest="",
        calibration=1,
        score=0.1,
        chance=0.2,
        gain=2.5,
        hours=5.0,
        centred_gain=0.0,
        overlap=1.0,
        slow=1.0,
        implement=3.0,
        low=1.5,
        high=6.0,
    )
    return idea(number, f"idea {number}", estimate, **({"frozen": frozen} | fields))


def verdict_of(q: float) -> Verdict:
    """The verdict that seeds of this q lead to."""
    return "improved" if q >= 0.9 else "no gain" if q <= 0.1 else "inconclusive"


def six(count: int = 6, **fields: Any) -> Ledger:
    """Six resolved ideas, those of 75 % and q 1 kept."""
    ideas = [believed(number, chance, **fields) for number, chance in enumerate(CHANCES[:count], start=1)]
    rows = list(zip(HAPPENED, GAINS, TOOK, MEASURED, strict=True))[:count]
    outcomes = [
        outcome(number, verdict_of(q), q=q, gain=gain, hours=took, complexity=points, kept=q == 1.0)
        for number, (q, gain, took, points) in enumerate(rows, start=1)
    ]
    return ledger(ideas, *outcomes)


def everybody(of: Ledger, **choice: Any) -> GroupRecord:
    """The figures of everybody."""
    return record(of, GOAL, **choice).everybody


# -- worked out by hand ---------------------------------------------------------------------------


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


# -- who and what counts --------------------------------------------------------------------------


def test_below_six_there_is_a_count_and_no_figure() -> None:
    group = everybody(six(3))
    assert (group.stated.ideas, group.planner.ideas, group.hours.ideas, group.complexity.ideas) == (3,) * 4
    assert (group.stated.brier, group.stated.skill, group.stated.bins) == (None, None, ())
    assert (group.hours.ratio, group.hours.inside, group.gain.expected) == (None, None, None)
    text = record_lines(record(six(3), GOAL))
    assert "Chances that people stated: not enough yet (3 of 6)" in text
    (sentence,) = short(record(six(3), GOAL))
    assert sentence == "Too few ideas are resolved to judge the guesses by: not enough yet (3 of 6)."


def test_without_any_outcome_the_text_says_so_and_shows_the_calibration() -> None:
    text = record_lines(record(ledger([idea(1)]), GOAL))
    assert text[0] == "No idea is resolved yet, so no guess can be judged."
    assert any("Calibration 0 is in force, because: the priors alone" in line for line in text)


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


# -- whatever the ledger --------------------------------------------------------------------------

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


@tried
@given(some_ledger(most=12), st.text(max_size=50))
def test_every_line_fits_eighty_columns(made: Ledger, name: str) -> None:
    ideas = {
        number: replace(
            one,
            title=one.title + name,
            category=name,
            estimates={who + name: replace(told, by=who + name) for who, told in one.estimates.items()},
        )
        for number, one in made.ideas.items()
    }
    told = record(calibrated(replace(made, ideas=ideas)), GOAL)
    assert all(cells(line) <= 80 for line in record_lines(told))


def test_every_line_of_a_full_record_fits_eighty_columns() -> None:
    told: Record = record(calibrated(six()), GOAL)
    lines = record_lines(told)
    assert max(map(cells, lines)) <= 80
    assert "- 6 · idea 6: ana said 2.0 h, and it took 8.0 h, a factor of 4.0 more; 1.9 bits" in lines
    assert "everybody              6  50 %  50 %  0.083  0.002  0.090  0.170    0.507  +67 %" in lines


@pytest.mark.parametrize("slope", range(7))
def test_what_the_trust_means_is_told_in_full(slope: int) -> None:
    trust = tuple(float(place == slope) for place in range(7))
    lines = record_lines(record(ledger([], calibration=Calibration(trust=trust)), GOAL))
    (line,) = (line for line in lines if line.startswith("trust "))
    assert "stated odds" in line
    assert not line.endswith("…")


def test_the_short_form_says_it_in_sentences() -> None:
    assert short(record(six(), GOAL)) == (
        "Stated chances: people said 50 % on average and 50 % worked "
        "(6 ideas; Brier score 0.08, 67 % better than saying the base rate each time).",
        "The planner's chances: 20 % on average and 50 % worked "
        "(6 ideas; Brier score 0.26, 4 % worse than saying the base rate each time).",
        "Hours: work takes 1.8 times what people say (median of 6 ideas; 80 % of them 0.75–3.5 times); "
        "4 of 6 lay in the planner's 80 % band.",
        "Gain: wins: not enough yet (2 of 6); 6 ideas were to bring 3.0 MEI in all and brought 6.0.",
        "Complexity: changes come out 1.0 points above what people say; 50 % within one point (6 ideas).",
    )

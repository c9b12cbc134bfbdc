"""The score of one idea under one calibration."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from math import exp, isfinite, prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.idea import Change, Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import RungSettings, ScoreSettings, Settings
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import Scorer, score
from planner.rules.scoring.terms import terms
from tests.rules.scoring_facts import (
    SETTINGS,
    calibrated,
    finished,
    idea,
    ledger,
    said,
    some_calibration,
    some_idea,
    some_ledger,
    tried,
)

START = Calibration()
PLAIN = idea(1, "mixup", said(hours=2, complexity=1, gain=3, likelihood=0.4))
RUNS = replace(SETTINGS, score=ScoreSettings(bottleneck="runs"))


def value(one: Idea, calibration: Calibration = START, settings: Settings = SETTINGS) -> float:
    return score(one, calibration, settings).value


# -- every term shown ---------------------------------------------------------------------------


@tried
@given(some_idea(99), some_calibration(), st.sampled_from([SETTINGS, RUNS]))
def test_the_calibrated_terms_multiply_to_the_score(
    one: Idea, calibration: Calibration, settings: Settings
) -> None:
    found = json.loads(json.dumps(terms(score(one, calibration, settings))))
    product = prod(factor["calibrated"] for factor in found["product"])
    assert product == pytest.approx(found["score"], rel=1e-9, abs=1e-12)
    assert isfinite(found["score"])
    assert found["score"] >= 0


@tried
@given(some_idea(99), some_calibration(), st.sampled_from([SETTINGS, RUNS]))
def test_the_terms_come_to_the_value_to_the_last_bit(
    one: Idea, calibration: Calibration, settings: Settings
) -> None:
    made = Scorer(calibration, settings)(one)
    expected = made.chance.used * made.gain.used
    assert made.value == (expected / made.hours.used if made.per_hour else expected)


def test_a_score_whose_terms_nobody_asked_for_yet_is_as_good_as_any() -> None:
    one = PLAIN
    late, same = Scorer(START, SETTINGS)(one), Scorer(START, SETTINGS)(one)
    assert late == same
    assert hash(late) == hash(same)
    assert pickle.loads(pickle.dumps(Scorer(START, SETTINGS)(one))) == same
    assert replace(Scorer(START, SETTINGS)(one), value=1.0).hours == same.hours
    with pytest.raises(AttributeError, match="no 'worth'"):
        getattr(late, "worth")  # noqa: B009


@tried
@given(some_idea(99), some_calibration())
def test_the_parts_of_the_hours_add_up(one: Idea, calibration: Calibration) -> None:
    found = json.loads(json.dumps(terms(score(one, calibration, SETTINGS))))
    assert sum(found["hours"]["parts"].values()) == pytest.approx(found["hours"]["calibrated"], rel=1e-9)


@tried
@given(some_idea(99), some_calibration())
def test_chance_and_gain_follow_from_their_terms(one: Idea, calibration: Calibration) -> None:
    found = score(one, calibration, SETTINGS)
    chance, gain = found.chance, found.gain
    assert chance.used == pytest.approx(min(0.95, max(0.002, chance.stated * chance.relatives)))
    assert gain.used == pytest.approx(max(0.0, gain.scale * exp(gain.centred) * gain.overlap - gain.variants))


# -- what nobody said ---------------------------------------------------------------------------


def test_an_idea_needs_only_a_title() -> None:
    found = score(idea(1, "something new"), START, SETTINGS)
    assert found.assumed == ("hours", "complexity", "impact", "likelihood")
    assert found.chance.centred == 0
    assert found.gain.used == pytest.approx(2.0)
    assert found.hours.complexity == 1
    assert found.chance.said is found.gain.said is found.hours.said is None


def test_assumed_hours_are_two_hours_with_nobodys_record() -> None:
    kind = replace(START, person_ratio={"ana": 1.0})
    silent, stated = score(idea(1), kind, SETTINGS), score(idea(2, "", said("bo", hours=2)), kind, SETTINGS)
    assert silent.hours.implement_total == pytest.approx(stated.hours.implement_total)


def test_each_criterion_is_the_median_of_those_who_stated_it() -> None:
    one = idea(1, "", said("ana", hours=1), said("bo", hours=3, likelihood=0.5), said("cleo", hours=8))
    found = score(one, START, SETTINGS)
    assert found.hours.said == 3
    assert found.chance.said == 0.5
    assert found.assumed == ("complexity", "impact")


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_stated_certainty_is_held_to_what_is_possible(chance: float) -> None:
    near = 0.02 if chance == 0 else 0.98
    sure, nearly = idea(1, "", said(likelihood=chance)), idea(2, "", said(likelihood=near))
    assert value(sure) == pytest.approx(value(nearly))


@pytest.mark.parametrize("nothing", [float("nan"), float("inf")])
def test_a_number_that_is_none_was_not_said(nothing: float) -> None:
    broken = said(hours=nothing, complexity=nothing, impact=nothing, likelihood=nothing)
    assert score(idea(1, "", broken), START, SETTINGS) == score(idea(1), START, SETTINGS)
    assert calibrated(ledger([idea(1, "", broken)])).calibration.mean_log_hours == START.mean_log_hours


# -- relative impacts ---------------------------------------------------------------------------


def relative_gain(calibration: Calibration, target: float | None = None) -> float | None:
    goal = replace(SETTINGS.goal, target=target)
    one = idea(1, "", said(impact=0.02, relative=True))
    return score(one, calibration, replace(SETTINGS, goal=goal)).gain.said


def test_a_relative_impact_is_a_share_of_the_baselines_value() -> None:
    assert relative_gain(replace(START, reference=80.0), target=95.0) == pytest.approx(0.02 * 80 / 0.2)


def test_before_the_baseline_ran_it_is_a_share_of_the_target() -> None:
    assert relative_gain(START, target=95.0) == pytest.approx(0.02 * 95 / 0.2)


def test_without_a_target_it_is_taken_as_it_is() -> None:
    assert relative_gain(START) == pytest.approx(0.02 / 0.2)


def test_a_gain_counts_the_same_whichever_direction_is_better() -> None:
    lower = replace(SETTINGS, goal=replace(SETTINGS.goal, direction="min"))
    raising, lowering = idea(1, "", said(impact=0.4)), idea(1, "", said(impact=-0.4))
    assert value(lowering, START, lower) == pytest.approx(value(raising))


# -- hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [Change(params={"lr": 0.1}), Change(ref="branch"), Change(implemented=True)]
)
def test_an_idea_that_can_run_costs_no_implementation(change: Change) -> None:
    ready = score(replace(PLAIN, change=change), START, SETTINGS)
    assert ready.hours.implement == 0
    assert ready.hours.implement_total > 0
    assert ready.value > value(PLAIN)


def test_hours_already_spent_are_gone() -> None:
    begun = score(replace(PLAIN, spent_hours=1.0), START, SETTINGS)
    assert begun.hours.implement == pytest.approx(begun.hours.implement_total - 1)


def test_more_spent_than_planned_leaves_nothing_to_implement_but_no_credit() -> None:
    assert score(replace(PLAIN, spent_hours=99.0), START, SETTINGS).hours.implement == 0


def test_run_hours_are_a_persons_word_else_measured_else_the_settings() -> None:
    settings = replace(SETTINGS, rungs={"full": RungSettings(hours=7.0)})
    measured = replace(START, run_hours=3.0)
    assert score(PLAIN, START, settings).hours.run_hours == 7
    assert score(PLAIN, measured, settings).hours.run_hours == 3
    assert score(replace(PLAIN, run_hours=5.0), measured, settings).hours.run_hours == 5


def test_the_band_holds_the_median_and_narrows_with_a_record() -> None:
    new = score(PLAIN, START, SETTINGS).hours
    old = score(PLAIN, replace(START, person_tasks={"ana": 10}), SETTINGS).hours
    assert new.low < old.low < old.implement_total * exp(-0.18) < old.high < new.high
    assert old.low == pytest.approx(old.implement_total * exp(-0.18 - 1.28 * 0.6))
    assert old.high == pytest.approx(old.implement_total * exp(-0.18 + 1.28 * 0.6))


def test_a_project_that_counts_no_hours_at_all_still_has_scores() -> None:
    free = replace(SETTINGS, score=ScoreSettings(gpu_hour=0, horizon=0, overhead=0))
    assert isfinite(value(replace(PLAIN, change=Change(implemented=True)), START, free))


# -- what moves a score, and what does not --------------------------------------------------------


@tried
@given(some_idea(99), some_calibration(), st.floats(1.0, 50.0))
def test_more_stated_hours_never_raise_a_score(one: Idea, calibration: Calibration, factor: float) -> None:
    longer = {
        who: replace(each, hours=None if each.hours is None else each.hours * factor)
        for who, each in one.estimates.items()
    }
    slower = value(replace(one, estimates=longer), calibration)
    assert slower <= value(one, calibration) * (1 + 1e-12)


@tried
@given(some_idea(99), some_calibration(), st.floats(0.0, 1.0))
def test_a_higher_stated_chance_never_lowers_a_score_that_trusts_it(
    one: Idea, calibration: Calibration, rise: float
) -> None:
    contrary, *others = calibration.trust
    trusting = replace(calibration, trust=(0.0, *[each / (1 - contrary) for each in others]))
    surer = {
        who: replace(
            each,
            likelihood=None if each.likelihood is None else each.likelihood + rise * (1 - each.likelihood),
        )
        for who, each in one.estimates.items()
    }
    assert value(replace(one, estimates=surer), trusting) >= value(one, trusting) * (1 - 1e-12)


def test_stated_odds_that_pointed_the_wrong_way_are_turned_round() -> None:
    contrary = replace(START, trust=(1.0, 0, 0, 0, 0, 0, 0))
    likely, unlikely = idea(1, "", said(likelihood=0.8)), idea(2, "", said(likelihood=0.1))
    assert value(likely, contrary) < value(unlikely, contrary)


@tried
@given(some_ledger(), some_idea(99))
def test_another_idea_moves_nobodys_score(made: Ledger, other: Idea) -> None:
    alone = {row.idea.id: row.score for row in rank(made, SETTINGS)}
    joined = rank(replace(made, ideas={**made.ideas, 99: other}), SETTINGS)
    assert {row.idea.id: row.score for row in joined if row.idea.id != 99} == alone


def test_an_edit_is_scored_afresh() -> None:
    before = value(PLAIN)
    edited = replace(PLAIN, estimates={"ana": said(hours=20, complexity=1, gain=3, likelihood=0.4)})
    assert value(edited) < before
    assert value(PLAIN) == before


def test_other_settings_are_not_mistaken_for_the_last_ones() -> None:
    dear = replace(SETTINGS, score=ScoreSettings(gpu_hour=2.0))
    assert value(PLAIN) > value(PLAIN, START, dear)
    assert value(PLAIN) > value(PLAIN, START, dear)


def test_when_runs_are_the_bottleneck_hours_do_not_count() -> None:
    found = score(PLAIN, START, RUNS)
    assert found.value == found.chance.used * found.gain.used
    assert not found.per_hour


# -- variants -----------------------------------------------------------------------------------


def test_a_kept_variant_takes_its_gain_off_the_others() -> None:
    kept = finished(1, "lr warmup long", kept=True, variants=1, gain=0.5)
    after = replace(START, finished=(kept,))
    variant, stranger = idea(2, "quite other words", variant_of=1), idea(3, "quite other words")
    assert score(stranger, after, SETTINGS).gain.used == pytest.approx(2.0)
    assert score(variant, after, SETTINGS).gain.used == pytest.approx(1.5)
    assert score(idea(1, "lr warmup long"), after, SETTINGS).gain.variants == 0


def test_a_variant_of_a_large_win_has_nothing_left_to_gain() -> None:
    after = replace(START, finished=(finished(1, kept=True, variants=1, gain=50.0),))
    assert value(idea(2, "", variant_of=1), after) == 0


# -- cost ---------------------------------------------------------------------------------------


def test_scoring_imports_nothing_heavy() -> None:
    program = (
        "import sys; import planner.rules.scoring.score, planner.rules.scoring.ranking; "
        "import planner.rules.notation.typed; "
        "print([name for name in ('numpy', 'pydantic', 'statistics', 'json') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@tried
@given(some_ledger())
def test_a_scorer_used_for_many_ideas_answers_like_a_fresh_one(made: Ledger) -> None:
    assume(made.ideas)
    shared = Scorer(made.calibration, SETTINGS)
    for one in [*made.ideas.values(), *made.ideas.values()]:
        assert shared(one) == Scorer(made.calibration, SETTINGS)(one)


def test_the_first_calibration_of_nothing_is_the_priors() -> None:
    found = calibrated(Ledger()).calibration
    assert found.trust == pytest.approx(START.trust)
    assert replace(found, number=0, at="", because=START.because, trust=START.trust) == START

"""The weekly review: what happened in a small week worked out by hand, and what paid off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Overruled
from planner.domain.settings import Settings
from planner.rules.learning.calibrate import calibrate
from planner.rules.reviewing.page import review_markdown
from planner.rules.reviewing.review import base_rate_at, review
from planner.rules.reviewing.weeks import week_named
from planner.rules.scoring.ranking import rank
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome
from tests.rules.reviewing.commonmark import MARKDOWN
from tests.rules.reviewing.small_week import (
    BEFORE,
    FRIDAY,
    GOAL,
    MONDAY,
    NEXT_MONDAY,
    NOW,
    SETTINGS,
    WEEK,
    small_week,
    the_review,
)
from tests.rules.scoring_facts import some_ledger, tried


def test_the_week_holds_what_landed_from_monday_to_sunday():
    seen = the_review()
    assert (seen.start, seen.end) == (MONDAY, NEXT_MONDAY)
    assert [(one.idea, one.verdict) for one in seen.tried] == [
        (2, "improved"),
        (3, "no gain"),
        (4, "invalid"),
    ]
    assert seen.verdicts == {"improved": 1, "no gain": 1, "worse": 0, "inconclusive": 0, "invalid": 1}


def test_the_gain_kept_is_shrunk_and_said_in_both_units():
    seen = the_review()
    assert seen.gain_kept == pytest.approx(2.5)
    assert seen.gain_kept_metric == pytest.approx(0.5)
    loss = Settings(goal=Goal(metric="val_loss", direction="min", minimum_effect=0.1))
    assert review(small_week(), loss, week=WEEK, now=NOW).gain_kept_metric == pytest.approx(-0.25)


def test_the_standing_is_the_best_mean_on_the_way_to_the_target():
    standing = the_review().standing
    assert (standing.best, standing.holder) == (pytest.approx(76.7), "idea 2")
    assert standing.first == pytest.approx(76.1)
    assert standing.share == pytest.approx(0.3)
    assert not standing.reached


def test_a_lucky_seed_that_did_not_improve_is_no_progress():
    ledger = small_week()
    lucky = a_run("lucky", 3, seed=2, value=79.0, ended_at=FRIDAY)
    assert the_review(replace(ledger, runs=ledger.runs | {"lucky": lucky})).standing.holder == "idea 2"


def test_the_goal_reached_is_said():
    near = Settings(goal=replace(GOAL, target=76.7 - 1e-9))
    seen = review(small_week(), near, week=WEEK, now=NOW)
    assert seen.standing.reached
    assert "**the goal is reached.**" in review_markdown(seen)


def test_people_and_gpus_are_counted_apart_and_an_idea_judged_again_adds_only_what_is_new():
    cost = the_review().cost
    assert cost.human_hours == pytest.approx(3.0 + (5.0 - 3.0) + 0.5)
    assert cost.gpu_hours == pytest.approx(1.5 + 1.5 + 2.5 + 0.5)
    assert cost.energy_wh == pytest.approx(150.0 + 150.0 + 200.0)
    assert cost.wins == 1


def test_cost_so_far_counts_the_baseline_too_and_is_divided_among_the_wins():
    so_far = the_review().cost_so_far
    assert so_far.human_hours == pytest.approx(3.0 + 3.0 + 3.0 + 2.0 + 0.5)
    assert so_far.gpu_hours == pytest.approx(5 * 1.0 + 2.0 + 6.0)
    assert so_far.wins == 2
    assert so_far.per_win(so_far.human_hours) == pytest.approx(5.75)


def test_a_week_without_a_win_has_no_cost_per_win():
    seen = the_review(a_ledger([]))
    assert seen.cost.per_win(seen.cost.gpu_hours) is None
    assert seen.cost.energy_wh is None


def test_invalid_ideas_are_no_misses():
    seen = the_review()
    assert (seen.hits.wins, seen.hits.judged, seen.hits.rate) == (1, 2, 0.5)
    assert (seen.hits_so_far.wins, seen.hits_so_far.judged) == (2, 3)


def test_the_base_rate_is_that_of_the_time_not_of_today():
    seen = the_review()
    # Before: idea 1 with q .92 at weight ½^(1/20) = .9659, idea 3 with q .40 at weight 1.
    assert seen.base_before == pytest.approx((1 + 0.9659 * 0.92 + 0.40) / (6 + 1.9659), rel=1e-4)
    # After: 1 at ½^(2/20) = .9330, 2 with .95 at .9659, 3 judged again with .05; idea 4 says nothing.
    assert seen.base == pytest.approx((1 + 0.9330 * 0.92 + 0.9659 * 0.95 + 0.05) / (6 + 2.8989), rel=1e-4)


def test_an_outcome_overruled_later_counts_in_the_base_rate_of_the_time_as_it_stood():
    ledger = small_week()
    overruled = [
        replace(
            one,
            verdict="no gain",
            kept=False,
            overruled=Overruled(
                verdict="improved", reason=one.reason, kept=True, worth=True, by="bo", at=NEXT_MONDAY
            ),
        )
        if (one.idea, one.at) == (2, MONDAY)
        else one
        for one in ledger.outcomes
    ]
    assert the_review(replace(ledger, outcomes=tuple(overruled))).base == the_review().base


def test_the_drought_counts_what_gave_evidence_since_the_last_win():
    seen = the_review()
    assert (seen.drought, seen.after_drought) == (1, 0.32)
    dry = [an_outcome(number, "worse", MONDAY) for number in range(1, 8)]
    assert the_review(a_ledger([], outcomes=tuple(dry))).after_drought == 0.10


def test_what_was_imported_counts_as_it_was_reported():
    log = {"rung": "full", "imported": "runs.csv", "reported_gain": 2.5}
    outcomes = (
        an_outcome(1, "improved", BEFORE, kept=True, **log),
        an_outcome(2, "improved", FRIDAY, kept=True, **log),
        an_outcome(3, "no gain", FRIDAY, **(log | {"reported_gain": None})),
    )
    ideas = [an_idea(number, dispatch=None) for number in (1, 2, 3)]
    seen = the_review(a_ledger(ideas, outcomes=outcomes, baselines=()))
    assert (seen.gain_kept, seen.hits.wins, seen.hits.judged) == (2.5, 1, 2)
    assert (seen.standing.best, seen.cost.gpu_hours, seen.cost.human_hours) == (None, 0, 0)
    # A win without seeds is 90 % sure: (1 + .9·.9330 + .9·.9659 + 0) / (6 + .9330 + .9659 + 1).
    assert seen.base == pytest.approx((1 + 0.9 * 0.9330 + 0.9 * 0.9659) / (6 + 2.8989), rel=1e-4)
    assert "| improved it is (imported from runs.csv) |" in review_markdown(seen)


@tried
@given(ledger=some_ledger(), week=st.sampled_from([WEEK, "2026-W46", "2026-W48", "2020-W53"]))
def test_any_ledger_has_a_review_for_any_week(ledger: Ledger, week: str):
    seen = review(ledger, SETTINGS, week=week, now=NOW, ranked=rank(ledger, SETTINGS))
    later = week_named("2026-W50").start
    assert base_rate_at(ledger, later) == calibrate(ledger, SETTINGS, at=later, because="").base
    assert 0 < seen.base < 1
    assert 0 <= seen.concentration.hours <= 1 + 1e-9
    assert sum(seen.verdicts.values()) == len(seen.tried)
    assert seen.hits.wins <= seen.hits.judged <= len(seen.tried)
    planned = [one.idea for one in seen.plan]
    for place, one in enumerate(seen.plan):
        assert set(one.after) <= set(planned[:place])
    MARKDOWN.render(review_markdown(seen))


def test_an_idea_that_is_known_no_more_is_named_by_its_number():
    seen = the_review(a_ledger([], outcomes=(an_outcome(7, "no gain", FRIDAY, hours=2.0),)))
    assert seen.tried[0].title == "idea 7"
    assert seen.concentration.category == "other"
    assert review_markdown(seen)

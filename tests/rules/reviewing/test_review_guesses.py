"""What a review says of the guesses: how good they were, and which scores have moved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.estimate import Estimate
from tests.rules.ledgers import a_ledger, an_outcome
from tests.rules.reviewing.small_week import (
    FRIDAY,
    a_revision,
    believed,
    small_week,
    the_review,
)


def test_guesses_stand_beside_what_happened():
    first, second, third = the_review().guesses
    assert (first.said_hours, first.hours, first.said_chance, first.chance, first.q) == (
        2.0,
        3.0,
        0.5,
        0.3,
        0.95,
    )
    assert (first.forecast_gain, first.gain) == (2.5, 2.5)
    assert (second.q, second.gain) == (0.05, None)
    assert (third.said_chance, third.q) == (0.9, None)


def test_an_idea_given_up_counts_as_one_that_did_not_work():
    ideas = [believed(1, hours=1.0, chance=0.7, planner=0.2, gain=1.0)]
    given_up = an_outcome(1, "no gain", FRIDAY, hours=9.0)
    assert the_review(a_ledger(ideas, outcomes=(given_up,))).guesses[0].q == 0.0


def test_only_what_was_frozen_before_the_runs_counts_as_said():
    late = Estimate(by="ana", at=FRIDAY, hours=3.0, likelihood=0.99)
    ledger = small_week()
    idea = replace(ledger.ideas[2], estimates={"ana": late})
    seen = the_review(replace(ledger, ideas=ledger.ideas | {2: idea}))
    assert seen.guesses[0].said_chance == 0.5


def test_hours_are_compared_by_the_median_ratio_so_far():
    ratio = the_review().hours_ratio
    assert ratio is not None
    assert (ratio.median, ratio.tasks) == (pytest.approx((1.25 + 1.5) / 2), 4)


def test_stated_chances_are_compared_with_what_happened_bin_by_bin():
    bins = the_review().chances
    assert [(one.low, one.ideas) for one in bins] == [(0.4, 2), (0.6, 1)]
    assert bins[0].worked == pytest.approx((0.92 + 0.95) / 2)
    assert bins[0].planner == pytest.approx(0.275)
    assert bins[1].said == pytest.approx(0.6)


def test_scores_that_moved_are_told_with_the_largest_change_first():
    assert [(one.idea, one.before) for one in the_review().moved] == [(7, 0.080), (6, 0.050)]


def test_a_score_that_moved_often_is_told_once_with_how_far_it_came():
    there, back = a_revision(1, 6, 0.1, 0.3), replace(a_revision(2, 6, 0.3, 0.2), because="overruled")
    (moved,) = the_review(a_ledger([], revisions=(there, back))).moved
    assert (moved.before, moved.after, moved.times, moved.because) == (0.1, 0.2, 2, "relative won")


def test_a_score_that_came_back_to_where_it_was_has_not_moved():
    there = replace(a_revision(1, 6, 0.1, 0.3), rank_before=1)
    back = replace(a_revision(2, 6, 0.3, 0.1), rank_after=1)
    assert the_review(a_ledger([], revisions=(there, back))).moved == ()

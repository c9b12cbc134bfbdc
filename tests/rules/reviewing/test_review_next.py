"""What a review says comes next: the plan, what is stale, what waits for repair, what was halted."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.estimate import Estimate
from planner.domain.idea import Change
from tests.rules.reviewing.small_week import (
    a_row,
    small_week,
    the_review,
)


def test_the_plan_is_the_first_five_of_the_ranking():
    rows = [a_row(number, rank, 0.1 / number) for number, rank in [(9, 2), (8, 1), (3, None)]]
    rows += [a_row(number, number, 0.01) for number in range(10, 15)]
    plan = the_review(ranked=rows).plan
    assert [one.idea for one in plan] == [8, 9, 10, 11, 12]
    assert (plan[0].score, plan[0].chance, plan[0].hours, plan[0].gpu_hours) == (0.0125, 0.2, 2.0, 8.0)


def test_ideas_untouched_for_four_weeks_are_stale():
    assert [one.title for one in the_review().stale] == ["forgotten"]
    ledger = small_week()
    for touch in (
        {"estimates": {"bo": Estimate(by="bo", at="2026-10-27T08:00:00.000Z")}},
        {"edited_at": "2026-11-20T08:00:00.000Z"},
        {"timer_since": "2026-10-26T08:00:00.000Z"},
        {"place": "parked"},
    ):
        idea = replace(ledger.ideas[6], **touch)
        assert the_review(replace(ledger, ideas=ledger.ideas | {6: idea})).stale == ()


def test_invalid_ideas_wait_for_repair_until_somebody_edits_them():
    ledger = small_week()
    assert [(one.idea, one.reason) for one in the_review(ledger).repair] == [(4, "KeyError: 'lr'")]
    mended = replace(ledger.ideas[4], edited_at="2026-11-21T08:00:00.000Z", change=Change(params={"lr": 1}))
    assert the_review(replace(ledger, ideas=ledger.ideas | {4: mended})).repair == ()


def test_halted_ideas_are_named_with_their_reason():
    (stuck,) = the_review().halted
    assert (stuck.title, stuck.reason) == ("stuck", "run r3 was stopped by a person")

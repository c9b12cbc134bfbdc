"""Which scores an outcome moves, and how that is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.run import Run
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.revise import revisions
from tests.rules.scoring_facts import (
    MONDAY,
    SETTINGS,
    TUESDAY,
    calibrated,
    dispatched,
    idea,
    ledger,
    outcome,
    said,
)

MIXUP, CUTMIX, WARMUP = (
    idea(1, "mixup", said(gain=3, hours=2, likelihood=0.5, complexity=1), category="augmentation"),
    idea(2, "cutmix", said(gain=3, hours=3, likelihood=0.45, complexity=1), category="augmentation"),
    idea(3, "warmup", said(gain=2, hours=1, likelihood=0.6, complexity=0), category="optimizer"),
)


def after(before: Ledger, found: Outcome | None, because: str = "a test") -> tuple[Revision, ...]:
    """The revisions that an outcome, or a mere calibration, makes."""
    now = before
    if found is not None:
        now = replace(dispatched(before, found.idea), outcomes=(*before.outcomes, found))
    return revisions(
        now,
        before.calibration,
        calibrate(now, SETTINGS, at=TUESDAY, because=because),
        SETTINGS,
        at=TUESDAY,
        outcome_of=found.idea if found else None,
        first_id=7,
    )


@pytest.fixture
def started() -> Ledger:
    return calibrated(ledger([MIXUP, CUTMIX, WARMUP]))


def test_a_win_revises_the_undecided_and_says_why(started: Ledger) -> None:
    moved = {each.idea: each for each in after(started, outcome(1, "improved", q=0.97, kept=True, hours=4.0))}
    assert set(moved) == {2, 3}
    assert moved[2].because.startswith('relative "mixup" won (×1.')
    assert "overlap ×0.88" in moved[2].because
    assert moved[3].because.startswith('"mixup" won: base rate 17 % → 28 %')
    assert all(each.after > each.before for each in moved.values())


def test_revisions_are_numbered_on_and_name_their_cause(started: Ledger) -> None:
    found = after(started, outcome(1, "improved", q=0.97))
    assert [each.id for each in found] == [7, 8]
    assert {(each.outcome_of, each.calibration, each.at) for each in found} == {(1, 2, TUESDAY)}


def test_a_failure_says_which_idea_brought_no_gain(started: Ledger) -> None:
    found = {each.idea: each for each in after(started, outcome(3, "no gain", q=0.02))}
    assert found[1].because.startswith('"warmup" brought no gain: base rate 17 % → ')
    assert found[1].after < found[1].before


def test_nothing_is_revised_when_nothing_moved(started: Ledger) -> None:
    assert after(started, None) == ()


def test_a_crash_revises_nothing(started: Ledger) -> None:
    assert after(started, outcome(1, "invalid")) == ()


def test_ranks_are_among_those_still_undecided(started: Ledger) -> None:
    found = after(started, outcome(1, "improved", q=0.97))
    assert sorted(each.rank_before for each in found) == [1, 2]
    assert sorted(each.rank_after for each in found) == [1, 2]


def test_the_first_calibration_says_so() -> None:
    before = ledger([replace(MIXUP, estimates={"ana": said(gain=30, likelihood=0.9)}), CUTMIX])
    found = after(before, None, because="first calibration")
    assert found
    assert all(each.because.startswith("first calibration: ") for each in found)
    assert any("against the usual" in each.because for each in found)


def test_measured_run_hours_are_named_when_they_move_a_score(started: Ledger) -> None:
    ran = Run(
        id="r1",
        idea=None,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at=MONDAY,
        order=0.0,
        status="finished",
        hours=20.0,
    )
    found = after(replace(started, runs={"r1": ran}), None)
    assert len(found) == 3
    assert all("run hours 1.0 → 20.0" in each.because for each in found)


def test_an_idea_whose_rank_alone_changed_says_that_others_moved() -> None:
    fast, steady = idea(1, "", said("bo", hours=2, gain=3)), idea(2, "", said("ana", hours=2.1, gain=3))
    before = ledger([fast, steady])
    slow_bo = replace(before.calibration, number=1, because="bo runs over", person_ratio={"bo": 1.5})
    found = revisions(before, before.calibration, slow_bo, SETTINGS, at=TUESDAY, outcome_of=None, first_id=1)
    assert [(each.idea, each.rank_before, each.rank_after) for each in found] == [(2, 2, 1), (1, 1, 2)]
    assert found[0].because == "bo runs over: only others moved"
    assert found[1].because.startswith("bo runs over: implementation ")


def test_a_long_title_stays_short_in_the_revisions(started: Ledger) -> None:
    long = replace(MIXUP, title="m" * 300)
    found = after(replace(started, ideas={**started.ideas, 1: long}), outcome(1, "improved", q=0.97))
    assert found
    assert all(len(each.because) < 300 for each in found)


def test_an_idea_that_nothing_can_be_gained_from_any_more_is_revised_once() -> None:
    variant = replace(CUTMIX, variant_of=1)
    before = calibrated(ledger([MIXUP, variant, WARMUP]))
    found = {each.idea: each for each in after(before, outcome(1, "improved", q=0.97, kept=True, gain=40.0))}
    assert found[2].after == 0
    assert "kept variants take 40.0 MEI" in found[2].because


def test_a_variants_win_that_is_taken_back_gives_the_others_their_gain_again() -> None:
    before = calibrated(ledger([MIXUP, replace(CUTMIX, variant_of=1), WARMUP]))
    won = outcome(1, "improved", q=0.97, kept=True, gain=40.0)
    kept = calibrated(replace(dispatched(before, 1), outcomes=(won,)))
    amended = replace(kept, outcomes=())
    found = {each.idea: each for each in after(amended, outcome(1, "invalid"))}
    assert found[2].before == 0 < found[2].after
    assert found[2].because.startswith('relative "mixup" turned out invalid (×')

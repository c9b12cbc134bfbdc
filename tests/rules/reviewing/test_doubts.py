"""Which numbers of which people a review calls in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import RungSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.learning.calibrate import calibrate
from planner.rules.reviewing.doubts import doubts
from planner.rules.scoring.ranking import rank
from tests.rules.ledgers import a_ledger, an_idea, an_outcome, some_evidence

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5, hours=2.0)})
EARLY = "2026-11-02T10:00:00.000Z"
JUDGED = "2026-11-10T10:00:00.000Z"
LATE = "2026-11-12T10:00:00.000Z"


def record(
    undecided: Idea, *, actual: float = 4.0, at: str = JUDGED
) -> tuple[Ledger, tuple[RankedIdea, ...]]:
    """Six ideas of Ana's that took `actual` hours instead of one and did not work, and one undecided."""
    said = Estimate(by="ana", at=EARLY, hours=1.0, likelihood=0.4)
    ideas = [
        an_idea(number, title=f"mixup {number}", dispatch=None, estimates={"ana": said})
        for number in range(1, 7)
    ]
    outcomes = tuple(
        an_outcome(number, "no gain", at, hours=actual, evidence=some_evidence(0.0, 0.02))
        for number in range(1, 7)
    )
    ledger = a_ledger([*ideas, undecided], outcomes=outcomes)
    ledger = replace(ledger, calibration=calibrate(ledger, SETTINGS, at=at, because="a test"))
    return ledger, rank(ledger, SETTINGS)


def an_open_idea(title: str, **said: Any) -> Idea:
    estimate = Estimate(by="ana", **({"at": EARLY} | said))
    return replace(
        an_idea(9, title=title, dispatch=None, estimates={"ana": estimate}),
        change=replace(an_idea(9).change, params={}),
    )


def test_hours_that_the_persons_record_contradicts_are_in_doubt():
    (doubt,) = doubts(*record(an_open_idea("something new", hours=2.0)))
    assert (doubt.idea, doubt.criterion, doubt.said) == (9, "hours", 2.0)
    assert doubt.used > 4.0
    assert "from 6 tasks" in doubt.reason


def test_hours_that_the_record_bears_out_are_not():
    assert doubts(*record(an_open_idea("something new", hours=2.0), actual=1.0)) == ()


def test_a_chance_that_relatives_contradict_is_in_doubt_beyond_the_persons_habit():
    (doubt,) = doubts(*record(an_open_idea("mixup 7", likelihood=0.6)))
    assert (doubt.criterion, doubt.said) == ("likelihood", 0.6)
    assert "mixup 6: no gain" in doubt.reason
    # What she always says is her habit; the planner has taken it off already.
    assert doubts(*record(an_open_idea("something new", likelihood=0.4))) == ()


def test_whoever_has_estimated_since_the_newest_outcome_is_left_alone():
    assert doubts(*record(an_open_idea("something new", hours=2.0, at=LATE))) == ()


def test_five_outcomes_contradict_nobody_yet():
    ledger, ranked = record(an_open_idea("something new", hours=2.0))
    assert doubts(replace(ledger, outcomes=ledger.outcomes[:5]), ranked) == ()

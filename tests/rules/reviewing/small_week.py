"""A small week, worked out by hand."""

from __future__ import annotations

from typing import Any

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Dispatch, Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Revision
from planner.domain.review import Review
from planner.domain.score import Chance, Gain, Hours, Score
from planner.domain.settings import RungSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.reviewing.review import review
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome, baseline_runs, idea_runs, some_evidence

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2, target=78.1)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5)})
WEEK = "2026-W47"  # Monday 16 to Sunday 22 November
BEFORE = "2026-11-13T10:00:00.000Z"
MONDAY = "2026-11-16T00:00:00.000Z"
FRIDAY = "2026-11-20T10:00:00.000Z"
NEXT_MONDAY = "2026-11-23T00:00:00.000Z"
NOW = "2026-11-23T09:00:00.000Z"


def believed(idea: int, *, hours: float, chance: float, planner: float, gain: float) -> Idea:
    """An idea whose one estimate was frozen before it ran."""
    estimate = Estimate(by="ana", at=BEFORE, hours=hours, likelihood=chance)
    frozen = Frozen(
        at=BEFORE,
        estimates={"ana": estimate},
        digest="",
        calibration=1,
        score=0.06,
        chance=planner,
        gain=gain,
        hours=5.0,
        centred_gain=0.0,
        overlap=1.0,
        slow=1.0,
    )
    return an_idea(idea, title=f"idea {idea}", frozen=frozen, dispatch=None, created_at=BEFORE)


def a_score(idea: int, value: float) -> Score:
    """A score of that value, with terms that are plain to see."""
    chance = Chance(
        said=None, usual=0.4, base=0.2, centred=0.0, trust=0.8, stated=0.2, relatives=1.0, used=0.2
    )
    gain = Gain(said=None, usual=3.0, scale=2.0, centred=0.0, overlap=1.0, used=2.0)
    hours = Hours(
        said=None,
        ratio=1.0,
        slow=1.0,
        implement_total=3.0,
        spent=1.0,
        implement=2.0,
        low=1.0,
        high=4.0,
        run_hours=4.0,
        runs=2.0,
        gpu=8.0,
        overhead=1.0,
        complexity=1.0,
        tax=0.5,
        used=5.5,
    )
    return Score(idea=idea, calibration=1, value=value, per_hour=True, chance=chance, gain=gain, hours=hours)


def a_row(idea: int, rank: int | None, value: float) -> RankedIdea:
    """An idea at a place of the ranking."""
    return RankedIdea(idea=an_idea(idea), status="ready", score=a_score(idea, value), rank=rank)


def a_revision(number: int, idea: int, before: float, after: float, at: str = FRIDAY) -> Revision:
    """A score that moved."""
    return Revision(
        id=number,
        at=at,
        idea=idea,
        before=before,
        after=after,
        rank_before=2,
        rank_after=1,
        because="relative won",
        calibration=2,
    )


def small_week() -> Ledger:
    """Idea 1 won before the week; in it idea 2 won, 3 did not, 4 was invalid, and 5 lost the week after."""
    ideas = [
        believed(1, hours=1.0, chance=0.5, planner=0.25, gain=2.0),
        believed(2, hours=2.0, chance=0.5, planner=0.3, gain=2.5),
        believed(3, hours=4.0, chance=0.6, planner=0.2, gain=1.5),
        believed(4, hours=1.0, chance=0.9, planner=0.2, gain=1.5),
        believed(5, hours=1.0, chance=0.1, planner=0.1, gain=1.0),
        an_idea(6, title="forgotten", dispatch=None, created_at="2026-10-26T08:00:00.000Z"),
        an_idea(
            7, title="stuck", dispatch=Dispatch(at=BEFORE, by="bo", halted="run r3 was stopped by a person")
        ),
    ]
    runs = [
        *baseline_runs(ended_at=BEFORE, hours=1.0, energy_wh=100.0),
        *idea_runs([76.4], idea=1, ended_at=BEFORE, hours=2.0),
        *idea_runs([76.6, 76.8], idea=2, ended_at=MONDAY, hours=1.5, energy_wh=150.0),
        *idea_runs([76.0], idea=3, ended_at=FRIDAY, hours=2.5),
        a_run("crashed", 3, seed=1, status="crashed", ended_at=FRIDAY, hours=0.5, energy_wh=200.0),
        a_run("late", 5, value=99.0, ended_at=NEXT_MONDAY, hours=7.0),
    ]
    win, loss = some_evidence(gain=2.5, q=0.95), some_evidence(gain=-0.3, q=0.05)
    outcomes = (
        an_outcome(1, "improved", BEFORE, hours=3.0, evidence=some_evidence(1.5, 0.92), kept=True),
        an_outcome(3, "inconclusive", BEFORE, hours=3.0, evidence=some_evidence(0.5, 0.4)),
        an_outcome(2, "improved", MONDAY, hours=3.0, evidence=win, kept=True, worth=True),
        an_outcome(3, "no gain", FRIDAY, hours=5.0, evidence=loss),
        an_outcome(4, "invalid", FRIDAY, hours=0.5, rung="check", reason="KeyError: 'lr'"),
        an_outcome(5, "improved", NEXT_MONDAY, hours=9.0, evidence=win, kept=True),
    )
    revisions = (
        a_revision(1, 6, 0.050, 0.055),
        a_revision(2, 7, 0.080, 0.060),
        a_revision(3, 6, 0.9, 0.1, at=BEFORE),
    )
    return a_ledger(ideas, runs, outcomes=outcomes, revisions=revisions)


def the_review(ledger: Ledger | None = None, **fields: Any) -> Review:
    """The review of the small week."""
    return review(ledger or small_week(), SETTINGS, **({"week": WEEK, "now": NOW} | fields))

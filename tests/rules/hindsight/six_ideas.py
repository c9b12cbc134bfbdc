"""Six resolved ideas, small enough to work their record out by hand."""

from __future__ import annotations

from typing import Any

from planner.domain.idea import Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.record import GroupRecord
from planner.domain.verdict import Verdict
from planner.rules.hindsight.record import record
from tests.rules.scoring_facts import (
    MONDAY,
    SETTINGS,
    idea,
    ledger,
    outcome,
    said,
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

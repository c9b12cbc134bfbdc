"""One idea on the ladder: the next step among given runs, and what it comes to."""

from __future__ import annotations

from typing import Any

from planner.domain.idea import Idea
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Halt, Settle, Step
from tests.rules.ledgers import (
    NOW,
    SETTINGS,
    a_ledger,
    an_idea,
)

BEFORE = "2026-11-01T12:00:00.000Z"
IDEA = an_idea(1)


def step(*runs: Run, idea: Idea = IDEA, settings: Settings = SETTINGS, **fields: Any) -> Step:
    """The next step of one idea among these runs."""
    return next_step(idea, a_ledger([idea], runs, **fields), settings, now=NOW)


def settled(found: Step) -> Outcome:
    """The outcome of a step that settles."""
    assert isinstance(found, Settle), found
    return found.outcome


def halted(found: Step) -> str:
    """The reason of a step that halts."""
    assert isinstance(found, Halt), found
    return found.reason

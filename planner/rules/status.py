"""Where an idea is on its way."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.idea import Idea
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.view import IdeaStatus


def status(idea: Idea, runs: Iterable[Run], outcome: Outcome | None) -> IdeaStatus:
    """Where an idea stands, by where a person put it, its own runs and its newest outcome."""
    if idea.place != "backlog":
        return idea.place
    if any(run.status == "running" and run.replay_of is None for run in runs):
        return "running"
    if idea.dispatch is not None and idea.dispatch.halted is None:
        return "queued"
    if outcome is not None and not _lifted(idea, outcome):
        return "invalid" if outcome.verdict == "invalid" else "done"
    return "ready" if idea.change.runnable else "open"


def _lifted(idea: Idea, outcome: Outcome) -> bool:
    """Whether an edit since has given an invalid idea another chance."""
    return outcome.verdict == "invalid" and idea.edited_at is not None and idea.edited_at > outcome.at

"""The sign, the word and the tone of every state, so that none is ever told by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.run import Run
from planner.domain.view import RankedIdea


@dataclass(frozen=True, slots=True)
class Sign:
    """How a state is told."""

    sign: str
    """One cell wide."""
    word: str
    """The field's word for it."""
    tone: str = ""
    """One of the tones of `rows`."""

    def __str__(self) -> str:
        return f"{self.sign} {self.word}"


IDEA = {
    "open": Sign("○", "open"),
    "ready": Sign("●", "ready", "good"),
    "queued": Sign("…", "queued", "live"),
    "running": Sign("▶", "running", "live"),
    "parked": Sign("‖", "parked", "dim"),
    "dropped": Sign("×", "dropped", "dim"),
    "done": Sign("■", "done", "dim"),
    "invalid": Sign("!", "invalid", "warn"),
}
"""By the status of an idea."""

VERDICT = {
    "improved": Sign("✓", "improved", "good"),
    "no gain": Sign("=", "no gain", "dim"),
    "worse": Sign("✗", "worse", "bad"),
    "inconclusive": Sign("?", "inconclusive", "warn"),
    "invalid": Sign("!", "invalid", "warn"),
}
"""By verdict."""

RUN = {
    "queued": Sign("…", "queued", "dim"),
    "running": Sign("▶", "running", "live"),
    "finished": Sign("✓", "finished", "good"),
    "failed": Sign("✗", "failed", "bad"),
    "stopped": Sign("■", "stopped", "warn"),
    "crashed": Sign("†", "crashed", "bad"),
}
"""By the status of a run."""

TRIED = {**RUN, "diverged": Sign("!", "diverged", "bad")}
"""By the state of a sweep's configuration."""

TIMER = Sign("◔", "timer", "live")
"""An idea whose implementation timer runs."""
STOPPING = Sign("▶", "stopping", "warn")
"""A run that was asked to stop and has not yet."""


def of_idea(row: RankedIdea) -> Sign:
    """Where an idea stands: its verdict once it has one, a running timer before anything else."""
    if row.idea.timer_since:
        return TIMER
    if row.status == "done" and row.outcome:
        return VERDICT[row.outcome.verdict]
    return IDEA[row.status]


def of_run(run: Run) -> Sign:
    """Where a run stands."""
    return STOPPING if run.status == "running" and run.stop_requested else RUN[run.status]

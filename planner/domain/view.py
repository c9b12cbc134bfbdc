"""What a face draws: everything decided, ranked, with where each run stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from planner.domain.event import Progress
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.score import Score
from planner.domain.settings import Settings

IdeaStatus = Literal["open", "ready", "queued", "running", "parked", "dropped", "done", "invalid"]
"""open: code still to be written; ready: can run; queued and running: dispatched; done: has a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedIdea:
    """An idea where it stands."""

    idea: Idea
    """The idea."""
    status: IdeaStatus
    """Where it is on its way."""
    score: Score
    """Its score with every term; of a finished idea, what it would be now."""
    rank: int | None = None
    """Place among the ideas still to decide, from 1; None for all others."""
    outcome: Outcome | None = None
    """Its newest outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run and where it stands."""

    run: Run
    """The run as it was decided."""
    title: str
    """The idea's title, or `baseline`."""
    progress: Progress = field(default_factory=Progress)
    """The fold of its events; empty before it started."""
    silent_seconds: float | None = None
    """Seconds since a running run last said anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One frozen picture of the project."""

    settings: Settings
    """What `planner.toml` says."""
    ledger: Ledger
    """Everything decided."""
    ranked: tuple[RankedIdea, ...] = ()
    """Ideas still to decide by score, best first; then the finished, the parked and the dropped."""
    runs: tuple[RunView, ...] = ()
    """Running first, then queued in order, then ended, newest first."""
    dispatcher: bool = False
    """Whether a dispatcher is alive."""
    warning: str | None = None
    """What is wrong with the store or the settings, in a sentence; the rest is as last known."""

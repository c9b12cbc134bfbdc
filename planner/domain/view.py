"""What a face draws: everything decided, ranked, with where each run stands."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from planner.domain.event import Progress
from planner.domain.fact import fact
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.score import Score
from planner.domain.settings import Settings

if TYPE_CHECKING:
    # Of one opened run only; making their classes would delay the first view.
    from planner.domain.evaluation import Evaluation
    from planner.domain.gpu import GpuReading

IdeaStatus = Literal["open", "ready", "queued", "running", "parked", "dropped", "done", "invalid"]
"""open: code still to be written; ready: can run; queued and running: dispatched; done: has a verdict."""


@fact
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


@fact
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


@fact
class RunDetail:
    """One run with everything its folder tells, read when a person opens it."""

    run: RunView
    """The run; its curves stand in `run.progress.curves`, of an ended run too."""
    epoch_ends: tuple[tuple[int, str], ...] = ()
    """When each epoch ended, as (epoch, UTC ISO 8601): ties the GPU's readings to the curves."""
    baseline_band: dict[str, tuple[tuple[int, float, float], ...]] = field(default_factory=dict)
    """By metric, (epoch, lowest, highest) over the baseline's runs on the same rung."""
    log: str = ""
    """The end of what it printed, at most 64 KiB."""
    evaluation: Evaluation | None = None
    """Slices, worst examples, confusion; None before there are any."""
    gpu: tuple[GpuReading, ...] = ()
    """Readings of the GPU it ran on, oldest first; empty without one."""
    context: dict[str, object] | None = None
    """What it ran on, as the worker wrote it; None before it started."""
    artefacts: tuple[str, ...] = ()
    """Files of the run folder worth opening, as paths relative to the project."""


@fact
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

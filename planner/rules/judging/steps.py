"""What a dispatched idea may need next."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.outcome import Outcome
from planner.domain.run import Run, Rung
from planner.domain.sweep import Chosen
from planner.rules.sweeping.proposing import Question


@dataclass(frozen=True, slots=True)
class Start:
    """Queue this run."""

    idea: int | None
    """The idea; None for a run of the baseline."""
    rung: Rung
    """The step of the ladder."""
    seed: int
    """The seed of every random generator."""
    retry_of: str | None = None
    """The crashed run it repeats."""
    step: int = 0
    """How many simplifications of the rung are undone for it."""
    params: dict[str, object] | None = None
    """What a sweep puts over the params of baseline and idea; None where no sweep has a say."""
    config: int | None = None
    """Which configuration of the idea's sweep it tries; None for every other run."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Write down what became of the idea."""

    outcome: Outcome
    """The verdict with its numbers; `worth` is left open."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before something else has happened."""

    reason: str
    """What it waits for, in a few words."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The idea climbs no further until a person acts."""

    reason: str
    """Why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Search:
    """Ask the searcher where to look next, and come again with its answer."""

    question: Question
    """What to ask."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Write down the best configuration of the idea's sweep; its seeds are next."""

    chosen: Chosen
    """The configuration, and what it was chosen from."""


Step = Start | Settle | Wait | Halt | Search | Choose


def describe(run: Run) -> str:
    """The run as a reason names it, such as `run r5 of the baseline (full, seed 2)`."""
    whose = " of the baseline" if run.idea is None else ""
    return f"run {run.id}{whose} ({where(run)})"


def where(run: Run) -> str:
    """Its place on the ladder, such as `small, step 1, seed 0`, and a sweep's configuration."""
    step = f", step {run.step}" if run.step else ""
    config = "" if run.config is None else f", configuration {run.config}"
    return f"{run.rung}{step}, seed {run.seed}{config}"

"""Everything that was decided, read at one moment."""

from __future__ import annotations

from dataclasses import field

from planner.domain.calibration import Calibration
from planner.domain.fact import fact
from planner.domain.idea import Idea
from planner.domain.outcome import Baseline, Outcome, Revision
from planner.domain.run import Run


@fact
class Ledger:
    """A frozen snapshot of the store."""

    generation: int = 0
    """Rises by one with every write."""
    ideas: dict[int, Idea] = field(default_factory=dict)
    """By number, oldest first."""
    runs: dict[str, Run] = field(default_factory=dict)
    """By id, oldest first."""
    outcomes: tuple[Outcome, ...] = ()
    """In the order they landed."""
    withdrawn: tuple[Outcome, ...] = ()
    """Outcomes whose seeds were all struck out: they count for nothing."""
    revisions: tuple[Revision, ...] = ()
    """In the order they were made."""
    baselines: tuple[Baseline, ...] = ()
    """By version; the last is in force."""
    calibration: Calibration = field(default_factory=Calibration)
    """The one in force."""
    paused: str | None = None
    """Why nothing starts by itself; None when dispatch is free to."""

"""The runs that wait, in the order they will start, and the hours they are."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.learning.measured import hours_by_rung


def in_order(runs: Iterable[Run]) -> list[Run]:
    """The queued runs, the next to start first."""
    queued = [run for run in runs if run.status == "queued"]
    return sorted(queued, key=lambda run: (run.order, run.queued_at, run.id))


def hours_waiting(runs: Iterable[Run], settings: Settings) -> float:
    """Wall hours that the queued runs will take one after another, as runs of their rungs have taken."""
    every = list(runs)
    hours = hours_by_rung(every, settings)
    return sum(hours.get(run.rung, 0.0) for run in every if run.status == "queued")

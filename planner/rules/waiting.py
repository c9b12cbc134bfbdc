"""The runs that wait in the order they will start, what sweeps will queue, and the hours that both are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.ledger import Ledger
from planner.domain.run import Run, Rung
from planner.domain.settings import Settings
from planner.rules.learning.measured import hours_by_rung


def in_order(runs: Iterable[Run]) -> list[Run]:
    """The queued runs, the next to start first."""
    queued = [run for run in runs if run.status == "queued"]
    return sorted(queued, key=lambda run: (run.order, run.queued_at, run.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What dispatched ideas will run for certain, but for their seeds, which nobody can foretell."""

    runs: int
    """Runs that are queued."""
    configs: int
    """Configurations of sweeps that are not queued yet, at most."""
    hours: float
    """Wall hours of both, one after another, as runs of their rungs have taken."""


def ahead(ledger: Ledger, settings: Settings) -> Ahead:
    """What is queued, and what the sweeps on their way will queue."""
    hours = hours_by_rung(ledger.runs.values(), settings)
    queued = [run for run in ledger.runs.values() if run.status == "queued"]
    sweeps = _sweeps(ledger, settings)
    return Ahead(
        runs=len(queued),
        configs=sum(many for _, many in sweeps),
        hours=sum(hours.get(run.rung, 0.0) for run in queued)
        + sum(hours[rung] * many for rung, many in sweeps),
    )


def _sweeps(ledger: Ledger, settings: Settings) -> list[tuple[Rung, int]]:
    """For each sweep on its way, the rung that tries its configurations, and how many are still to come."""
    wanted = [idea for idea in ledger.ideas.values() if idea.change.sweep and idea.dispatch]
    if not wanted:
        return []
    from planner.rules.sweeping.planned import left  # few ideas sweep
    from planner.rules.sweeping.tried import choosing_rung

    return [(choosing_rung(idea, settings), left(idea, ledger, settings)) for idea in wanted]

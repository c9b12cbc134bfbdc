"""The runs that wait, in the order they will start."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.run import Run


def in_order(runs: Iterable[Run]) -> list[Run]:
    """The queued runs, the next to start first."""
    queued = [run for run in runs if run.status == "queued"]
    return sorted(queued, key=lambda run: (run.order, run.queued_at, run.id))

"""What the runs have measured: how long a full one takes, and where the baseline stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import fsum

from planner.domain.run import Run


def mean_run_hours(runs: Iterable[Run]) -> float | None:
    """Mean wall hours of the finished full runs; None before any."""
    return _mean([run.hours for run in runs if _full(run) and run.hours > 0])


def baseline_value(runs: Iterable[Run]) -> float | None:
    """Mean of the goal's metric over the full runs of the newest baseline that has any; None before any."""
    values: defaultdict[int, list[float]] = defaultdict(list)
    for run in runs:
        if run.idea is None and run.value is not None and _full(run):
            values[run.baseline].append(run.value)
    return _mean(values[max(values)]) if values else None


def _full(run: Run) -> bool:
    return run.rung == "full" and run.status == "finished" and not run.struck


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None

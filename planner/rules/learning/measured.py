"""What the runs have measured: how long a full one takes, and where the baseline stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import fsum

from planner.domain.outcome import Outcome
from planner.domain.run import Run


def mean_run_hours(runs: Iterable[Run], outcomes: Iterable[Outcome] = ()) -> float | None:
    """Mean wall hours of the finished full runs; before any, those of imported outcomes; None before any."""
    measured = _mean([run.hours for run in runs if _full(run) and run.hours > 0])
    return (
        _mean([hours for outcome in outcomes if (hours := _reported(outcome))])
        if measured is None
        else measured
    )


def baseline_value(runs: Iterable[Run]) -> float | None:
    """Mean of the goal's metric over the full runs of the newest baseline that has any; None before any."""
    values: defaultdict[int, list[float]] = defaultdict(list)
    for run in runs:
        if run.idea is None and run.value is not None and _full(run):
            values[run.baseline].append(run.value)
    return _mean(values[max(values)]) if values else None


def _reported(outcome: Outcome) -> float:
    """What the run of an imported outcome is said to have taken; 0 when it broke or nobody says."""
    return outcome.run_hours if outcome.imported and outcome.verdict != "invalid" else 0.0


def _full(run: Run) -> bool:
    return run.rung == "full" and run.status == "finished" and not run.struck


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None

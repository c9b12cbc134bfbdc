"""What the runs have measured: how long a full one takes, and where the baseline stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum

from planner.domain.outcome import Outcome
from planner.domain.run import RUNGS, Run, Rung
from planner.domain.settings import Settings

UNMEASURED = 1 / 60
"""Hours that a run of `check` or `tiny` is thought to take before any was measured."""


def mean_run_hours(runs: Iterable[Run], outcomes: Iterable[Outcome] = ()) -> float | None:
    """Mean wall hours that a full run has taken; before any, those of imported outcomes; None before any."""
    by_id = {run.id: run for run in runs}
    measured = _mean(
        [hours for run in by_id.values() if _full(run) and (hours := whole_hours(run, by_id)) > 0]
    )
    return (
        _mean([hours for outcome in outcomes if (hours := _reported(outcome))])
        if measured is None
        else measured
    )


def mean_small_hours(runs: Iterable[Run]) -> float | None:
    """Mean wall hours that a run of `small` has taken, with all its simplifications; None before any."""
    by_id = {run.id: run for run in runs}
    ended = [run for run in by_id.values() if (run.rung, run.step, run.status) == ("small", 0, "finished")]
    return _mean([hours for run in ended if (hours := whole_hours(run, by_id)) > 0])


def hours_by_rung(runs: Iterable[Run], settings: Settings) -> dict[Rung, float]:
    """Hours that a run of each rung takes: the mean of those that finished, or what is thought before any."""
    by_id = {run.id: run for run in runs}
    taken: defaultdict[Rung, list[float]] = defaultdict(list)
    for run in by_id.values():
        if run.status == "finished" and (hours := whole_hours(run, by_id)) > 0:
            for rung in (run.rung, *run.covers):  # whoever waits for one of them waits for all of it
                taken[rung].append(hours)
    return {rung: _mean(taken[rung]) or _thought(rung, settings) for rung in RUNGS}


def whole_hours(run: Run, runs: Mapping[str, Run]) -> float:
    """Wall hours of a whole training: the run's own, and those of the runs it went on from."""
    hours, seen = run.hours, {run.id}
    while (earlier := runs.get(run.resumed_from or "")) and earlier.id not in seen:
        run, hours = earlier, hours + earlier.hours
        seen.add(run.id)
    return hours


def baseline_value(runs: Iterable[Run]) -> float | None:
    """Mean of the goal's metric over the full runs of the newest baseline that has any; None before any."""
    values: defaultdict[int, list[float]] = defaultdict(list)
    for run in runs:
        if run.idea is None and run.value is not None and _full(run):
            values[run.baseline].append(run.value)
    return _mean(values[max(values)]) if values else None


def _thought(rung: Rung, settings: Settings) -> float:
    """What planner.toml says of a rung; of a cheap one that it does not name, no more than a minute."""
    hours = min(settings.rung(rung).hours, settings.rung("full").hours)
    return hours if rung in settings.rungs or rung in ("small", "full") else min(hours, UNMEASURED)


def _reported(outcome: Outcome) -> float:
    """What the run of an imported outcome is said to have taken; 0 when it broke or nobody says."""
    return outcome.run_hours if outcome.imported and outcome.verdict != "invalid" else 0.0


def _full(run: Run) -> bool:
    return run.rung == "full" and run.status == "finished" and run.comparable


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None

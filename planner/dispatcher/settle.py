"""How a run ended, read from its events and, when those stop short, from its process."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from planner.clock import hours_between
from planner.domain.event import Progress
from planner.domain.mistake import Mistake
from planner.domain.run import RUNGS, Run
from planner.executors.local import death_cause
from planner.gpu.energy import energy_wh
from planner.store.runfolder import RunFolder


def settled(
    run: Run, progress: Progress, *, metric: str, exit_code: int | None, folder: RunFolder, at: str
) -> Run:
    """The run as it ended: its last word where it had one, `crashed` where it vanished without one."""
    ended = progress.ended
    readings, _ = folder.read_gpu()
    resumed = progress.resumed
    common = replace(
        run,
        ended_at=at,
        waits="",
        energy_wh=energy_wh(readings),
        resumed_from=resumed.run if resumed else None,
        inherited=resumed.epoch if resumed else 0,
    )
    if ended is None:
        return replace(
            common,
            # Ended by force because a person wanted it to end: no crash.
            status="stopped" if run.stop_requested else "crashed",
            cause=death_cause(exit_code, folder, progress.epoch),
            hours=_lived_hours(run, progress),
        )
    finite = {name: value for name, value in ended.metrics.items() if isfinite(value)}
    return replace(
        common,
        status=ended.status,
        cause=ended.cause,
        metrics=finite,
        value=finite.get(metric),
        hours=ended.seconds / 3600,
        covers=tuple(rung for rung in RUNGS if rung in ended.covers),
        rung=next((rung for rung in RUNGS if rung == ended.rung), run.rung),
        rate=_rate(folder) if run.rung == "lr" else None,
    )


def _rate(folder: RunFolder) -> float | None:
    """The learning rate that a search suggests; None where it found none, or what it found is damaged."""
    try:
        found = folder.read_rates()
    except Mistake:
        return None
    return found.rate if found else None


def _lived_hours(run: Run, progress: Progress) -> float:
    if progress.epoch and progress.resumed is None:
        return progress.seconds / 3600  # as the worker measured them, whatever the clock did meanwhile
    if run.started_at is None or progress.last_at is None:
        return 0.0
    return max(0.0, hours_between(run.started_at, progress.last_at))

"""Everything there is to see of one run, read from its folder when a person opens it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from planner.domain.event import Epoch, Event, Progress
from planner.domain.gpu import GpuReading
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.domain.view import RunDetail, RunView
from planner.rules.progress import fold
from planner.store.runfolder import RunFolder
from planner.workspace.lookup import find_run
from planner.workspace.project import Project
from planner.workspace.view import title_of

READINGS = 2000
"""GPU readings shown at most; of more, evenly spaced ones."""
BASELINE_RUNS = 10
"""Baseline runs the band is drawn from at most, the newest."""

Curve = tuple[tuple[int, float], ...]
Band = tuple[tuple[int, float, float], ...]
Found = TypeVar("Found")


def run_detail(project: Project, run_id: str) -> RunDetail:
    """One run with all that its folder tells; a Mistake when there is no such run.

    A file of the folder that is damaged is as good as not there: the rest is still worth seeing.
    """
    ledger = project.store.read()
    run = find_run(ledger.runs, run_id)
    folder = project.layout.run(run.id)
    events, _ = folder.read_events()
    return RunDetail(
        run=RunView(run=run, title=title_of(run, ledger), progress=fold(Progress(), events)),
        epoch_ends=tuple((event.epoch, event.at) for event in events if isinstance(event, Epoch)),
        baseline_band=_band(_baseline_curves(project, ledger, run)),
        log=folder.tail(),
        evaluation=_or_none(folder.read_evaluation),
        gpu=_thinned(folder.read_gpu()[0]),
        context=_or_none(folder.read_context),
        artefacts=_artefacts(folder, project.layout.project),
    )


def _baseline_curves(project: Project, ledger: Ledger, run: Run) -> list[dict[str, Curve]]:
    """The curves of the finished runs of the same baseline on the same rung, without the run itself."""
    alike = [
        other
        for other in ledger.runs.values()
        if other.idea is None
        and (other.baseline, other.rung, other.status) == (run.baseline, run.rung, "finished")
        and other.id not in (run.id, run.replay_of)
        and other.replay_of is None
    ]
    return [fold(Progress(), _events(project, other)).curves for other in alike[-BASELINE_RUNS:]]


def _events(project: Project, run: Run) -> list[Event]:
    return project.layout.run(run.id).read_events()[0]


def _band(curves: Iterable[dict[str, Curve]]) -> dict[str, Band]:
    """By metric, the lowest and the highest finite value at each epoch."""
    values: defaultdict[str, defaultdict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in curves:
        for metric, points in one.items():
            for epoch, value in points:
                if abs(value) < float("inf"):
                    values[metric][epoch].append(value)
    return {
        metric: tuple((epoch, min(seen), max(seen)) for epoch, seen in sorted(by_epoch.items()))
        for metric, by_epoch in values.items()
    }


def _thinned(readings: Sequence[GpuReading]) -> tuple[GpuReading, ...]:
    step = -(-len(readings) // READINGS) or 1
    return tuple(readings[::step])


def _or_none(read: Callable[[], Found | None]) -> Found | None:
    try:
        return read()
    except Mistake:
        return None


def _artefacts(folder: RunFolder, project: Path) -> tuple[str, ...]:
    """Files worth opening, as paths relative to the project."""
    files = (folder.context, folder.patch, folder.log, folder.evaluation, folder.histograms)
    saved = sorted(path for path in folder.checkpoints.rglob("*") if path.is_file())
    return tuple(str(path.relative_to(project)) for path in (*files, *saved) if path.is_file())

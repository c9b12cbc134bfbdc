"""Run folders as a worker leaves them, made without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.domain.event import Ended, Epoch, Started
from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder

START, LAST, END = (f"2026-11-16T10:0{minute}:00.000Z" for minute in range(3))
SPEC = Spec(
    format=SPEC_FORMAT,
    run="",
    project="/somewhere",
    rung="full",
    seed=0,
    params={"lift": 0.0},
    metric="val_accuracy",
    direction="max",
    entry="experiment:train",
    title="baseline",
    baseline=1,
    queued_at="2026-11-16T09:59:00.000Z",
)


def begun_run(layout: Layout, run_id: str, **told: object) -> RunFolder:
    """The folder of a run that has trained for an epoch; its spec says what is told."""
    for folder in (layout.home, layout.runs):
        folder.mkdir(mode=0o700, exist_ok=True)
    spec = replace(SPEC, **{"run": run_id, "project": str(layout.project), **told})  # type: ignore[arg-type]
    folder = RunFolder.create(layout.runs, spec)
    with EventLog(folder.events) as log:
        log.write(Started(at=START, pid=1, epochs=1))
        log.write(Epoch(at=LAST, epoch=1, epochs=1, seconds=60.0, metrics={"val_accuracy": 0.9}))
    return folder


def ended_run(layout: Layout, run_id: str, **told: object) -> RunFolder:
    """The folder of a run that has finished."""
    folder = begun_run(layout, run_id, **told)
    with EventLog(folder.events) as log:
        metrics = {"val_accuracy": 0.9, "loss": 0.1}
        log.write(Ended(at=END, status="finished", seconds=90.0, metrics=metrics))
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file beneath a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

"""Runs that take no time and end when a test says so; they outlive whoever started them, as workers do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from unittest.mock import patch

from planner.domain.event import Ended, Epoch, Event, Started
from planner.domain.gpu import GpuState
from planner.gpu.nvml import NO_GPU
from planner.store import archive
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder

End = Literal["finished", "failed", "stopped", "vanished"]

AT = "2026-11-16T09:00:00.000Z"
METRIC = "val_accuracy"


class PaperJob:
    """A run that lives for as long as its folder says so."""

    def __init__(self, folder: RunFolder) -> None:
        self.id = folder.id
        self._folder = folder

    def alive(self) -> bool:
        return _mark(self._folder).exists()

    def stop(self) -> None:
        end(self._folder, "stopped")

    def exit_code(self) -> int | None:
        return None


class PaperExecutor:
    """Starts runs on paper, each once, and finds those that somebody else has started."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs

    def submit(self, folder: RunFolder, *_handed: object) -> PaperJob:
        if folder.take():
            _mark(folder).touch()
            _say(folder, Started(at=AT, pid=1, epochs=1))
            _say(folder, Epoch(at=AT, epoch=1, epochs=1, seconds=1.0, metrics={METRIC: worth(folder)}))
        return PaperJob(folder)

    def prepare(self, backend: str | None) -> bool:
        return True

    def attach(self, job_id: str) -> PaperJob:
        return PaperJob(RunFolder(self._runs / (job_id or "none")))


def living(runs: Path) -> list[RunFolder]:
    """The runs that have not ended."""
    return [folder for path in sorted(runs.iterdir()) if _mark(folder := RunFolder(path)).exists()]


def end(folder: RunFolder, how: End) -> None:
    """Let a run end; one that vanishes says nothing."""
    if not _mark(folder).exists():
        return
    if how != "vanished":
        metrics = {METRIC: worth(folder)} if how == "finished" else {}
        cause = "ValueError: 10 outputs and 7 classes" if how == "failed" else ""
        _say(folder, Ended(at=AT, status=how, seconds=3600.0, metrics=metrics, cause=cause, covers=("tiny",)))
    _mark(folder).unlink()


def worth(folder: RunFolder) -> float:
    """What a run reaches: `lift` over the baseline's 0.9, and a little noise by its seed."""
    spec = folder.read_spec()
    lift = spec.params.get("lift", 0.0)
    assert isinstance(lift, float)
    return 0.9 + lift + (0.0, 0.0003, -0.0002)[spec.seed % 3]


def times_started(folder: RunFolder) -> int:
    """How many workers have begun to train in a folder."""
    return sum(isinstance(event, Started) for event in folder.read_events()[0])


@contextmanager
def calm() -> Iterator[None]:
    """Within the block no GPU is asked for, ids follow from numbers, and few revisions make an archive."""
    with (
        patch("planner.dispatcher.launch.current", lambda: GpuState(absent=NO_GPU)),
        patch("planner.dispatcher.climb.new_run_id", lambda number: f"r{number}-0000"),
        patch.object(archive, "MOST", 12),
        patch.object(archive, "KEPT", 4),
    ):
        yield


def _mark(folder: RunFolder) -> Path:
    return folder.path / "lives"


def _say(folder: RunFolder, event: Event) -> None:
    with EventLog(folder.events) as log:
        log.write(event)

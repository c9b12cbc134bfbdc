"""How long a run has been silent, whatever the clock on the wall does meanwhile."""

from __future__ import annotations

import pytest

from planner.cli import rows
from planner.domain.event import Epoch, Started
from planner.domain.run import Run
from planner.store import files
from planner.store.eventlog import EventLog
from planner.workspace import view
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.projects import Clock, make_project


class Seconds:
    """The monotonic clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    made = Seconds()
    monkeypatch.setattr(view, "time", made)
    return made


def test_silence_runs_by_the_monotonic_clock_and_ends_with_a_word(tmp_path, seconds: Seconds) -> None:
    clock = Clock()
    work = Workspace(make_project(tmp_path / "project"), now=clock, who="ana")
    project: Project = work.project
    at = clock()
    run = Run(
        id="r1-0000", idea=None, baseline=1, rung="full", seed=0, params={}, queued_at=at, order=0,
        status="running", started_at=at,
    )  # fmt: skip
    with project.store.transaction("a run", by="ana", undoable=False) as tables:
        tables.put(run)
    folder = work.layout.run(run.id)
    files.make_folder(folder.path)
    with EventLog(folder.events) as log:
        log.write(Started(at=at, pid=1))
        clock.advance(seconds=30)
        log.write(Epoch(at=clock(), epoch=1, epochs=9, seconds=30.0, metrics={"val_accuracy": 0.5}))
        clock.advance(seconds=40)
        assert work.view().runs[0].silent_seconds == 40.0  # said before this look was the first

        clock.advance(hours=-7)
        seconds.now += 60
        assert work.view().runs[0].silent_seconds == 100.0
        assert "silent for" in rows.progress(work.view().runs[0], "val_accuracy")

        clock.advance(hours=20)
        log.write(Epoch(at=clock(), epoch=2, epochs=9, seconds=60.0, metrics={"val_accuracy": 0.5}))
        clock.advance(hours=5)
        assert work.view().runs[0].silent_seconds == 0.0
        assert "silent" not in rows.progress(work.view().runs[0], "val_accuracy")


def test_a_clock_set_back_before_the_first_look_is_no_negative_silence(tmp_path, seconds: Seconds) -> None:
    clock = Clock()
    work = Workspace(make_project(tmp_path / "project"), now=clock, who="ana")
    run = Run(
        id="r1-0000", idea=None, baseline=1, rung="full", seed=0, params={}, queued_at=clock(), order=0,
        status="running", started_at=clock(),
    )  # fmt: skip
    with work.project.store.transaction("a run", by="ana", undoable=False) as tables:
        tables.put(run)
    clock.advance(hours=-3)
    assert work.view().runs[0].silent_seconds == 0.0

"""Runs that break off and go on, with real worker processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.run import Run
from planner.workspace.project import Project
from planner.workspace.resuming import going_on
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import TOML, make_project

RECIPE = '''
"""A recipe that writes down how far it is, and goes on from there."""

import time
from pathlib import Path


def train(params, run):
    first = 1
    if run.resumed_from is not None:
        first = 1 + int((run.resumed_from / "epoch.txt").read_text())
    for epoch in range(first, 9):
        time.sleep(params.get("pause", 0.0))
        run.log(epoch, val_accuracy=0.9 + params.get("lift", 0.0) + epoch / 1000)
        (run.folder / "epoch.txt").write_text(str(epoch))
        while (Path(params.get("holds", "/none")) / str(epoch)).exists() and not run.stopping:
            time.sleep(0.01)
        if run.stopping:
            return
'''


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    toml = TOML.replace("seeds = 3", "seeds = 1")
    work = Workspace(make_project(tmp_path / "project", recipe=RECIPE, toml=toml), who="ana")
    holds = tmp_path / "holds"
    holds.mkdir()
    for epoch in (3, 5):
        (holds / str(epoch)).touch()
    work.ideas.add("slow", params=["lift=0.02", f"holds={holds}"])
    work.queue.dispatch([1])
    return work


@pytest.fixture
def dispatcher(work: Workspace) -> Dispatcher:
    return Dispatcher.of(Project(work.layout, who="dispatcher"))


def let_go(work: Workspace, epoch: int) -> None:
    """Nothing waits after that epoch any more."""
    (work.layout.project.parent / "holds" / str(epoch)).unlink()


def in_its_third_epoch(work: Workspace, dispatcher: Dispatcher) -> tuple[str, int]:
    """Wait for the idea's full run; its id and its worker's process."""

    def found() -> list[tuple[str, int]]:
        rows = [row for row in work.view().runs if row.run.idea and row.run.rung == "full"]
        return [
            (row.run.id, row.progress.pid) for row in rows if row.progress.epoch >= 3 and row.progress.pid
        ]

    tick_until(dispatcher, found)
    return found()[0]


def the_last(work: Workspace) -> Run:
    return [run for run in work.view().ledger.runs.values() if run.rung == "full" and run.idea][-1]


def went_on(work: Workspace, broken: str) -> None:
    """The newest run has the whole history: what it inherited and what it trained."""
    run = the_last(work)
    assert (run.status, run.resumed_from) == ("finished", broken)
    assert run.inherited >= 2
    curve = work.run_detail(run.id).run.progress.curves["val_accuracy"]
    assert curve == tuple((epoch, pytest.approx(0.92 + epoch / 1000)) for epoch in range(1, 9))
    assert run.value == pytest.approx(0.928)
    outcome = work.view().ledger.outcomes[-1]
    assert outcome.evidence is not None
    assert outcome.evidence.seeds == 1
    parts = [part.hours for part in work.view().ledger.runs.values() if part.idea == 1]
    assert outcome.run_hours == pytest.approx(sum(parts))


def test_the_retry_of_a_crash_goes_on_from_it(work: Workspace, dispatcher: Dispatcher) -> None:
    victim, pid = in_its_third_epoch(work, dispatcher)
    let_go(work, 5)
    os.kill(pid, signal.SIGKILL)
    tick_until(dispatcher, lambda: work.view().ledger.runs[victim].status == "crashed")
    tick_until(dispatcher, lambda: the_last(work).status == "running")
    assert the_last(work).retry_of == victim
    run_dry(dispatcher)
    went_on(work, victim)


def test_a_stopped_run_goes_on_when_it_is_requeued(work: Workspace, dispatcher: Dispatcher) -> None:
    stopped, _ = in_its_third_epoch(work, dispatcher)
    let_go(work, 5)
    work.queue.stop(stopped)
    run_dry(dispatcher)
    run = work.view().ledger.runs[stopped]
    assert run.status == "stopped"
    work.queue.requeue(stopped)
    assert going_on(work.project, run) == f" from what {stopped} has kept"
    run_dry(dispatcher)
    went_on(work, stopped)


def test_what_broke_off_twice_goes_on_from_the_second_time(work: Workspace, dispatcher: Dispatcher) -> None:
    first, pid = in_its_third_epoch(work, dispatcher)
    os.kill(pid, signal.SIGKILL)
    tick_until(dispatcher, lambda: the_last(work).retry_of == first)
    second = the_last(work).id

    def far() -> bool:
        rows = [row for row in work.view().runs if row.run.id == second]
        return rows[0].progress.resumed is not None and rows[0].progress.epoch >= 4

    tick_until(dispatcher, far)
    work.queue.stop(second)
    run_dry(dispatcher)
    let_go(work, 5)
    work.queue.requeue(second)
    run_dry(dispatcher)
    went_on(work, second)
    assert the_last(work).inherited >= 4


def test_an_edited_idea_does_not_go_on_from_what_it_was(work: Workspace, dispatcher: Dispatcher) -> None:
    stopped, _ = in_its_third_epoch(work, dispatcher)
    work.queue.stop(stopped)
    run_dry(dispatcher)
    work.ideas.edit(1, params=["lift=0.03", "holds=/none"])
    assert going_on(work.project, work.view().ledger.runs[stopped]) == ""
    work.queue.requeue(stopped)
    run_dry(dispatcher)
    assert (the_last(work).resumed_from, the_last(work).inherited) == (None, 0)
    assert the_last(work).value == pytest.approx(0.938)

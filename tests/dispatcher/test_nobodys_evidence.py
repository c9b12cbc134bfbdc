"""A crash, a bug, a stop and a lost GPU change no calibration: through the loop, in a real store."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.calibration import Calibration
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.rules.learning.calibrate import calibrate
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until


def in_force(work: Workspace) -> Calibration:
    return work.view().ledger.calibration


def taught(work: Workspace) -> Calibration:
    """What the ledger would teach if somebody asked for a calibration now."""
    made = calibrate(work.view().ledger, work.settings, at="", because="")
    return replace(made, number=0)


def training(work: Workspace, idea: int) -> Run | None:
    """The idea's full run, once it has trained an epoch."""
    for row in work.view().runs:
        run = row.run
        if run.idea == idea and run.rung == "full" and run.status == "running" and row.progress.epoch:
            return run
    return None


def pid_of(work: Workspace, run: Run) -> int:
    pid = next(row.progress.pid for row in work.view().runs if row.run.id == run.id)
    assert pid
    return pid


@pytest.fixture
def started(work: Workspace, dispatcher: Dispatcher) -> Workspace:
    """A project in which one idea has won, so that there is something to unlearn."""
    work.ideas.add("mixup", likelihood="50%", hours="1h", category="augmentation", params=["lift=0.02"])
    work.ideas.add("cutmix", likelihood="40%", hours="2h", category="augmentation", params=["bug=true"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert in_force(work).outcomes == 1
    return work


def test_a_bug_changes_no_calibration(started: Workspace, dispatcher: Dispatcher) -> None:
    before, would = in_force(started), taught(started)
    started.queue.dispatch([2])
    run_dry(dispatcher)
    assert started.view().ledger.outcomes[-1].verdict == "invalid"
    assert in_force(started) == before
    assert taught(started) == would


def kill(work: Workspace, run: Run) -> None:
    os.kill(pid_of(work, run), signal.SIGKILL)


def stop(work: Workspace, run: Run) -> None:
    work.queue.stop(run.id)


def lose_the_gpu(work: Workspace, run: Run) -> None:
    """The sampler's last word, then the death of the worker that the lost GPU takes with it."""
    folder = work.layout.run(run.id)
    with folder.gpu.open("ab") as readings:
        readings.write(b'{"at":"2026-11-16T10:00:00.000Z","index":0,"uuid":"GPU-0","fault":"lost"}\n')
    assert [each.fault for each in folder.read_gpu()[0]] == ["lost"]
    kill(work, run)


@pytest.mark.parametrize(("end", "status"), [(kill, "crashed"), (stop, "stopped"), (lose_the_gpu, "crashed")])
def test_a_run_that_nobody_let_finish_changes_no_calibration(
    started: Workspace, dispatcher: Dispatcher, end: Callable[[Workspace, Run], None], status: str
) -> None:
    started.ideas.edit(2, params=["lift=0.01", "epochs=100000", "pause=0.1"])
    before, would = in_force(started), taught(started)
    started.queue.dispatch([2])
    tick_until(dispatcher, lambda: training(started, 2))
    run = training(started, 2)
    assert run is not None
    end(started, run)
    tick_until(dispatcher, lambda: started.view().ledger.runs[run.id].status == status)
    assert in_force(started) == before
    assert taught(started) == would
    for other in started.view().ledger.runs.values():
        if other.status in ("queued", "running"):
            started.queue.stop(other.id)
    run_dry(dispatcher)
    assert in_force(started) == before
    assert taught(started) == would


def test_a_bug_after_a_verdict_takes_nothing_back(started: Workspace, dispatcher: Dispatcher) -> None:
    would = taught(started)
    started.ideas.edit(1, params=["bug=true"])
    started.queue.dispatch([1])
    run_dry(dispatcher)
    outcomes: tuple[Outcome, ...] = started.view().ledger.outcomes
    assert [each.verdict for each in outcomes] == ["improved", "invalid"]
    assert taught(started) == would

"""A dispatcher whose lock was taken away gives way to the next one, and the run goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from planner import flock
from planner.dispatcher import __main__ as process
from planner.store import holders
from planner.store.layout import Layout
from planner.store.lock import acquired
from planner.workspace.standing import dispatcher_holds
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import PATIENCE
from tests.projects import TOML, make_project


def start(layout: Layout) -> subprocess.Popen[bytes]:
    """A dispatcher of the project, as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "planner.dispatcher", str(layout.project)])


def until(holds: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.02)


def test_a_dispatcher_whose_lock_was_taken_away_gives_way_and_each_run_is_made_once(tmp_path: Path) -> None:
    layout = make_project(tmp_path / "project", toml=TOML.replace("seeds = 3", "seeds = 1"))
    work = Workspace(layout, who="ana")
    work.ideas.add("slow", params=["pause=0.5", "epochs=6"])
    work.queue.dispatch([1], seeds=1)
    first = start(layout)
    until(lambda: any(run.status == "running" for run in work.project.store.read().runs.values()))
    layout.dispatcher_lock.unlink()
    second = start(layout)
    until(lambda: holders.processes(layout.dispatcher_lock))
    (survivor,) = [one for one in (first, second) if holders.processes(layout.dispatcher_lock) == (one.pid,)]
    other = second if survivor is first else first
    assert other.wait(PATIENCE) == 0
    assert survivor.wait(PATIENCE) == 0
    runs = work.project.store.read().runs.values()
    assert {run.status for run in runs} == {"finished"}
    made = [(run.idea, run.rung, run.seed) for run in runs]
    assert len(made) == len(set(made))
    assert work.project.store.read().outcomes


def test_who_only_looks_at_the_lock_keeps_no_dispatcher_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = make_project(tmp_path / "project")
    acquired(layout.dispatcher_lock).release()
    looker = os.open(layout.dispatcher_lock, os.O_RDONLY)
    assert flock.take(looker, shared=True)
    seen = []

    def looked(layout: Layout) -> bool:
        """As long a look as can be: the dispatcher has tried twice."""
        seen.append(dispatcher_holds(layout))
        if len(seen) == 2:
            os.close(looker)
        return seen[-1]

    monkeypatch.setattr(process, "dispatcher_holds", looked)
    hold = process._alone(layout)
    assert hold is not None
    assert seen == [False, False]
    assert process._alone(layout) is None, "one is enough"
    hold.release()

"""A sweep comes back from the run folders with what it has tried, so that a lost backlog repeats nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner.dispatcher import telling
from planner.dispatcher.rebuild import rebuild
from planner.domain.event import Ended, Started
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.rules.sweeping.tried import tried
from planner.store import files
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.workspace.rates import search
from planner.workspace.replay import replay
from planner.workspace.workspace import Workspace
from tests.dispatcher.lost import lose_everything
from tests.projects import TOML, make_project
from tests.store.ended import END, START
from tests.workspace.swept import try_all
from tests.workspace.undo_steps import tick

SMALL = TOML.replace("lift = 0.0", "lift = 0.0, epochs = 4") + "\n[rungs.small]\nparams = { epochs = 1 }\n"
AXES = ("lr=1e-4..1e-1", "layers=[64],[64,64]", "key=a,b")


def lived(folder: Path, axes: tuple[str, ...] = AXES) -> Workspace:
    """A project whose sweep has tried four configurations, one of which failed, with their folders."""
    work = Workspace(make_project(folder, toml=SMALL), who="ana")
    work.ideas.add("tune", sweep=axes, nuisance=["lr"], fixed=["note=3"], method="random", configs="4")
    work.queue.dispatch([1])
    try_all(work, 1, lambda params: None if params["key"] == "b" else 0.9 + float(str(params["lr"])))
    ledger = work.project.store.read()
    files.make_folder(work.layout.runs)
    for run in ledger.runs.values():
        spec = telling.spec_of(run, ledger, work.settings, str(folder), None, None)
        _ended(RunFolder.create(work.layout.runs, spec), run)
    return work


def _ended(folder: RunFolder, run: Run) -> None:
    with EventLog(folder.events) as log:
        log.write(Started(at=START, pid=1, epochs=1))
        metrics = {} if run.value is None else {"val_accuracy": run.value}
        assert run.status in ("finished", "failed")
        log.write(Ended(at=END, status=run.status, seconds=9.0, metrics=metrics, cause=run.cause))


def lost(work: Workspace) -> Workspace:
    """It again, once nothing but its run folders is left."""
    lose_everything(work.layout)
    return Workspace(work.layout, who="ana")


def test_a_sweep_comes_back_with_everything_it_has_tried(tmp_path: Path) -> None:
    work = lived(tmp_path / "project")
    before = work.project.store.read()
    work = lost(work)
    rebuild(work.project)
    after = work.project.store.read()
    assert after.ideas[1].change == before.ideas[1].change
    known = tried(before.ideas[1], before, work.settings)
    assert len(known) == 4
    assert {one.state for one in known} == {"finished", "failed"}
    assert tried(after.ideas[1], after, work.settings) == known


def test_a_sweep_over_a_secret_is_in_no_folder_and_does_not_come_back(tmp_path: Path) -> None:
    work = lived(tmp_path / "project", (*AXES, "database_password=hunter22,other4711"))
    specs = [path.read_text() for path in work.layout.runs.glob("*/spec.json")]
    assert specs
    assert not any("hunter22" in text or "other4711" in text for text in specs)
    work = lost(work)
    rebuild(work.project)
    assert work.project.store.read().ideas[1].change.sweep is None


TOKEN = "sk-proj-9aB8cD7eF6gH5iJ4kL3m"
PASSWORD = "hunter22"


def with_secrets(folder: Path, lift: str) -> Workspace:
    """A project whose baseline has a secret, and one of whose ideas another one of its own."""
    toml = TOML.replace("lift = 0.0", f'lift = 0.0, token = "{TOKEN}"')
    work = Workspace(make_project(folder, toml=toml), who="ana")
    work.ideas.add("lift", params=["lift=0.01"])
    work.ideas.add("elsewhere", params=[f"database_password={PASSWORD}", f"lift={lift}"])
    work.queue.dispatch([1, 2])
    tick(work)
    for run in list(work.project.store.read().runs.values()):
        ledger = work.project.store.read()
        spec = telling.spec_of(run, ledger, work.settings, str(folder), None, None)
        files.make_folder(work.layout.runs)
        _ended(RunFolder.create(work.layout.runs, spec), replace(run, status="finished", value=0.9))
    return lost(work)


def test_a_secret_of_the_baseline_comes_back_from_planner_toml(tmp_path: Path) -> None:
    work = with_secrets(tmp_path / "project", "0.02")
    rebuild(work.project)
    ledger = work.project.store.read()
    assert ledger.baselines[0].params == {"lift": 0.0, "token": TOKEN}
    assert ledger.ideas[1].change.params == {"lift": 0.01}
    work.queue.dispatch([1])
    assert len(work.project.store.read().baselines) == 1, "it is the same baseline"


def test_an_idea_that_has_lost_its_secret_does_not_run_before_it_has_it_again(tmp_path: Path) -> None:
    work = with_secrets(tmp_path / "project", "0.02")
    rebuild(work.project)
    run = next(run for run in work.project.store.read().runs.values() if run.idea == 2)
    lacks = "its param database_password held a secret, which run folders do not keep"
    with pytest.raises(Mistake, match=f"idea 2 can't run: {lacks}; give it again: `planner edit 2 --set "):
        work.queue.dispatch([2])
    with pytest.raises(Mistake, match=f"idea 2 can't run: {lacks}"):
        search(work.project, 2)
    with pytest.raises(Mistake, match=f"run {run.id} can't be replayed: {lacks}"):
        replay(work.project, run.id)
    work.ideas.edit(2, params=[f"database_password={PASSWORD}", "lift=0.02"])
    work.queue.dispatch([2])
    tick(work)
    params = [run.params for run in work.project.store.read().runs.values() if run.status == "queued"]
    assert params == [{"lift": 0.02, "token": TOKEN, "database_password": PASSWORD}]

"""A sweep comes back from the run folders with what it has tried, so that a lost backlog repeats nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner.dispatcher import telling
from planner.dispatcher.rebuild import rebuild
from planner.domain.event import Ended, Started
from planner.domain.run import Run
from planner.rules.sweeping.tried import tried
from planner.store import files
from planner.store.runfolder import EventLog, RunFolder
from planner.workspace.workspace import Workspace
from tests.projects import TOML, make_project
from tests.store.ended import END, START
from tests.workspace.swept import try_all

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


def lose_everything(work: Workspace) -> Workspace:
    """Nothing but the run folders is left."""
    for path in (work.layout.backlog, work.layout.journal):
        path.unlink()
    shutil.rmtree(work.layout.backups)
    return Workspace(work.layout, who="ana")


def test_a_sweep_comes_back_with_everything_it_has_tried(tmp_path: Path) -> None:
    work = lived(tmp_path / "project")
    before = work.project.store.read()
    work = lose_everything(work)
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
    work = lose_everything(work)
    rebuild(work.project)
    assert work.project.store.read().ideas[1].change.sweep is None

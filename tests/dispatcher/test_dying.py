"""A dispatcher that dies in the middle of something, and the one that comes after it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from planner.dispatcher import launch
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.event import Started
from planner.domain.gpu import GpuState
from planner.domain.mistake import Failed
from planner.domain.run import Run
from planner.executors import local, process, worktree
from planner.executors.local import LocalExecutor
from planner.gpu.lease import Leases
from planner.store.runfolder import RunFolder
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until
from tests.dispatcher.test_gpus import gpu
from tests.projects import TOML, commit, git, make_project

SLOW = ["lift=0.02", "epochs=100000", "pause=0.05"]
"""Params of an idea that trains until it is stopped."""


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    toml = TOML.replace("seeds = 3", "seeds = 1")  # soon there
    return Workspace(make_project(tmp_path / "project", toml=toml), who="ana")


def successor(work: Workspace) -> Dispatcher:
    """The dispatcher that comes after one that died."""
    return Dispatcher.of(Project(work.layout, who="dispatcher"))


def runs(work: Workspace) -> list[Run]:
    return list(work.view().ledger.runs.values())


def queued_run(work: Workspace, dispatcher: Dispatcher, params: list[str]) -> Run:
    """The first run of a new idea, queued and not started."""
    work.ideas.add("mixup", params=params)
    work.queue.dispatch([1])
    from planner.dispatcher.climb import climb
    from planner.dispatcher.measuring import Measurements
    from planner.dispatcher.searching import Searches

    climb(dispatcher.project, Searches(), Measurements(dispatcher.project.layout.project))
    (run,) = runs(work)
    return run


def prepared(dispatcher: Dispatcher, run: Run, device: str | None = None) -> RunFolder:
    """The folder of a queued run, as a dispatcher leaves it that dies before it starts the worker."""
    ledger = dispatcher.project.store.read()
    code, settings = str(dispatcher.project.layout.project), dispatcher.project.settings
    return dispatcher.launcher._folder(run, ledger, settings, code, device)


def test_a_worker_that_was_started_but_not_written_down_is_followed(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    run = queued_run(work, dispatcher, ["lift=0.02", "epochs=5", "pause=0.1"])
    folder = prepared(dispatcher, run)
    LocalExecutor().submit(folder)
    while folder.read_claim() is None:
        pass
    after = successor(work)
    after.adopt()
    assert runs(work)[0].status == "running"
    run_dry(after)
    assert len([event for event in folder.read_events()[0] if isinstance(event, Started)]) == 1
    assert [outcome.idea for outcome in work.view().ledger.outcomes] == [1]


def test_it_is_followed_also_while_dispatch_is_paused(work: Workspace, dispatcher: Dispatcher) -> None:
    run = queued_run(work, dispatcher, ["lift=0.02", "pause=100000"])
    folder = prepared(dispatcher, run)
    LocalExecutor().submit(folder)
    while folder.read_claim() is None:
        pass
    with work.project.store.transaction("pause", by="ana", undoable=False) as tables:
        tables.set_paused("a reason")
    after = successor(work)
    after.tick()
    assert runs(work)[0].status == "running"
    work.queue.stop(run.id)
    tick_until(after, lambda: runs(work)[0].status == "stopped")


@pytest.mark.parametrize("left", ["an empty folder", "a spec"])
def test_a_folder_left_without_a_worker_is_used_and_the_idea_comes_to_its_verdict(
    work: Workspace, dispatcher: Dispatcher, left: str
) -> None:
    run = queued_run(work, dispatcher, ["lift=0.02"])
    if left == "a spec":
        prepared(dispatcher, run, device="GPU-that-is-gone")
    else:
        work.layout.run(run.id).path.mkdir(parents=True)
    after = successor(work)
    after.adopt()
    run_dry(after)
    assert work.layout.run(run.id).read_spec().device is None
    assert [outcome.verdict for outcome in work.view().ledger.outcomes] == ["improved"]


def test_a_run_that_is_taken_out_of_the_queue_as_it_starts_is_not_trained(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    run = queued_run(work, dispatcher, ["lift=0.02"])
    folder = prepared(dispatcher, run)
    work.queue.stop(run.id)
    assert not dispatcher.launcher._begin(run, lambda: folder, None)
    assert runs(work)[0].status == "stopped"
    assert not folder.log.exists()  # no worker was ever started


def test_a_fault_of_the_machine_makes_a_run_wait_and_is_no_word_on_the_idea(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> RunFolder:
        raise Failed("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(RunFolder, "create", full)
        work.ideas.add("mixup", params=["lift=0.02"])
        work.queue.dispatch([1])
        tick_until(dispatcher, lambda: any(run.waits for run in runs(work)))
        assert [(run.status, run.waits) for run in runs(work)] == [("queued", "the disk is full")]
    run_dry(dispatcher)
    assert [outcome.verdict for outcome in work.view().ledger.outcomes] == ["improved"]


def branch(work: Workspace) -> None:
    """A branch `better`, worth something."""
    project = work.layout.project
    recipe = project / "experiment.py"
    git(project, "checkout", "-q", "-b", "better")
    recipe.write_text(recipe.read_text().replace("0.9 +", "0.95 +"))
    commit(project, "better")
    git(project, "checkout", "-q", "main")


def test_worktrees_of_ended_runs_are_taken_away_after_a_crash(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch(work)
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    with monkeypatch.context() as patched:
        patched.setattr(dispatcher.launcher, "tidy", lambda run: None)  # it dies before it comes to that
        run_dry(dispatcher)
    assert worktree.worktrees(work.layout.home)
    successor(work).adopt()
    assert not worktree.worktrees(work.layout.home)
    assert git(work.layout.project, "worktree", "list").count("\n") == 0


@pytest.mark.parametrize("half", ["a bare folder", "half a checkout"])
def test_half_a_worktree_is_made_anew(work: Workspace, dispatcher: Dispatcher, half: str) -> None:
    branch(work)
    project, home = work.layout.project, work.layout.home
    place = home / "worktrees" / "r1-0000" / "code"
    if half == "half a checkout":
        worktree.add_worktree(project, home, "r1-0000", "better")
        (place / "experiment.py").unlink()
        git(project, "worktree", "lock", "--reason", "initializing", str(place))
    else:
        place.mkdir(parents=True)
    again = worktree.add_worktree(project, home, "r1-0000", "better")
    assert "0.95 +" in (again / "experiment.py").read_text()
    worktree.remove_worktree(project, home, "r1-0000")
    assert not worktree.worktrees(home)


def test_a_worker_keeps_the_lease_of_its_gpu_when_its_dispatcher_dies(
    work: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launch, "current", lambda: GpuState(readings=(gpu(0),)))
    monkeypatch.setattr(launch, "Leases", lambda: Leases(tmp_path / "leases"))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    work.ideas.add("slow", params=SLOW)
    work.queue.dispatch([1])
    child = os.fork()
    if child == 0:
        try:
            tick_until(successor(work), lambda: full_runs(work))
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    stranger = Leases(tmp_path / "leases")
    assert not stranger.take("GPU-0")  # nobody watches, and the GPU is still the run's
    after = successor(work)
    after.adopt()
    assert not stranger.take("GPU-0")
    (run,) = full_runs(work)
    work.queue.stop(run.id)
    tick_until(after, lambda: not full_runs(work))
    assert stranger.take("GPU-0")


def full_runs(work: Workspace) -> list[Run]:
    """The full runs of ideas that train right now."""
    training = [one for one in work.view().runs if one.run.status == "running" and one.progress.epoch]
    return [one.run for one in training if one.run.rung == "full" and one.run.idea]


def worker_of(work: Workspace, run: Run) -> process.ProcessIdentity:
    """The process that trains."""
    claim = work.layout.run(run.id).read_claim()
    assert claim is not None
    identity = process.identity_of(claim["pid"])
    assert identity is not None
    return identity


def test_after_a_reboot_runs_have_crashed_and_dispatch_waits_for_a_person(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.ideas.add("slow", params=SLOW)
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: full_runs(work))
    (run,) = full_runs(work)
    stranger = worker_of(work, run)
    monkeypatch.setattr(process, "boot_id", lambda: "the-next-boot")
    # Nothing that was started in the last boot runs in this one.
    monkeypatch.setattr(process, "carries", lambda pid, mark: False)
    monkeypatch.setattr(local, "claimant", lambda folder: None)
    after = successor(work)
    after.adopt()
    after.tick()
    view = work.view()
    assert run.id in (view.ledger.paused or "")
    assert view.ledger.runs[run.id].status == "crashed"
    assert not any(one.status == "running" for one in view.ledger.runs.values())
    monkeypatch.undo()
    assert process.alive(stranger)  # whoever has that number now was never signalled
    process.end_all(stranger, str(work.layout.run(run.id).path))

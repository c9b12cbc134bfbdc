"""Code is checked out beside the loop: a filter that hangs keeps only its own run waiting."""

from __future__ import annotations

import os
import subprocess
from errno import ETIMEDOUT
from pathlib import Path

import pytest

from planner.dispatcher import checkouts, launch
from planner.dispatcher.dispatcher import Dispatcher
from planner.executors.git import Unable
from planner.executors.git import git as asked
from planner.executors.worktree import worktrees
from planner.workspace.workspace import Workspace
from tests.dispatcher.branches import branch, runs
from tests.dispatcher.conftest import come_to_rest, run_dry, tick_until
from tests.executors.waiting import until
from tests.projects import TOML, git, make_project

LOOKS = 3_000
"""Looks for the gate, twenty a second at most: whatever becomes of a test, its filter comes to an end."""
ALONE = TOML.replace("seeds = 3", "seeds = 1") + "\n[dispatch]\nstandby = false\n"


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(make_project(tmp_path / "project", toml=ALONE), who="ana")


@pytest.fixture
def gate(work: Workspace, tmp_path: Path) -> Path:
    """A filter that every checkout of the recipe goes through, and that waits for a gate to open."""
    project, gate = work.layout.project, tmp_path / "gate"
    branch(project)
    closed = f"[ ! -e {gate} ] && [ $n -lt {LOOKS} ]"
    program = f"echo $$ > {tmp_path}/pid; n=0; while {closed}; do n=$((n+1)); sleep 0.05; done; cat"
    git(project, "config", "filter.slow.smudge", program)
    (project / ".git" / "info" / "attributes").write_text("experiment.py filter=slow\n")
    return gate


def waits(work: Workspace) -> str:
    return next((run.waits for run in runs(work)), "")


def test_others_run_meanwhile_and_it_runs_once_its_code_is_there(
    work: Workspace, dispatcher: Dispatcher, gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "HELD", 0.0)
    work.ideas.add("better", ref="better", likelihood="90%")
    work.ideas.add("lift", params=["lift=0.02"])
    work.queue.dispatch([1, 2])
    tick_until(dispatcher, lambda: any(run.status == "finished" for run in runs(work, 2)))
    assert [run.status for run in runs(work)] == ["queued"]
    gate.touch()
    tick_until(dispatcher, lambda: runs(work)[0].status == "finished")
    come_to_rest(work, dispatcher)
    assert not worktrees(work.layout.home)


def test_it_keeps_its_slot_for_the_time_that_checkouts_take(
    work: Workspace, dispatcher: Dispatcher, gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "HELD", 1e6)
    work.ideas.add("better", ref="better", likelihood="90%")
    work.ideas.add("lift", params=["lift=0.02"])
    work.queue.dispatch([1, 2])
    tick_until(dispatcher, lambda: waits(work) == launch.WAITS_FOR_CODE and runs(work, 2)[0].waits)
    dispatcher.tick()
    assert [run.waits for run in runs(work, 2)] == [launch.WAITS_FOR_SLOT]
    gate.touch()
    come_to_rest(work, dispatcher)


def test_what_was_checked_out_for_a_run_that_was_stopped_goes(
    work: Workspace, dispatcher: Dispatcher, gate: Path
) -> None:
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: waits(work) == launch.WAITS_FOR_CODE)
    work.queue.stop(runs(work)[0].id)
    assert dispatcher.tick(), "it waits for what is still being made"
    gate.touch()
    run_dry(dispatcher)
    assert not worktrees(work.layout.home)
    assert git(work.layout.project, "worktree", "list").count("\n") == 0


def test_a_disk_that_does_not_answer_in_time_keeps_its_own_run_waiting_alone(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch(work.layout.project)
    work.ideas.add("better", ref="better", likelihood="90%")
    work.ideas.add("lift", params=["lift=0.02"])
    work.queue.dispatch([1, 2])
    monkeypatch.setattr(launch, "REST", 0.0)
    made = checkouts.code_for

    def late(*_asked: object) -> Path:
        raise TimeoutError(ETIMEDOUT, "Connection timed out")

    monkeypatch.setattr(checkouts, "code_for", late)
    tick_until(dispatcher, lambda: any(run.status == "running" for run in runs(work, 2)))
    tick_until(dispatcher, lambda: "Connection timed out" in waits(work))
    monkeypatch.setattr(checkouts, "code_for", made)
    tick_until(dispatcher, lambda: runs(work)[0].status == "running")
    come_to_rest(work, dispatcher)


def test_a_filter_that_hangs_is_given_up_and_nothing_of_it_goes_on(
    work: Workspace, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, communicate = tmp_path / "pid", subprocess.Popen.communicate

    def until_it_hangs(git: subprocess.Popen[bytes], given: bytes, timeout: float) -> tuple[bytes, bytes]:
        until(lambda: shell.exists() and shell.read_text().endswith("\n"))
        return communicate(git, given, timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", until_it_hangs)
    with pytest.raises(Unable, match=r"`worktree` took longer than 0.1 s"):
        asked(work.layout.project, "worktree", "add", "-q", str(tmp_path / "code"), "better", patience=0.1)
    until(lambda: not _lives(int(shell.read_text())))


def _lives(pid: int) -> bool:
    """Whether it still runs; one that nobody has collected does not."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False

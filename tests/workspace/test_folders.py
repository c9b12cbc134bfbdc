"""What the doctor says of run folders that do not fit the backlog."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import pytest

from planner.domain.finding import Finding
from planner.domain.run import Run, RunStatus
from planner.store import encoding
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.workspace.folders import examine_folders
from planner.workspace.workspace import Workspace
from tests.store.ended import END, START, begun_run, ended_run, files_of


@pytest.fixture
def layout(work: Workspace) -> Layout:
    return work.layout


def known(work: Workspace, run_id: str, status: RunStatus = "finished") -> Run:
    """A run that the backlog knows."""
    run = Run(
        id=run_id,
        idea=None,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at=START,
        order=0.0,
        status=status,
        started_at=START,
        ended_at=END if status == "finished" else None,
    )
    with work.project.store.transaction(f"put {run_id}", by="test", undoable=False) as tables:
        tables.put(run)
    return run


def found(work: Workspace) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine_folders(work.layout, work.project.store.read())}


def claimed_by(folder: RunFolder, pid: int, created: float, host: str) -> None:
    folder.claim.write_bytes(encoding.dump({"pid": pid, "created": created, "host": host}))


def test_folders_that_fit_the_backlog_are_fine(work: Workspace, layout: Layout) -> None:
    ended_run(layout, "r1-aaaa")
    known(work, "r1-aaaa")
    assert {finding.state for finding in found(work).values()} == {"ok"}


def test_a_whole_folder_without_a_run_can_be_brought_back(work: Workspace, layout: Layout) -> None:
    ended_run(layout, "r1-aaaa")
    begun_run(layout, "r2-bbbb")
    finding = found(work)["run folders"]
    assert (finding.state, finding.command) == ("warning", "planner doctor --rebuild")
    assert "2 of the folders" in finding.text
    before = files_of(layout.home)
    examine_folders(layout, work.project.store.read())
    assert files_of(layout.home) == before


def test_a_folder_whose_run_goes_on_is_left_until_it_has_ended(work: Workspace, layout: Layout) -> None:
    assert begun_run(layout, "r1-aaaa").take()  # by this very process, which is alive
    finding = found(work)["run folders"]
    assert (finding.state, finding.command) == ("warning", None)
    assert "goes on" in finding.text


def test_a_folder_that_tells_nothing_is_said_to_be_needed_by_nobody(work: Workspace, layout: Layout) -> None:
    (layout.runs / "r1-aaaa").mkdir()
    ended_run(layout, "r2-bbbb").spec.write_text("{")
    finding = found(work)["run folders"]
    assert (finding.state, finding.command) == ("warning", None)
    assert "2 of the folders" in finding.text


def test_a_linked_folder_is_not_followed(work: Workspace, layout: Layout) -> None:
    elsewhere = layout.project / "elsewhere"
    shutil.move(ended_run(layout, "r1-aaaa").path, elsewhere)
    (layout.runs / "r1-aaaa").symlink_to(elsewhere)
    assert found(work)["run folders"].state == "ok"


def test_a_run_whose_folder_is_gone_says_what_is_lost_with_it(work: Workspace, layout: Layout) -> None:
    known(work, "r1-aaaa")
    finding = found(work)["lost run folders"]
    assert finding.state == "warning"
    assert "such as r1-aaaa: their values count as before" in finding.text


@pytest.mark.parametrize("name", ["spec.json", "context.json", "evaluation.json", "events.jsonl"])
@pytest.mark.parametrize("damage", [b"", b'{"a":', b"\x00\x00\x00\x00\n", b"[1]\n"])
def test_a_damaged_file_of_a_run_says_what_that_means(
    work: Workspace, layout: Layout, name: str, damage: bytes
) -> None:
    folder = ended_run(layout, "r1-aaaa")
    known(work, "r1-aaaa")
    (folder.path / name).write_bytes(damage)
    finding = found(work).get(f"{name} of runs")
    if name == "events.jsonl" and not damage.endswith(b"\n"):
        assert finding is None  # a torn last line is what a killed worker leaves
        return
    assert finding is not None
    assert finding.state == "warning"
    assert f"1 damaged, such as {folder.path / name}" in finding.text


def test_a_spec_that_is_gone_is_damage_too(work: Workspace, layout: Layout) -> None:
    ended_run(layout, "r1-aaaa").spec.unlink()
    known(work, "r1-aaaa")
    assert "spec.json of runs" in found(work)


def test_a_run_called_running_whose_worker_was_killed_is_named(work: Workspace, layout: Layout) -> None:
    folder = begun_run(layout, "r1-aaaa")
    take = "import sys; from planner.store.runfolder import *; RunFolder(Path(sys.argv[1])).take(); input()"
    worker = subprocess.Popen([sys.executable, "-c", take, str(folder.path)], stdin=subprocess.PIPE)
    while folder.read_claim() is None:
        pass
    known(work, "r1-aaaa", "running")
    assert "running" not in found(work)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    finding = found(work)["running"]
    assert (finding.state, finding.command) == ("warning", "planner dispatch --resume")
    assert "its worker is gone" in finding.text


def test_a_worker_is_no_stranger_that_has_got_its_number(work: Workspace, layout: Layout) -> None:
    claimed_by(begun_run(layout, "r1-aaaa"), os.getpid(), 1.0, os.uname().nodename)
    known(work, "r1-aaaa", "running")
    assert "its worker is gone" in found(work)["running"].text


def test_a_run_on_another_machine_is_followed_there(work: Workspace, layout: Layout) -> None:
    claimed_by(begun_run(layout, "r1-aaaa"), 77, 1.0, "far.example")
    known(work, "r1-aaaa", "running")
    finding = found(work)["running"]
    assert (finding.state, finding.command) == ("warning", None)
    assert "at work on far.example" in finding.text


def test_without_a_backlog_folders_are_counted_calmly(layout: Layout) -> None:
    ended_run(layout, "r1-aaaa")
    (finding,) = examine_folders(layout, None)
    assert finding.state == "ok"
    assert finding.text.endswith("from their folders: 1")


def test_a_run_of_another_folder_is_not_that_runs(work: Workspace, layout: Layout) -> None:
    folder = ended_run(layout, "r1-aaaa")
    shutil.copytree(folder.path, layout.runs / "copy-of-r1")
    known(work, "r1-aaaa")
    finding = found(work)["run folders"]
    assert finding.command is None
    assert "copy-of-r1" in finding.text

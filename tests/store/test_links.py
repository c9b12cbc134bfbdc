"""Symbolic links in the planner's own folder: never written through, and told in a sentence."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.domain.event import Alert
from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.domain.run import SPEC_FORMAT, Spec
from planner.store import files
from planner.store.check import check_store
from planner.store.eventlog import EventLog
from planner.store.layout import HOME_FOLDER, Layout
from planner.store.linked import links
from planner.store.refusal import explained
from planner.store.runfolder import RunFolder
from planner.workspace.reports import write_review
from planner.workspace.workspace import Workspace
from tests.projects import make_project, workspace

AT = "2026-11-16T09:00:00.000Z"
RUN = "r1-link"
PLACES = (
    *(".", "backlog.json", "journal.jsonl", "lock", "settings.json", "backups", "archive", "runs", "reviews"),
    *(f"runs/{RUN}", f"runs/{RUN}/spec.json", f"runs/{RUN}/events.jsonl", "reviews/2026-W47.md"),
)
"""What is moved elsewhere, with a link left in its place."""


def spec(layout: Layout, run: str) -> Spec:
    return Spec(
        format=SPEC_FORMAT,
        run=run,
        project=str(layout.project),
        rung="full",
        seed=0,
        params={},
        metric="val_accuracy",
        direction="max",
    )


def say(folder: RunFolder) -> None:
    with explained(folder.path), EventLog(folder.events) as log:
        log.write(Alert(at=AT, text="said"))


def writes(work: Workspace) -> dict[str, Callable[[], object]]:
    """Everything that changes a file of a project, by what it is."""
    layout = work.layout
    return {
        "add": lambda: work.ideas.add("another"),
        "undo": work.undo,
        "review": lambda: write_review(work.project, "2026-W47", "# a page\n"),
        "run": lambda: RunFolder.create(layout.runs, spec(layout, "r2-link")),
        "event": lambda: say(layout.run(RUN)),
        "settings": lambda: work.settings,
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    made = workspace(make_project(tmp_path / "project"))
    made.ideas.add("one")
    write_review(made.project, "2026-W47", "# a page\n")
    say(RunFolder.create(made.layout.runs, spec(made.layout, RUN)))
    return made


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_written_through_a_link(work: Workspace, place: str, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere" / "kept"
    kept.parent.mkdir()
    own = work.layout.home / place
    if own.exists():
        shutil.move(own, kept)
    own.symlink_to(kept)
    before = contents(kept.parent)
    for write in writes(workspace(work.layout)).values():
        with contextlib.suppress(Mistake):
            write()
    assert contents(kept.parent) == before


@pytest.mark.parametrize(
    ("place", "write"),
    [
        (".", "add"),
        ("lock", "add"),
        ("backups", "add"),
        ("reviews", "review"),
        ("runs", "run"),
        ("runs", "event"),
    ],
)
def test_a_link_is_named(work: Workspace, place: str, write: str, tmp_path: Path) -> None:
    own = work.layout.home / place
    shutil.move(own, tmp_path / "kept")
    own.symlink_to(tmp_path / "kept")
    with pytest.raises(StoreNeedsAttention, match=f"{own} is a symbolic link, which the planner does not"):
        writes(workspace(work.layout))[write]()


def test_a_project_that_is_reached_by_a_link_is_a_project(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(work.layout.project)
    workspace(Layout(tmp_path / "linked")).ideas.add("two")
    assert len(work.project.store.read().ideas) == 2


def test_a_run_folder_by_itself_may_lie_wherever_its_owner_wants(tmp_path: Path) -> None:
    (tmp_path / "copied").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "copied")
    files.write_whole(tmp_path / "linked" / "file", b"x")
    assert (tmp_path / "copied" / "file").read_bytes() == b"x"
    assert HOME_FOLDER not in tmp_path.parts


@pytest.mark.parametrize(
    ("place", "state"),
    [(".", "problem"), ("backups", "problem"), ("runs", "problem"), (f"runs/{RUN}", "warning")],
)
def test_doctor_names_a_link_and_what_puts_the_thing_itself_there(
    work: Workspace, place: str, state: str, tmp_path: Path
) -> None:
    assert links(work.layout).state == "ok"
    own, kept = work.layout.home / place, tmp_path / "kept"
    shutil.move(own, kept)
    own.symlink_to(kept)
    finding = next(one for one in check_store(work.layout) if one.name == "links")
    assert (finding.state, finding.command) == (state, f"rm {own} && mv {kept} {own}")
    assert finding.text == f"{own} is a symbolic link to {kept}, through which the planner writes nothing"
    subprocess.run(["sh", "-c", finding.command], check=True)
    assert links(work.layout).state == "ok"
    workspace(work.layout).ideas.add("another")


@pytest.mark.parametrize("place", [".", f"runs/{RUN}", f"runs/{RUN}/context.json"])
def test_doctor_names_a_link_that_leads_nowhere(work: Workspace, place: str, tmp_path: Path) -> None:
    own = work.layout.home / place
    if own.exists():
        shutil.move(own, tmp_path / "kept")
    own.symlink_to(tmp_path / "nowhere")
    finding = next(one for one in check_store(work.layout) if one.name == "links")
    assert f"{own} is a symbolic link to {tmp_path}/nowhere, which is not there, through" in finding.text
    assert finding.command == f"rm {own}"


def test_links_that_are_meant_are_nothing_to_tell(work: Workspace, tmp_path: Path) -> None:
    """Data in a checkout, and what a recipe makes in its run's folder."""
    code, kept = work.layout.home / "worktrees" / RUN / "code", work.layout.run(RUN).path / "artefacts"
    for folder in (code, kept):
        folder.mkdir(parents=True)
        (folder / "link").symlink_to(tmp_path)
    assert links(work.layout).state == "ok"

"""What a rebuild leaves alone: a backlog that is whole, runs that go on, and what nobody can tell."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from planner.dispatcher.rebuild import rebuild
from planner.domain.mistake import NothingToDo, StoreNeedsAttention
from planner.store import backlog, encoding, files
from planner.store.restore import restore_newest_backup
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.lost import ledger, lose_everything
from tests.store.ended import begun_run, ended_run


def test_a_damaged_backlog_that_can_be_restored_is_not_rebuilt(project: Project) -> None:
    project.layout.backlog.write_bytes(b"{")
    with pytest.raises(StoreNeedsAttention, match="first `planner doctor --restore`"):
        rebuild(project)
    assert project.layout.backlog.read_bytes() == b"{"
    restore_newest_backup(project.layout, by="ana")
    with pytest.raises(NothingToDo):
        rebuild(project)


def test_a_newer_releases_backlog_is_left_alone(project: Project) -> None:
    ended_run(project.layout, "r9-aaaa")
    state, _ = backlog.load(project.layout.backlog)
    text = backlog.render(state._replace(schema=9))
    project.layout.backlog.write_bytes(text)
    with pytest.raises(StoreNeedsAttention, match="newer release"):
        rebuild(project)
    assert project.layout.backlog.read_bytes() == text


def test_what_was_damaged_beyond_repair_is_kept_aside(project: Project) -> None:
    layout = project.layout
    for path in (layout.backlog, layout.journal, *layout.backups.iterdir()):
        path.write_bytes(b"damaged " + path.name.encode())
    done = rebuild(project)
    assert len(ledger(project).runs) == 3
    assert done.aside is not None
    assert (Path(done.aside) / "backlog.json").read_bytes() == b"damaged backlog.json"
    assert (Path(done.aside) / "journal.jsonl").exists()
    assert done.aside in str(done)


def test_a_run_that_goes_on_is_not_touched(project: Project) -> None:
    live = begun_run(project.layout, "r8-aaaa")
    assert live.take()  # by this very process
    begun_run(project.layout, "r9-bbbb")
    lose_everything(project.layout)
    done = rebuild(project)
    runs = ledger(project).runs
    assert "r8-aaaa" not in runs
    assert any(reason.startswith("r8-aaaa still runs") for reason in done.left)
    assert (runs["r9-bbbb"].status, runs["r9-bbbb"].cause) == ("crashed", "it left no last word")
    live.claim.unlink()
    assert rebuild(project).runs == ("r8-aaaa",)


def test_what_nobody_can_tell_is_named_and_left(project: Project) -> None:
    layout = project.layout
    ended_run(layout, "r8-aaaa").spec.write_bytes(b"{")
    shutil.copytree(ended_run(layout, "r9-bbbb").path, layout.runs / "copied")
    done = rebuild(project)
    assert done.runs == ("r9-bbbb",)
    assert sorted(done.left) == [
        "copied is a copy of run r9-bbbb",
        "r8-aaaa holds no readable spec.json, so nobody can tell what it was",
    ]


def test_an_idea_that_has_got_the_number_of_a_lost_one_is_not_taken_for_it(project: Project) -> None:
    layout = project.layout
    told = {"idea": 7, "title": "cutout", "params": {"lift": 0.0, "warm": 3, "size": 8}, "seed": 1}
    ended_run(layout, "r9-aaaa", **told)
    work = Workspace(layout, who="ana")
    for number in range(3, 8):
        work.ideas.add(f"captured after the loss {number}")
    done = rebuild(project)
    after = ledger(project)
    assert after.ideas[7].title == "captured after the loss 7"
    assert done.ideas == (8,)
    assert (after.ideas[8].title, after.ideas[8].change.params) == ("cutout", {"size": 8})
    assert after.runs["r9-aaaa"].idea == 8


def test_other_peoples_links_are_not_followed(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.move(ended_run(project.layout, "r9-aaaa").path, outside)
    (project.layout.runs / "r9-aaaa").symlink_to(outside)
    with pytest.raises(NothingToDo):
        rebuild(project)


def test_a_claim_of_another_machine_without_a_last_word_is_left(project: Project) -> None:
    for name, folder in (("r8-aaaa", begun_run), ("r9-bbbb", ended_run)):
        claim = {"pid": os.getpid(), "created": 1.0, "host": "far.example"}
        files.write_new(folder(project.layout, name).claim, encoding.dump(claim))
    done = rebuild(project)
    assert done.runs == ("r9-bbbb",)
    assert done.left[0].startswith("r8-aaaa still runs, or runs on another machine")

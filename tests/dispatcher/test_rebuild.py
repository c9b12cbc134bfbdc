"""A backlog that was lost comes back from the run folders, as far as they tell."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.dispatcher.rebuild import rebuild
from planner.domain.ledger import Ledger
from planner.domain.mistake import NothingToDo, StoreNeedsAttention
from planner.domain.run import Run
from planner.store import backlog, encoding, files
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry
from tests.drills.dying import KILLED, run_and_die
from tests.drills.figure import Figure
from tests.projects import TOML, make_project
from tests.store.ended import begun_run, ended_run, files_of

RUNGS = """
[rungs.full]
seeds = 1
params = { epochs = 1, lift = 0.0 }

[rungs.check]
params = { epochs = 1 }
"""


SMALL = """
[rungs.small]
params = { epochs = 1, size = 4 }
fraction = 0.5
undo = ["size", "fraction"]
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A project in which an idea of two people has come to its verdict; nobody changes it."""
    toml = TOML.replace("seeds = 3", "seeds = 1").replace("lift = 0.0", "lift = 0.0, warm = 3")
    layout = make_project(tmp_path_factory.mktemp("lived") / "project", toml=toml)
    work = Workspace(layout, who="ana")
    work.ideas.add("label smoothing", hypothesis="softer targets", category="loss", tags=("targets",))
    work.ideas.edit(1, params=["lift=0.01"])
    for who, hours in (("ana", "2h"), ("bo", "5h")):
        work.ideas.estimate(1, by=who, hours=hours, likelihood="60%")
    work.ideas.add("never tried")
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    assert len(work.project.store.read().runs) == 3
    return layout


@pytest.fixture
def project(lived: Layout, tmp_path: Path) -> Project:
    """A copy of it."""
    shutil.copytree(lived.project, tmp_path / "project")
    return Project(Layout(tmp_path / "project"), who="ana")


def lose_everything(layout: Layout) -> None:
    """Nothing but the run folders is left."""
    for path in (layout.backlog, layout.journal):
        path.unlink()
    shutil.rmtree(layout.backups)


def facts(ledger: Ledger) -> dict[str, Run]:
    """The runs as they are told, without what was only their way through the queue."""
    return {
        key: replace(run, order=0.0, job=None, ended_at=None, started_at=None)
        for key, run in sorted(ledger.runs.items())
    }


def ledger(project: Project) -> Ledger:
    return Store(project.layout).read()


def test_from_run_folders_alone_runs_ideas_and_baseline_come_back(project: Project) -> None:
    before = ledger(project)
    lose_everything(project.layout)
    done = rebuild(project)
    after = ledger(project)
    assert facts(after) == facts(before)
    assert set(done.runs) == set(before.runs)
    assert (done.ideas, done.baselines, done.left) == ((1,), (1,), ())
    old, new = before.ideas[1], after.ideas[1]
    assert (new.title, new.hypothesis, new.category, new.tags) == (
        old.title,
        old.hypothesis,
        old.category,
        old.tags,
    )
    assert new.change == old.change
    assert {who: said.hours for who, said in new.estimates.items()} == {"ana": 2.0, "bo": 5.0}
    assert after.baselines[0].params == before.baselines[0].params
    assert "ideas that never ran" in str(done)
    assert "`planner dispatch 1`" in str(done)


def test_asked_twice_it_changes_nothing(project: Project) -> None:
    lose_everything(project.layout)
    rebuild(project)
    before = files_of(project.layout.home)
    with pytest.raises(NothingToDo, match="in the backlog already"):
        rebuild(project)
    assert files_of(project.layout.home) == before


def test_it_is_one_change_that_can_be_undone_and_done_again(project: Project) -> None:
    lose_everything(project.layout)
    rebuild(project)
    whole = ledger(project)
    work = Workspace(project.layout, who="ana")
    assert work.undo() == ["bring 3 runs back from their folders"]
    assert not ledger(project).runs
    work.redo()
    assert replace(ledger(project), generation=whole.generation) == whole


def test_an_idea_that_came_back_is_judged_by_the_runs_it_has(project: Project) -> None:
    verdict = ledger(project).outcomes[-1].verdict
    lose_everything(project.layout)
    rebuild(project)
    Workspace(project.layout, who="ana").queue.dispatch([1])
    run_dry(Dispatcher.of(Project(project.layout, who="dispatcher")))
    after = ledger(project)
    assert after.outcomes[-1].verdict == verdict
    assert sum(run.rung == "full" for run in after.runs.values()) == 2, "no seed ran again"


def test_after_an_older_backup_only_what_it_lacks_is_put_back(project: Project) -> None:
    layout, whole = project.layout, ledger(project)
    early = sorted(layout.backups.glob("0*.json"))[5]  # with the ideas, and without any run
    kept = early.read_bytes()
    lose_everything(layout)
    layout.backups.mkdir(mode=0o700)
    (layout.backups / early.name).write_bytes(kept)
    restore_newest_backup(layout, by="ana")
    before = ledger(project)
    assert set(before.ideas) == {1, 2}
    assert not before.runs
    done = rebuild(project)
    after = ledger(project)
    assert facts(after) == facts(whole)
    assert done.ideas == ()
    assert after.ideas == before.ideas


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


def test_what_a_rung_alone_has_set_is_no_part_of_the_idea(project: Project) -> None:
    layout = project.layout
    layout.toml.write_text(layout.toml.read_text().partition("[rungs")[0] + RUNGS)
    told = {"lift": 0.0, "warm": 3, "epochs": 1, "size": 8, "none": None}
    ended_run(layout, "r9-aaaa", idea=9, title="cutout", params=told)
    rebuild(project)
    after = ledger(project)
    assert after.ideas[9].change.params == {"size": 8, "none": None}
    assert after.runs["r9-aaaa"].params == {"lift": 0.0, "warm": 3, "size": 8, "none": None}


def test_a_simplified_run_comes_back_as_what_it_was(project: Project) -> None:
    layout = project.layout
    layout.toml.write_text(layout.toml.read_text() + SMALL)
    told = {"lift": 0.0, "warm": 3, "epochs": 1, "size": 4}
    ended_run(layout, "r9-aaaa", rung="small", params=told, fraction=0.5)
    ended_run(layout, "r9-bbbb", rung="small", params={**told, "lift": 0.1, "size": 9}, step=1, idea=9)
    rebuild(project)
    runs = ledger(project).runs
    first, second = runs["r9-aaaa"], runs["r9-bbbb"]
    assert first.params == {"lift": 0.0, "warm": 3}
    assert (first.rung_params, first.fraction, first.step) == ({"epochs": 1, "size": 4}, 0.5, 0)
    assert second.params == {"lift": 0.1, "warm": 3, "size": 9}
    assert (second.rung_params, second.fraction, second.step) == ({"epochs": 1}, None, 1)


def test_folders_of_an_earlier_release_come_back_too(project: Project) -> None:
    before = ledger(project)
    for path in project.layout.runs.glob("*/spec.json"):
        document = encoding.load(path.read_bytes())
        for name in ("baseline", "queued_at", "retry_of", "category", "tags"):
            del document[name]
        path.write_bytes(encoding.dump(document))
    lose_everything(project.layout)
    rebuild(project)
    after = ledger(project)
    assert {key: run.value for key, run in after.runs.items()} == {
        key: run.value for key, run in before.runs.items()
    }
    assert {run.baseline for run in after.runs.values()} == {1}
    assert after.ideas[1].change == before.ideas[1].change
    assert after.ideas[1].category == "other"


def test_a_run_that_was_asked_to_stop_is_stopped_and_not_crashed(project: Project) -> None:
    folder = begun_run(project.layout, "r9-aaaa")
    (folder.path / "stop.json").write_bytes(b"{}")
    rebuild(project)
    assert ledger(project).runs["r9-aaaa"].status == "stopped"


def test_killed_at_any_file_call_it_can_be_asked_again(
    project: Project, tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    lose_everything(project.layout)
    before, tried, held = tmp_path / "before", 0, 0
    shutil.copytree(project.layout.home, before)
    code = KILLED
    while code == KILLED:
        shutil.rmtree(project.layout.home)
        shutil.copytree(before, project.layout.home)
        fresh = Project(Layout(project.layout.project), who="ana")
        code = run_and_die(lambda fresh=fresh: rebuild(fresh), tried + 1)
        if code == KILLED:
            tried += 1
            held += _comes_back(Project(Layout(project.layout.project), who="ana"))
    assert code == 0
    publish(Figure(what="rebuild killed at every file call, asked again", tried=tried, held=held))


def _comes_back(project: Project) -> bool:
    """Whether every run is in the backlog in the end, be it by the first attempt or by the second."""
    with contextlib.suppress(NothingToDo):
        rebuild(project)
    return len(ledger(project).runs) == 3


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

"""A backlog that was lost comes back from the run folders, as far as they tell."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.dispatcher.rebuild import rebuild
from planner.domain.ledger import Ledger
from planner.domain.mistake import NothingToDo
from planner.domain.run import Run
from planner.store import encoding
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry
from tests.dispatcher.lost import ledger, lose_everything
from tests.drills.dying import KILLED, run_and_die
from tests.drills.figure import Figure
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


def facts(ledger: Ledger) -> dict[str, Run]:
    """The runs as they are told, without what was only their way through the queue."""
    return {
        key: replace(run, order=0.0, job=None, ended_at=None, started_at=None)
        for key, run in sorted(ledger.runs.items())
    }


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

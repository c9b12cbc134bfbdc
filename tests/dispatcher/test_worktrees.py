"""The worktree of a run: made of a commit, gone with the run, and nobody else's is touched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Failed
from planner.executors import worktree
from planner.executors.refs import submodules
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.branches import branch, runs
from tests.dispatcher.conftest import run_dry
from tests.executors.waiting import until
from tests.projects import RECIPE, commit, git, make_project
from tests.projects import TOML as DEAR

TOML = DEAR.replace("seeds = 3", "seeds = 1")


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(make_project(tmp_path / "project", toml=TOML), who="ana")


def test_the_worktrees_of_others_are_left_alone(
    work: Workspace, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    """Also one whose folder is away for now, as on a disk that is not mounted."""
    project, home = work.layout.project, work.layout.home
    branch(project)
    git(project, "worktree", "add", "-q", str(tmp_path / "mine"), "better")
    (tmp_path / "mine").rename(tmp_path / "away")
    code = worktree.add_worktree(project, home, "r1-0000", "better")
    (code / ".git").unlink()  # git no longer knows it for one
    worktree.remove_worktree(project, home, "r1-0000")
    assert not worktree.worktrees(home)
    assert [line.split()[0] for line in git(project, "worktree", "list").splitlines()] == [
        str(project), str(tmp_path / "mine"),
    ]  # fmt: skip


def test_what_a_partial_clone_has_left_on_the_server_is_told_with_what_fetches_it(
    work: Workspace, tmp_path: Path
) -> None:
    project, clone = work.layout.project, tmp_path / "clone"
    better = branch(project)
    git(project, "config", "uploadpack.allowFilter", "true")
    git(project, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{project}", "clone")
    home = Layout(clone).home
    Store(Layout(clone)).create()
    with pytest.raises(Failed, match=f"; `git -C {clone} archive {better} >/dev/null` fetches them") as told:
        worktree.add_worktree(clone, home, "r1-0000", "origin/better")
    command = str(told.value).split("`")[1]
    subprocess.run(["sh", "-c", command], check=True)
    assert (worktree.add_worktree(clone, home, "r1-0000", "origin/better") / "experiment.py").exists()


@pytest.mark.parametrize("what", ["its code", "all of it", "all of it, while no dispatcher lives"])
def test_a_worktree_that_a_person_took_away_is_forgotten_by_git(work: Workspace, what: str) -> None:
    project, home = work.layout.project, work.layout.home
    branch(project)
    code = worktree.add_worktree(project, home, "r1-0000", "better")
    shutil.rmtree(code if what == "its code" else code.parent)
    if what.endswith("lives"):
        work.ideas.add("better", ref="better")
        work.queue.dispatch([1])
        run_dry(Dispatcher.of(Project(work.layout, who="dispatcher")))
        Dispatcher.of(Project(work.layout, who="dispatcher")).adopt()
    else:
        worktree.remove_worktree(project, home, "r1-0000")
    assert git(project, "worktree", "list").count("\n") == 0
    assert not worktree.worktrees(home)


@pytest.mark.parametrize("known", ["by a link", "by the way from there"])
def test_one_that_git_knows_otherwise_than_the_project_does_is_forgotten(
    work: Workspace, tmp_path: Path, known: str
) -> None:
    project = tmp_path / "link"
    project.symlink_to(work.layout.project)
    home = Layout(project).home
    for forget in (
        lambda: worktree.remove_worktree(project, home, "r1-0000"),
        lambda: worktree.forget_gone(project, home),
    ):
        code = worktree.add_worktree(project, home, "r1-0000", "HEAD")
        if known != "by a link":
            note = next(project.glob(".git/worktrees/*/gitdir"))
            note.write_text("../../../.planner/worktrees/r1-0000/code/.git\n")
        shutil.rmtree(code.parent)
        forget()
        assert not [*project.glob(".git/worktrees/*")]


@pytest.mark.parametrize("end", ["a stop", "a kill"])
def test_a_worktree_goes_with_its_run_however_that_ends(work: Workspace, end: str) -> None:
    project, home = work.layout.project, work.layout.home
    recipe = project / "experiment.py"
    recipe.write_text(RECIPE.replace("    for epoch", "    time.sleep(params.get('wait', 0))\n    for epoch"))
    commit(project, "one that can wait")
    branch(project)
    work.ideas.add("better", ref="better", params=["wait=100000"])
    work.queue.dispatch([1])
    dispatcher = subprocess.Popen([sys.executable, "-m", "planner.dispatcher", str(project)])
    until(lambda: any(run.status == "running" and run.rung == "check" for run in runs(work)))
    assert worktree.worktrees(home) == [runs(work)[0].id]
    if end == "a kill":
        dispatcher.kill()
        dispatcher.wait()
    work.queue.stop(runs(work)[0].id)
    if end == "a kill":
        after = Dispatcher.of(Project(work.layout, who="dispatcher"))
        after.adopt()
        run_dry(after)
    dispatcher.wait(600)
    assert [run.status for run in runs(work)] == ["stopped"]
    assert not worktree.worktrees(home)
    assert git(project, "worktree", "list").count("\n") == 0


def test_a_repository_with_a_submodule_is_checked_out_without_it(work: Workspace, tmp_path: Path) -> None:
    project = work.layout.project
    make_project(tmp_path / "library")
    allowed = ("-c", "protocol.file.allow=always")
    git(project, *allowed, "submodule", "add", "-q", str(tmp_path / "library"), "library")
    commit(project, "a submodule")
    branch(project)
    code = worktree.add_worktree(project, work.layout.home, "r1-0000", "better")
    assert (code / "experiment.py").exists()
    assert not list((code / "library").iterdir())
    assert submodules(project, "better") == ["library"]
    assert submodules(project, "better~2") == []
    worktree.remove_worktree(project, work.layout.home, "r1-0000")
    assert (project / "library" / "experiment.py").exists()
    assert git(project, "worktree", "list").count("\n") == 0

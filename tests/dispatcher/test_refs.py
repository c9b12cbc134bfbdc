"""An idea whose code is on a branch: its runs use that commit, and nobody's work tree notices."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from planner.dispatcher import launch
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Mistake
from planner.executors import worktree
from planner.provenance.fingerprint import of_files
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.branches import branch, ran_on, runs
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import AUTHOR, RECIPE, commit, git, make_project
from tests.projects import TOML as DEAR

READS_DATA = RECIPE.replace(
    "def train(params, run):\n", "def train(params, run):\n    more = float(open('data/lift.txt').read())\n"
).replace('params.get("lift", 0.0)', "more")

TOML = DEAR.replace("seeds = 3", "seeds = 1")


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(make_project(tmp_path / "project", toml=TOML), who="ana")


def everything(project: Path) -> dict[str, object]:
    """What a person sees of a repository: files with their times, the index, branches, stashes."""
    files = {
        str(path.relative_to(project)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in project.rglob("*")
        if path.is_file() and ".planner" not in path.parts and path.parts[-2] != "objects"
        if ".git" not in path.parts and "__pycache__" not in path.parts
    }
    asked = ("status --porcelain", "rev-parse HEAD", "stash list", "branch -a", "worktree list", "config -l")
    said = {words: git(project, *words.split()) for words in asked}
    return {**files, **said, "index": (project / ".git" / "index").read_bytes()}


def test_the_work_tree_is_untouched_while_dirty_on_another_branch(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    project = work.layout.project
    better = branch(project)
    git(project, "checkout", "-q", "-b", "elsewhere")
    (project / "experiment.py").write_text(RECIPE + "\n# half an edit\n")
    (project / "staged.py").write_text("x = 1\n")
    git(project, "add", "staged.py")
    (project / "new.py").write_text("y = 2\n")
    before = everything(project)
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert {ran_on(work, run) for run in runs(work)} == {better}
    assert {ran_on(work, run) for run in runs(work, None)} == {git(project, "rev-parse", "HEAD")}
    assert work.view().ledger.outcomes[0].verdict == "improved"
    assert everything(project) == before
    assert not worktree.worktrees(work.layout.home)


def test_a_branch_that_moves_after_the_dispatch_runs_as_it_was(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    project = work.layout.project
    asked_for = branch(project)
    work.ideas.add("better", ref="better")
    assert work.queue.dispatch([1])[0].dispatch.commit == asked_for  # type: ignore[union-attr]
    git(project, "branch", "-q", "-D", "better")
    git(project, "branch", "-q", "better", "main")
    run_dry(dispatcher)
    assert {run.commit for run in runs(work)} == {asked_for}
    assert {ran_on(work, run) for run in runs(work)} == {asked_for}


@pytest.mark.parametrize(
    ("ref", "hint"),
    [("beter", "did you mean 'better'?"), ("quite-another", "`git branch --all` shows the branches")],
)
def test_a_ref_that_names_nothing_is_refused_with_the_nearest_branches(
    work: Workspace, ref: str, hint: str
) -> None:
    branch(work.layout.project)
    work.ideas.add("better", ref=ref)
    with pytest.raises(Mistake) as refused:
        work.queue.dispatch([1])
    assert str(refused.value).startswith(f"idea 1 can't run: {ref!r} names no commit of ")
    assert str(refused.value).endswith(hint)
    assert not work.view().ledger.baselines
    assert work.view().ledger.ideas[1].dispatch is None


def test_what_has_no_branch_yet_keeps_nothing_else_waiting(work: Workspace) -> None:
    work.ideas.add("still to be written", ref="later", likelihood="90%")
    work.ideas.add("lift", params=["lift=0.02"])
    assert [row.idea.id for row in work.queue.ready()] == [2]
    assert work.queue.top().idea.id == 2


def test_outside_git_a_branch_is_refused_in_one_sentence(tmp_path: Path) -> None:
    layout = make_project(tmp_path / "project")
    subprocess.run(["rm", "-rf", str(layout.project / ".git")], check=True)
    work = Workspace(layout, who="ana")
    work.ideas.add("better", ref="better")
    with pytest.raises(Mistake, match=r"idea 1 can't run: .* is no git repository, so it has no branches"):
        work.queue.dispatch([1])


def test_a_run_finds_the_data_that_git_does_not_have(tmp_path: Path) -> None:
    toml = TOML.replace("[baseline]", 'data = ["data/*.txt", "../*.txt"]\n\n[baseline]')
    layout = make_project(tmp_path / "project", recipe=READS_DATA, toml=toml)
    project, work = layout.project, Workspace(layout, who="ana")
    (project / ".gitignore").write_text(".planner/\n__pycache__/\ndata/lift.txt\n")
    (project / "data").mkdir()
    (project / "data" / "lift.txt").write_text("0.0")
    (project / "data" / "kept.txt").write_text("as committed")
    (tmp_path / "beside.txt").write_text("beside the project")
    commit(project, "data")
    branch(project)
    (project / "data" / "kept.txt").write_text("changed since, and not committed")
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    assert work.view().ledger.outcomes[0].verdict == "improved"
    git(project, "checkout", "-q", "data/kept.txt")
    said = work.layout.run(runs(work)[-1].id).read_context()
    assert said is not None
    assert said["data_files"] == of_files(project, ("data/*.txt", "../*.txt"))
    assert said["data_files"]["files"] == 3


def test_a_project_in_a_folder_of_its_repository_and_without_its_hooks(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    layout = Layout(repository / "research" / "digits")
    layout.project.mkdir(parents=True)
    (layout.project / "experiment.py").write_text(RECIPE)
    (layout.toml).write_text(TOML)
    git(repository, "init", "-q", "-b", "main")
    Store(layout).create()
    commit(repository, "the start")
    git(repository, "branch", "bare")
    branch(layout.project)
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
    hook.chmod(0o755)
    git(repository, "checkout", "-q", "-b", "hooked")
    assert (tmp_path / "hooked").exists()  # the hook does work
    (tmp_path / "hooked").unlink()
    work = Workspace(layout, who="ana")
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    assert work.view().ledger.outcomes[0].verdict == "improved"
    assert not (tmp_path / "hooked").exists()
    git(repository, "rm", "-rq", "--cached", "research")
    nothing = git(repository, "write-tree")
    commit_of_nothing = git(repository, *AUTHOR, "commit-tree", "-m", "empty", nothing)
    work.ideas.add("empty", ref=commit_of_nothing)
    with pytest.raises(Mistake, match="has no folder research/digits, where the project lies"):
        work.queue.dispatch([2])


def test_a_dispatcher_started_from_a_hook_stays_with_its_own_repository(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    branch(work.layout.project)
    make_project(tmp_path / "another")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "another" / ".git"))
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    code = worktree.add_worktree(work.layout.project, work.layout.home, "r1-0000", "better")
    assert "0.95 +" in (code / "experiment.py").read_text()


def test_a_commit_that_ran_is_there_though_its_branch_is_gone(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    project = work.layout.project
    better = branch(project)
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    git(project, "branch", "-q", "-D", "better")
    forget(project)
    run_dry(dispatcher)
    assert {ran_on(work, run) for run in runs(work)} == {better}
    before = ran_on(work, runs(work, None)[0])
    git(project, *AUTHOR, "commit", "-q", "--amend", "-m", "the start, told better")
    forget(project)
    assert before != git(project, "rev-parse", "HEAD")
    assert git(project, "cat-file", "-t", before) == "commit"
    with pytest.raises(Mistake, match=f"the commit of its last run is kept: `planner edit 1 --ref {better}`"):
        work.queue.dispatch([1])


def forget(project: Path) -> None:
    """Let git throw away what nothing names."""
    git(project, "reflog", "expire", "--expire=now", "--all")
    git(project, "gc", "-q", "--prune=now")


def test_what_fails_again_and_again_is_tried_ever_less_often() -> None:
    assert [launch.rest_after(tries, took=0.1) for tries in (1, 2, 3, 6, 5000)] == [3, 6, 12, 96, 96]
    assert launch.rest_after(1, took=50.0) == 50.0


def test_what_can_not_be_checked_out_now_waits_and_is_not_tried_at_every_tick(
    work: Workspace, dispatcher: Dispatcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, tries = work.layout.project, tmp_path / "tries"
    branch(project)
    git(project, "config", "filter.away.smudge", f"echo >> {tries}; exit 1")
    git(project, "config", "filter.away.required", "true")
    (project / ".git" / "info" / "attributes").write_text("experiment.py filter=away\n")
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    monkeypatch.setattr(launch, "REST", 1e6)
    tick_until(dispatcher, lambda: runs(work) and "smudge filter away failed" in runs(work)[0].waits)
    for _ in range(5):
        dispatcher.tick()
    assert len(tries.read_text().splitlines()) == 1
    assert not worktree.worktrees(work.layout.home)
    git(project, "config", "--unset", "filter.away.smudge")
    git(project, "config", "filter.away.required", "false")
    run_dry(Dispatcher.of(Project(work.layout, who="dispatcher")))
    assert work.view().ledger.outcomes[0].verdict == "improved"

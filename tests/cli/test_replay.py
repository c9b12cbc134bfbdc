"""A run made once more as it was recorded: its code, whatever the recipe has become since."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Failed, Mistake, NothingToDo
from planner.domain.run import Run
from planner.executors import diff
from planner.executors.worktree import worktrees
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.replay import replay, told
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import TOML, commit, git, make_project

RECIPE = '''
"""Its value is in a file of code beside it."""

from helper import VALUE


def train(params, run):
    if params.get("bug"):
        raise ValueError("10 outputs and 7 classes")
    value = VALUE + params.get("lift", 0.0) + 0.001 * run.seed
    run.log(1, val_accuracy=value, secret=float(len(params["token"])))
'''
SECRET = "sk-proj-9aB8cD7eF6gH5iJ4kL3m"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A project whose runs were made of code that was not committed: an edit and a new file."""
    toml = TOML.replace("seeds = 3", "seeds = 2").replace("lift = 0.0", f'token = "{SECRET}"')
    committed = RECIPE + "\n# as committed\n"
    layout = make_project(tmp_path_factory.mktemp("made") / "project", recipe=committed, toml=toml)
    (layout.project / "experiment.py").write_text(RECIPE)
    (layout.project / "helper.py").write_text("VALUE = 0.9\n")
    work = Workspace(layout, who="ana")
    work.ideas.add("lift", params=["lift=0.05"])
    work.ideas.add("bug", params=["bug=true"])
    work.queue.dispatch([1, 2])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    return layout


@pytest.fixture
def shell(made: Layout, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(made.project, capsys)


@pytest.fixture
def edited(made: Layout) -> None:
    """The code has become another since."""
    edit(made)


def edit(layout: Layout) -> None:
    (layout.project / "experiment.py").write_text("raise SystemExit('rewritten')\n")
    (layout.project / "helper.py").write_text("VALUE = 0.1\n")


@pytest.fixture
def copied(made: Layout, tmp_path: Path) -> Layout:
    """A copy of the project, for what would be in another test's way: records that lack something, and a
    dispatcher in a process of its own, which looks for work for a while after its last run."""
    shutil.copytree(made.project, tmp_path / "copy")
    return Layout(tmp_path / "copy")


def a_run(layout: Layout, **wanted: object) -> Run:
    """The first run of that kind."""
    runs = Store(layout).read().runs.values()
    return next(run for run in runs if all(getattr(run, name) == value for name, value in wanted.items()))


def test_a_run_whose_recipe_was_rewritten_since_runs_the_code_it_had(
    copied: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(copied)
    first = a_run(copied, idea=1, rung="full")
    before = git(copied.project, "status", "--porcelain")
    answer = Shell(copied.project, capsys)("replay", first.id, "--wait", "--json").json
    assert (answer["of"], answer["reproduced"], answer["answer"]) == (first.id, True, "exactly")
    assert answer["was"] == answer["value"] == first.value
    assert answer["differs"] == []
    assert git(copied.project, "status", "--porcelain") == before
    assert not worktrees(copied.home)
    again = Store(copied).read().runs[answer["run"]]
    assert again.metrics["secret"] == len(SECRET)
    assert SECRET not in copied.run(again.id).spec.read_text()


def test_what_failed_fails_again(made: Layout, edited: None) -> None:
    work = Workspace(made, who="ana")
    again = replay(work.project, a_run(made, idea=2, status="failed").id)
    run_dry(Dispatcher.of(Project(made, who="dispatcher")))
    said = told(work.project, Store(made).read().runs[again.id]).replayed
    assert (said.answer, said.reproduced) == ("exactly", True)
    assert "reproduced: failed (ValueError: 10 outputs and 7 classes" in said.sentence
    assert [one.verdict for one in work.view().ledger.outcomes if one.idea == 2] == ["invalid"]
    with pytest.raises(NothingToDo, match=f"stays: replay run .* \\(run {again.id} has failed\\)"):
        work.undo()


def test_a_git_that_is_slow_for_a_while_costs_it_nothing(
    made: Layout, edited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Workspace(made, who="ana")
    first = a_run(made, idea=None, rung="full", replay_of=None)
    again = replay(work.project, first.id).id
    dispatcher = Dispatcher.of(Project(made, who="dispatcher"))
    monkeypatch.setattr(diff, "PATIENCE", 0.0)
    tick_until(dispatcher, lambda: "git does not say in time" in Store(made).read().runs[again].waits)
    with pytest.raises(Failed, match=f"run {first.id} can't be replayed: git does not say in time"):
        replay(work.project, first.id)
    monkeypatch.undo()
    run_dry(dispatcher)
    assert told(work.project, Store(made).read().runs[again]).replayed.answer == "exactly"


def test_it_is_nobodys_evidence_and_told_wherever_runs_are(shell: Shell, made: Layout, edited: None) -> None:
    first = a_run(made, idea=None, rung="full")
    before = shell("show", 1, "--json").json
    with pytest.raises(NothingToDo, match="is a replay itself"):
        replay(Workspace(made).project, pretend(made, first, 0.5).id)
    again = replay(Workspace(made, who="ana").project, first.id).id
    run_dry(Dispatcher.of(Project(made, who="dispatcher")))
    line = next(line for line in shell("runs").out.splitlines() if again in line)
    assert f"replay of {first.id}: reproduced exactly" in line
    assert f"{again}, a replay of {first.id}: reproduced exactly" in shell("replay", again).out
    after = shell("show", 1, "--json").json
    assert (before["outcome"], before["score"]) == (after["outcome"], after["score"])
    facts = [one for one in shell("runs", "--json").json if one["id"] == again]
    assert facts[0]["replay_of"] == first.id


def test_what_came_out_otherwise_says_by_how_much_and_what_is_another(shell: Shell, made: Layout) -> None:
    first = a_run(made, idea=1, rung="full")
    again = pretend(made, first, 0.5)
    context(made, again, lambda said: said["packages"].update(numpy="1.0"))
    numpy = (made.run(first.id).read_context() or {})["packages"]["numpy"]
    said = shell("replay", again.id, status=1).out
    assert "not reproduced: 0.5000 against 0.9500, " in said
    assert "times the noise of seeds\n" in said
    assert f"numpy {numpy} → 1.0" in said
    assert shell("replay", again.id, "--json", status=1).json["reproduced"] is False


def pretend(layout: Layout, first: Run, value: float) -> Run:
    """A replay that has ended with another value."""
    metrics = {"val_accuracy": value}
    again = replace(first, id="r99-0000", replay_of=first.id, value=value, metrics=metrics)
    with Store(layout).transaction("a replay", by="ana") as tables:
        tables.put(again)
    shutil.copytree(layout.run(first.id).path, layout.run(again.id).path, dirs_exist_ok=True)
    return again


def lost_commit(layout: Layout, run: Run) -> None:
    context(layout, run, lambda said: said["code"].update(commit="0" * 40))


def no_git(layout: Layout, run: Run) -> None:
    context(layout, run, lambda said: said.update(code=None))


def no_patch(layout: Layout, run: Run) -> None:
    layout.run(run.id).patch.unlink()


def cut_patch(layout: Layout, run: Run) -> None:
    patch = layout.run(run.id).patch
    patch.write_bytes(patch.read_bytes() + b"\n[cut here: the diff is longer]\n")


def another_patch(layout: Layout, run: Run) -> None:
    patch = layout.run(run.id).patch
    patch.write_bytes(patch.read_bytes().replace(b"-# as committed", b"-# as nobody has committed"))


def not_kept(layout: Layout, run: Run) -> None:
    context(layout, run, lambda said: said["code"].update(patch=None))


def no_spec(layout: Layout, run: Run) -> None:
    layout.run(run.id).spec.unlink()


def stopped(layout: Layout, run: Run) -> None:
    with Store(layout).transaction("stop", by="ana") as tables:
        tables.put(replace(run, status="stopped", cause="stopped by ana"))


def live(layout: Layout, run: Run) -> None:
    with Store(layout).transaction("go on", by="ana") as tables:
        tables.put(replace(run, status="running"))


def context(layout: Layout, run: Run, change: Callable[[dict[str, Any]], object]) -> None:
    path = layout.run(run.id).context
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))


LACKS = {
    lost_commit: "can't be replayed: its commit 0000000000 is not there any more",
    no_git: "can't be replayed: it did not write down which code it ran, as outside git or where",
    no_patch: "can't be replayed: its uncommitted changes are not in",
    cut_patch: "can't be replayed: its uncommitted changes were longer than what is kept of them",
    another_patch: "can't be replayed: the uncommitted changes in",
    not_kept: "can't be replayed: it ran with uncommitted changes that were not kept",
    no_spec: "can't be replayed: ",
    stopped: "stopped by ana, so there is no result to reproduce; `planner requeue",
    live: "is running: it has not ended yet",
}


@pytest.mark.parametrize("lacks", LACKS, ids=lambda lacks: lacks.__name__)
def test_what_the_records_lack_is_one_sentence(lacks: Callable[[Layout, Run], None], copied: Layout) -> None:
    run = a_run(copied, idea=1, rung="full")
    lacks(copied, run)
    with pytest.raises(Mistake) as refused:
        replay(Workspace(copied, who="ana").project, run.id)
    assert LACKS[lacks] in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not any(one.replay_of for one in Store(copied).read().runs.values() if one.status == "queued")


def test_a_replay_that_waits_can_be_undone_and_stopped(copied: Layout) -> None:
    work = Workspace(copied, who="ana")
    run = a_run(work.layout, idea=1, rung="full")
    first = replay(work.project, run.id)
    assert work.undo() == [f"replay run {run.id}"]
    assert first.id not in Store(work.layout).read().runs
    second = replay(work.project, run.id)
    assert [row.status for row in work.view().ranked if row.idea.id == 1] == ["done"]
    work.corrections.decline(1, "memory")  # a replay under way is no verdict to come
    assert work.queue.stop(second.id).status == "stopped"
    with pytest.raises(
        Mistake, match=f"run {second.id} is a replay: `planner replay {run.id}` makes another"
    ):
        work.queue.requeue(second.id)


def test_a_commands_run_is_replayed_with_its_script_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = TOML.replace('entry = "experiment:train"', 'command = ["sh", "train.sh", "{lift}"]').replace(
        "seeds = 3", "seeds = 1"
    )
    layout = make_project(tmp_path / "project", toml=toml)
    (layout.project / "train.sh").write_text("""printf '{"val_accuracy": %s}\\n' "$1"\n""")
    commit(layout.project, "a script")
    work, dispatcher = Workspace(layout, who="ana"), Dispatcher.of(Project(layout, who="dispatcher"))
    work.ideas.add("lift", params=["lift=0.25"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    (layout.project / "train.sh").write_text("exit 1\n")
    (layout.project / "planner.toml").write_text(toml.replace("train.sh", "another.sh"))
    again = replay(work.project, a_run(layout, idea=1, rung="full").id)
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    said = told(work.project, Store(layout).read().runs[again.id]).replayed
    assert (said.answer, said.value) == ("exactly", 0.25)


def test_a_replay_says_that_it_has_no_submodules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = "from library.experiment import train  # noqa: F401\n"
    layout = make_project(tmp_path / "project", recipe=recipe, toml=TOML.replace("seeds = 3", "seeds = 1"))
    make_project(tmp_path / "library")
    allowed = ("-c", "protocol.file.allow=always")
    git(layout.project, *allowed, "submodule", "add", "-q", str(tmp_path / "library"), "library")
    commit(layout.project, "a library")
    work, shell = Workspace(layout, who="ana"), Shell(layout.project, capsys)
    work.ideas.add("lift", params=["lift=0.05"])
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    says = "  submodules are not checked out for a replay: library is empty there"
    told = shell("replay", a_run(layout, idea=1, rung="full").id, "--wait", status=1).out.splitlines()
    assert says in told
    assert "not reproduced: failed (ModuleNotFoundError" in "".join(told)

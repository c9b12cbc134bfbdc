"""Running the same thing twice: what is said, asked and recorded."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.dispatcher.conftest import run_dry
from tests.projects import TOML, make_project

PLANNER = str(Path(sys.executable).parent / "planner")
ONE_SEED = TOML.replace("seeds = 3", "seeds = 1")


@pytest.fixture(scope="module")
def won(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which idea 1 has won on one seed."""
    layout = make_project(tmp_path_factory.mktemp("won") / "project", toml=ONE_SEED)
    work = Workspace(layout, who="ana")
    work.ideas.add(title="lift it", params=["lift=0.01"])
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    return layout.project


@pytest.fixture
def judged(won: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in a copy of it."""
    shutil.copytree(won, tmp_path / "project")
    return Shell(tmp_path / "project", capsys)


def asked(shell: Shell, *words: str) -> pexpect.spawn:
    """A dispatch on a terminal that asks what is to become of a repeat."""
    child = pexpect.spawn(
        PLANNER, ["-C", str(shell.folder), "dispatch", *words], timeout=600, encoding="utf-8"
    )
    child.expect("what now")
    return child


def ended(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus


def test_a_repeat_is_told_and_becomes_a_further_seed_or_a_measurement_of_its_own(judged: Shell) -> None:
    answer = judged("dispatch", 1, "--wait", "--json")
    assert "has run exactly this: improved, +5.0 MEI" in answer.err
    assert "it gets a further seed, 1 (--anyway measures it afresh)" in answer.err
    assert "recipe.data in planner.toml names no files" in answer.err
    (story,) = answer.json
    (warning,) = story["warnings"]
    assert (warning["kind"], warning["of"], warning["seeds"], warning["verdict"]) == (
        "same",
        1,
        [0],
        "improved",
    )
    assert story["outcome"]["evidence"]["seeds"] == 2
    assert story["outcome"]["anyway"] is None

    (story,) = judged("dispatch", 1, "--anyway", "--wait", "--json").json
    assert story["outcome"]["evidence"]["seeds"] == 1
    assert sorted(run["seed"] for run in story["runs"] if run["rung"] == "full") == [0, 0, 1]
    assert "has run exactly this" in story["outcome"]["anyway"]
    assert "run anyway, though #1 “lift it” has run exactly this" in judged("show", 1).out


def test_on_a_terminal_a_person_chooses(judged: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    child = asked(judged, "1")
    assert "improved, +5.0 MEI" in (child.before or "")
    child.sendline("l")
    assert ended(child) == 3
    assert judged("show", 1, "--json").json["dispatch"] is None

    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda _: None)
    judged("dispatch", 1, "--yes")
    assert judged("show", 1, "--json").json["dispatch"]["anyway"] is None
    judged("undo")
    judged("dispatch", 1, "--anyway")
    assert "has run exactly this" in judged("show", 1, "--json").json["dispatch"]["anyway"]
    assert "anyway, though #1" in judged("show", 1).out


def test_an_idea_that_changes_nothing_climbs_all_the_same(
    judged: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda _: None)
    judged("add", "no change at all", "--set", "lift=0.0")
    answer = judged("dispatch", 2, "--json")
    assert "#2 “no change at all” changes nothing: it is the baseline, val_accuracy 0.9000" in answer.err
    assert [one["kind"] for one in answer.json[0]["warnings"]] == ["baseline"]
    assert judged("show", 2, "--json").json["dispatch"]["anyway"] is None


def test_edited_code_is_measured_beside_a_new_baseline_when_asked(
    judged: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda _: None)
    recipe = judged.folder / "experiment.py"
    recipe.write_text(recipe.read_text() + "\nEDITED = True\n")
    judged("add", "quite another thing", "--set", "lift=0.5")
    answer = judged("dispatch", 2, "--json")
    assert "the code has changed (experiment.py) since baseline 1 ran" in answer.err
    assert "(--new-baseline measures it again)" in answer.err
    judged("undo")
    judged("dispatch", 2, "--new-baseline")
    newest = Workspace.find(judged.folder).view().ledger.baselines[-1]
    assert (newest.version, newest.because) == (2, "the code changed")


def test_a_repeat_is_one_thing_or_the_other(judged: Shell) -> None:
    assert "give one of them" in judged("dispatch", 1, "--replicate", "--anyway", status=2).err

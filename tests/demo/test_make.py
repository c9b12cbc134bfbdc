"""The example project, as it is written."""

import os
import subprocess
from pathlib import Path

import pytest

from planner.demo.ideas import IDEAS, DemoIdea
from planner.demo.make import KINDS, make
from planner.domain.idea import CATEGORIES
from planner.domain.mistake import Failed, Mistake, NothingToDo
from planner.rules.notation import typed
from planner.store.settingscheck import checked

PEOPLE = {"ana", "bo"}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_a_clean_repository_of_one_commit(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    make(folder, kind)
    assert git(folder, "rev-list", "--count", "HEAD") == "1"
    assert git(folder, "status", "--porcelain") == ""
    assert set(git(folder, "ls-files").splitlines()) == {
        ".gitignore",
        "README.md",
        "experiment.py",
        "planner.toml",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_s_settings_are_right(kind: str, tmp_path: Path) -> None:
    make(tmp_path, kind)
    file = tmp_path / "planner.toml"
    settings = checked(file.read_bytes(), file)
    assert settings.recipe.entry == f"experiment:{kind}"
    assert settings.goal.target is not None


def test_what_the_planner_keeps_is_of_no_interest_to_the_example_s_git(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / ".planner").mkdir()
    (tmp_path / ".planner" / "backlog.json").touch()
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_folder_that_holds_the_example_is_left_as_it_is(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "experiment.py").write_text("my own\n")
    with pytest.raises(NothingToDo):
        make(tmp_path)
    assert (tmp_path / "experiment.py").read_text() == "my own\n"


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(Mistake, match="is not empty"):
        make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()
    with pytest.raises(Mistake, match="is not empty"):
        make(tmp_path / "demo")


def test_an_unknown_example_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="digits and diabetes"):
        make(tmp_path, "cifar")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="can't become the example project"):
        make(tmp_path / "file" / "demo")


def test_no_other_repository_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    make(tmp_path / "demo")
    assert (tmp_path / "demo" / ".git").is_dir()
    assert not any((other / ".git" / "refs" / "heads").iterdir())


def test_a_git_that_knows_nobody_yet_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    make(tmp_path / "demo")
    assert git(tmp_path / "demo", "log", "--format=%an") == "planner demo"


def test_without_git_there_is_a_project_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    make(tmp_path)
    assert (tmp_path / "planner.toml").exists()
    assert not (tmp_path / ".git").exists()


EVERY_IDEA = [pytest.param(kind, idea, id=idea.title) for kind in KINDS for idea in IDEAS[kind]]


@pytest.mark.parametrize(("kind", "idea"), EVERY_IDEA)
def test_an_idea_is_said_as_a_person_would_type_it(kind: str, idea: DemoIdea, tmp_path: Path) -> None:
    make(tmp_path, kind)
    file = tmp_path / "planner.toml"
    settings = checked(file.read_bytes(), file)
    assert idea.category in CATEGORIES
    assert idea.hypothesis.endswith(".")
    assert {said[0] for said in idea.estimates} <= PEOPLE
    for _, hours, complexity, impact, likelihood in idea.estimates:
        assert typed.hours(hours) > 0
        assert 0 <= typed.complexity(complexity) <= 5
        assert settings.goal.mei(typed.impact(impact, settings.goal)[0]) > 0
        assert 0 < typed.likelihood(likelihood) < 1


@pytest.mark.parametrize(("kind", "idea"), EVERY_IDEA)
def test_an_idea_changes_a_param_of_the_baseline_to_another_value(
    kind: str, idea: DemoIdea, tmp_path: Path
) -> None:
    make(tmp_path, kind)
    file = tmp_path / "planner.toml"
    baseline = checked(file.read_bytes(), file).baseline.params
    for name, value in map(typed.param, idea.params):
        assert type(value) is type(baseline[name])
        assert value != baseline[name]


@pytest.mark.parametrize("kind", KINDS)
def test_titles_are_told_apart_and_some_ideas_have_two_opinions(kind: str) -> None:
    titles = [idea.title for idea in IDEAS[kind]]
    assert len(set(titles)) == len(titles)
    assert any(len(idea.estimates) == 2 for idea in IDEAS[kind])

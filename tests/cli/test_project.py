"""Making a project, its settings, the demo, the doctor."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Shell


def test_init_makes_a_project_in_a_git_repository(empty: Shell) -> None:
    subprocess.run(["git", "init", "-q"], cwd=empty.folder, check=True)
    answer = empty("init", "--recipe", "experiment:digits", "--target", 0.99)
    assert answer.err == ""
    settings = tomllib.loads((empty.folder / "planner.toml").read_text())
    assert settings["recipe"]["entry"] == "experiment:digits"
    assert settings["goal"] == {
        "metric": "val_accuracy",
        "direction": "max",
        "minimum_effect": 0.002,
        "target": 0.99,
    }
    assert empty("list", "--json").json == []
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=empty.folder, capture_output=True, text=True, check=True
    )
    assert status.stdout == "?? planner.toml\n", "git sees nothing of the planner's own"


def test_init_outside_git_warns_and_is_done_still(empty: Shell) -> None:
    answer = empty("init", "--json")
    assert "git init" in answer.err
    assert answer.json["made"] == [str(empty.folder / "planner.toml"), str(empty.folder / ".planner")]


@pytest.mark.parametrize("metric", ["val_loss", "mae", "val_mean_squared_error", "RMSE", "perplexity", "bpb"])
def test_losses_and_errors_are_lowered(empty: Shell, metric: str) -> None:
    assert empty("init", "--metric", metric, "--json").json["goal"]["direction"] == "min"


@pytest.mark.parametrize("metric", ["val_accuracy", "f1", "auc", "glossiness", "mapped"])
def test_everything_else_is_raised(empty: Shell, metric: str) -> None:
    assert empty("init", "--metric", metric, "--json").json["goal"]["direction"] == "max"


def test_the_direction_given_counts(empty: Shell) -> None:
    assert (
        empty("init", "--metric", "val_loss", "--direction", "max", "--json").json["goal"]["direction"]
        == "max"
    )


def test_init_twice_is_nothing_to_do_and_overwrites_nothing(empty: Shell) -> None:
    empty("init")
    empty("add", "an idea")
    before = (empty.folder / "planner.toml").read_bytes()
    empty("init", status=3)
    empty("init", "--metric", "val_loss", status=2)
    assert (empty.folder / "planner.toml").read_bytes() == before
    assert len(empty("list", "--json").json) == 1


def test_init_in_a_fresh_clone_makes_the_store_and_keeps_the_settings(empty: Shell) -> None:
    (empty.folder / "planner.toml").write_text('[goal]\nmetric = "f1"\n')
    assert empty("init", "--json").json["made"] == [str(empty.folder / ".planner")]
    assert empty("config", "show", "--json").json["goal"]["metric"] == "f1"


@pytest.mark.parametrize(
    "words",
    [["--minimum-effect", "0"], ["--minimum-effect", "nan"], ["--recipe", "no recipe"], ["--metric", ""]],
)
def test_init_refuses_what_could_not_be_read_back(empty: Shell, words: list[str]) -> None:
    empty("init", *words, status=2)
    assert list(empty.folder.iterdir()) == []


def test_config_tells_the_path_the_settings_and_the_schema(shell: Shell) -> None:
    assert shell("config", "path").out == f"{shell.folder / 'planner.toml'}\n"
    assert shell("config", "show").json["rungs"]["full"]["seeds"] == 3
    assert shell("config", "schema").json["properties"]["goal"]
    assert shell("config", "validate", "--json").json["valid"] is True


def test_a_mistake_in_the_settings_is_named(shell: Shell) -> None:
    (shell.folder / "planner.toml").write_text('[goal]\nmetrik = "f1"\n')
    answer = shell("config", "validate", status=2)
    assert "metrik" in answer.err
    assert "did you mean" in answer.err
    assert "metrik" in shell("add", "an idea", "-i", "+1pp", status=2).err


def test_the_demo_is_a_project_with_a_dozen_estimated_ideas(empty: Shell) -> None:
    assert empty("demo", "try", "--json").json["new"] is True
    inside = Shell(empty.folder / "try", empty.capsys)
    ideas = inside("list", "--json").json
    assert len(ideas) >= 12
    assert {who for idea in ideas for who in idea["estimates"]} == {"ana", "bo"}
    assert {idea["status"] for idea in ideas} == {"ready", "open"}


def test_a_demo_that_is_there_is_left_alone(empty: Shell) -> None:
    empty("demo", "try")
    inside = Shell(empty.folder / "try", empty.capsys)
    inside("drop", 1)
    assert "there already" in empty("demo", "try").out
    assert [idea["id"] for idea in inside("list", "--status", "dropped", "--json").json] == [1]


def test_a_demo_whose_making_was_interrupted_is_finished(empty: Shell) -> None:
    from planner.demo.make import make

    make(empty.folder / "try", "diabetes")
    assert empty("demo", "try", "--kind", "diabetes", "--json").json["ideas"] >= 8


def test_the_demo_refuses_a_folder_with_something_else_in_it(empty: Shell) -> None:
    (empty.folder / "mine.txt").write_text("mine")
    empty("demo", ".", status=2)
    assert [path.name for path in empty.folder.iterdir()] == ["mine.txt"]


def test_the_doctor_finds_a_healthy_project_healthy(shell: Shell) -> None:
    findings = {finding["name"]: finding for finding in shell("doctor", "--json").json}
    assert {"settings", "backlog", "dispatcher", "recipe", "git", "keras", "gpu", "logout"} <= findings.keys()
    for name in ("settings", "backlog", "dispatcher", "recipe", "git"):
        assert findings[name]["state"] == "ok", findings[name]


def test_the_doctor_names_the_command_that_mends(shell: Shell) -> None:
    shell("add", "an idea")
    shell("add", "another")
    (shell.folder / ".planner" / "backlog.json").write_text("{")
    assert "planner doctor --restore" in shell("doctor", status=4).out
    restored = shell("doctor", "--restore", "--json").json["restored"]
    assert "restored" in restored
    assert len(shell("list", "--json").json) == 2
    shell("doctor", "--restore", status=3)


def test_the_doctor_finds_wrong_settings(shell: Shell) -> None:
    (shell.folder / "planner.toml").write_text("[goal]\n")
    findings = {finding["name"]: finding for finding in shell("doctor", "--json", status=4).json}
    assert findings["settings"]["state"] == "problem"
    assert findings["backlog"]["state"] == "ok"


def test_the_doctor_looks_at_the_machine_without_a_project(empty: Shell) -> None:
    names = [finding["name"] for finding in empty("doctor", "--json").json]
    assert names[0] == "project"
    assert "keras" in names


def test_the_gpu_needs_no_project_and_its_absence_is_calm(empty: Shell) -> None:
    state = empty("gpu", "--json").json
    assert state["readings"] or state["absent"]
    assert empty("gpu").out.strip()


def test_an_unknown_example_is_misuse(empty: Shell) -> None:
    empty("demo", "try", "--kind", "cats", status=2)
    assert not Path(empty.folder / "try").exists()

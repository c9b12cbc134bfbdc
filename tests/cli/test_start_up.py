"""No verb loads what it does not need, tried in fresh interpreters."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

WORKERS = {"keras", "tensorflow", "torch", "jax", "sklearn", "scipy", "optuna", "mlflow"}
FACE = {"textual", "rich", "textual_plot"}
PROBE = """
import sys
from planner.cli.main import main
main(sys.argv[1:])
print("\\nLOADED", *sorted(sys.modules), file=sys.stderr)
"""


def loaded(folder: Path, *words: str) -> set[str]:
    """Modules loaded once a command has run in a fresh interpreter."""
    command = [sys.executable, "-c", PROBE, "-C", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return set(done.stderr.rpartition("LOADED")[2].split())


def test_add_loads_no_validation_no_terminal_no_numbers_and_starts_no_process(shell: Shell) -> None:
    shell("add", "the settings are checked once")
    modules = loaded(shell.folder, "add", "an idea", "-t", "2h", "-i", "+0.5pp", "--set", "lr=0.1")
    unwanted = {
        "pydantic",
        "pydantic_core",
        "numpy",
        "psutil",
        "subprocess",
        "asyncio",
        *WORKERS,
        *FACE,
    }
    assert modules.isdisjoint(unwanted)
    others = {
        "planner.cli.list",
        "planner.cli.dispatch",
        "planner.domain.outcome",
        "planner.domain.run",
        "planner.rules.scoring.ranking",
        "planner.workspace.view",
    }
    assert modules.isdisjoint(others)


def test_the_face_opens_without_the_verbs_about_runs_and_what_judges_them() -> None:
    probe = "import sys, planner.workspace.engine, planner.workspace.view, screens.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=600
    )
    modules = set(done.stdout.split())
    assert "screens.backlog" in modules
    assert modules.isdisjoint({"pydantic", "planner.workspace.queue", "planner.executors.refs"})
    assert not [name for name in modules if name.startswith(("planner.rules.judging.", "screens.run"))]


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--json"],
        ["show", "1"],
        ["next"],
        ["status"],
        ["runs"],
        ["review"],
        ["export"],
        ["doctor"],
        ["gpu"],
        ["config", "show"],
        ["--help"],
        [],
    ],
    ids=" ".join,
)
def test_no_verb_loads_keras_numpy_or_the_face(shell: Shell, words: list[str]) -> None:
    shell("add", "an idea", "--set", "lr=0.1")
    assert loaded(shell.folder, *words).isdisjoint({"numpy", "pynvml", *WORKERS, *FACE})


@pytest.mark.parametrize("verb", ["next", "status"])
def test_what_stands_and_what_comes_next_is_told_without_the_weekly_review(shell: Shell, verb: str) -> None:
    shell("add", "an idea", "--set", "lr=0.1")
    modules = loaded(shell.folder, verb)
    assert modules.isdisjoint({"pydantic", "planner.rules.reviewing.review", "planner.domain.gpu"})

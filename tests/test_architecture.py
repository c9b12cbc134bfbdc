"""The walls of the house, tried in fresh interpreters: a graph can't prove that an import is deferred."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("keras", "tensorflow", "torch", "jax", "sklearn", "scipy", "optuna", "mlflow")
"""What only a worker may load."""

ROOT = Path(__file__).parent.parent


def loaded_after(statement: str) -> set[str]:
    """Top-level modules that are loaded once `statement` has run in a fresh interpreter."""
    probe = f"{statement}\nimport sys; print(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=600, cwd=ROOT
    )
    return set(done.stdout.split())


ROOMS = {
    "planner": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.domain.view": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.rules.scoring.score": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.rules.learning.calibrate": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.rules.judging.ladder": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.store.store": (*HEAVY, "textual", "numpy", "pynvml"),
    "planner.store.runfolder": (*HEAVY, "textual", "tinydb", "numpy", "pynvml"),
    "planner.imports.source": (*HEAVY, "tensorboard", "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.gpu.ask": (*HEAVY, "textual", "tinydb", "numpy", "pynvml"),
    "planner.provenance.git": (*HEAVY, "textual", "tinydb", "numpy", "pynvml"),
    "planner.searcher.ask": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.executors.local": (*HEAVY, "textual", "tinydb", "numpy", "pynvml"),
    "planner.workspace.workspace": (*HEAVY, "textual", "pydantic", "numpy", "pynvml"),
    "planner.workspace.view": (*HEAVY, "textual", "numpy", "pynvml"),
    "planner.dispatcher.dispatcher": (*HEAVY, "textual", "numpy", "pynvml"),
    "planner.cli.main": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "planner.trial": (*HEAVY, "textual", "pydantic", "tinydb", "numpy", "pynvml"),
    "screens.app": (*HEAVY, "tinydb", "numpy", "pynvml", "textual_plot"),
}
"""A room, and what must not come with it."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_nothing_that_belongs_to_another(room: str) -> None:
    assert loaded_after(f"import {room}").isdisjoint(ROOMS[room])


@pytest.mark.parametrize(
    "package", sorted(ROOT.glob("planner/**/__init__.py")), ids=lambda path: path.parent.name
)
def test_package_files_stay_empty_or_lazy(package: Path) -> None:
    statements = [line for line in package.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert all("__future__" in line or "typing" in line for line in statements)


def test_every_file_begins_with_one_sentence() -> None:
    files = [
        path for room in ("planner", "screens") for path in (ROOT / room).rglob("*.py") if path.stat().st_size
    ]
    unspoken = [str(path) for path in files if not path.read_text().startswith('"""')]
    assert unspoken == []

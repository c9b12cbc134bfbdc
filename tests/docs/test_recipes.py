"""The examples of docs/recipes.md, typed as they stand there, each from an empty folder to a verdict."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from planner.cli.main import main
from planner.dispatcher.dispatcher import Dispatcher
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from planner.workspace.project import Project
from tests.worker.making import make_here

PAGE = Path(__file__).parents[2] / "docs/recipes.md"
PLANNER = str(Path(sys.executable).parent / "planner")
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"# ([\w.]+\.(?:py|sh|toml))\n")


@dataclass(frozen=True)
class Example:
    """One section of the page: the files to write and the commands to type."""

    files: dict[str, str]
    commands: tuple[list[str], ...]

    def write(self, folder: Path) -> None:
        """Write its files into a new repository."""
        folder.mkdir()
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        for name, text in self.files.items():
            (folder / name).write_text(text)


def example(title: str) -> Example:
    """The example under a heading of the page."""
    (section,) = [
        part for part in PAGE.read_text().split("\n## ") if part.splitlines()[0].removeprefix("# ") == title
    ]
    blocks = [found[1] for found in BLOCK.finditer(section)]
    files = {named[1]: block for block in blocks if (named := NAMED.match(block))}
    commands = [line for block in blocks if block.startswith("planner ") for line in block.splitlines()]
    return Example(files, tuple(shlex.split(line)[1:] for line in commands))


def verdict(folder: Path) -> str:
    """What became of the only idea."""
    (outcome,) = Store(Layout(folder)).read().outcomes
    return outcome.verdict


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_BY", "ana")


@pytest.mark.parametrize(
    ("title", "needs"),
    [
        ("A script in any language", "numpy"),
        ("A loop in PyTorch", "torch"),
        ("A loop in JAX", "jax"),
    ],
)
def test_whoever_types_what_the_page_says_gets_a_verdict(tmp_path: Path, title: str, needs: str) -> None:
    pytest.importorskip(needs)
    told, folder = example(title), tmp_path / "project"
    told.write(folder)
    for words in told.commands:
        done = subprocess.run([PLANNER, *words], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"planner {shlex.join(words)}: {done.stdout}{done.stderr}"
    assert verdict(folder) == "improved"


@dataclass(frozen=True)
class Here:
    """Makes each run in this process, so that Keras and scikit-learn are imported but once."""

    where: Path
    """What the runs' modules lie in, which are forgotten after each."""

    def submit(self, folder: RunFolder, *_handed: object) -> Done:
        """Make the run to its end."""
        make_here(self.where, folder)
        return Done(str(folder.path))

    def prepare(self, backend: str | None) -> bool:
        """Nothing need be."""
        return True

    def attach(self, job_id: str) -> Done:
        """It has ended."""
        return Done(job_id)


@dataclass(frozen=True)
class Done:
    """A run that was made."""

    id: str

    def alive(self) -> bool:
        return False

    def stop(self) -> None:
        """It has."""

    def exit_code(self) -> int | None:
        return 0


@pytest.mark.keras
@pytest.mark.parametrize(
    ("title", "needs"),
    [
        ("A Python script", "sklearn"),
        ("A scikit-learn estimator", "sklearn"),
        ("A loop of your own", "numpy"),
        ("A training loop of Keras", "keras"),
        ("A Keras model, on any backend", "jax"),
    ],
)
def test_so_does_whoever_trains_in_python(
    tmp_path: Path, title: str, needs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec(needs) is None:
        pytest.skip(f"{needs} is not installed")
    told, folder = example(title), tmp_path / "project"
    told.write(folder)
    monkeypatch.setattr("planner.workspace.workspace.Workspace.ensure_dispatcher", lambda _self: None)
    for words in told.commands:
        assert main(["-C", str(folder), *(word for word in words if word != "--wait")]) == 0
        if words[0] == "dispatch":
            dispatcher = Dispatcher(Project(Layout(folder), who="dispatcher"), Here(tmp_path))
            while dispatcher.tick():
                pass
    assert verdict(folder) == "improved"


def test_every_command_of_the_page_is_one_that_is_typed() -> None:
    titles = re.findall(r"^## (.*)$", PAGE.read_text(), re.MULTILINE)
    assert sum(len(example(title).commands) for title in titles) == PAGE.read_text().count("\nplanner ")

"""A shell to type commands into, and projects to type them in."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from planner.cli.main import main
from tests.projects import make_project


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its stdout as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs commands in this process, in one folder."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object, status: int = 0) -> Answer:
        """Type a command; it must end with that exit status."""
        self.capsys.readouterr()
        got = main(["-C", str(self.folder), *map(str, words)])
        said = self.capsys.readouterr()
        assert got == status, said.err
        return Answer(got, said.out, said.err)


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_BY", "ana")


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Shell(folder, capsys)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a project without ideas, as wide as it needs to be."""
    monkeypatch.delenv("COLUMNS", raising=False)
    make_project(tmp_path / "project")
    return Shell(tmp_path / "project", capsys)

"""Where a project is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.mistake import Mistake
from planner.store.layout import Layout, find_project


def test_the_project_is_found_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "planner.toml").touch()
    assert find_project(inner).project == tmp_path
    (tmp_path / "a" / "planner.toml").touch()
    assert find_project(inner).project == tmp_path / "a"


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"no planner\.toml in .* or above; `planner init` makes one"):
        find_project(tmp_path)


def test_a_relative_start_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planner.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert find_project(Path()).project == tmp_path


def test_a_runs_folder_stays_inside(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert layout.run("r1").path == tmp_path / ".planner" / "runs" / "r1"
    with pytest.raises(Mistake):
        layout.run("../r1")

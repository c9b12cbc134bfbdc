"""What an idea on a branch would do over again."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.workspace.workspace import Workspace
from tests.projects import commit, git
from tests.workspace.judged_once import RECIPE, add, committed, copied, kinds, remarks, repeats, run_all


@pytest.fixture
def work(judged: Path, tmp_path: Path) -> Workspace:
    return copied(judged, tmp_path)


@pytest.fixture
def better(work: Workspace) -> int:
    """An idea whose code is on a branch, and has run there."""
    folder = work.layout.project
    git(folder, "checkout", "-qb", "better")
    (folder / "experiment.py").write_text(RECIPE.replace("value = 0.9", "value = 0.95"))
    commit(folder, "better")
    git(folder, "checkout", "-q", "main")
    number = add(work, "a better loop", ref="better")
    work.queue.dispatch([number])
    run_all(work)
    return number


def test_a_branch_without_a_change_is_the_baseline(work: Workspace) -> None:
    git(work.layout.project, "branch", "idle")
    number = add(work, "a branch of nothing", ref="idle")
    (one,) = repeats(work, number)
    assert one.kind == "baseline"


def test_a_branch_is_the_same_until_it_moves(work: Workspace, better: int) -> None:
    folder = work.layout.project
    assert kinds(work, better) == ["same"]
    git(folder, "checkout", "-q", "better")
    committed(folder)
    git(folder, "checkout", "-q", "main")
    (one,) = repeats(work, better)
    assert (one.kind, one.reading) == ("changed", "it is measured anew")
    assert "head.py" in one.says


def test_a_branch_beside_other_data_adds_to_its_seeds_and_says_so(work: Workspace, better: int) -> None:
    folder = work.layout.project
    (folder / "data.csv").write_text("1,2,4\n")
    commit(folder, "other data")
    toml = folder / "planner.toml"
    toml.write_text(toml.read_text().replace('["*.csv"]', '["*.csv", "../*.csv"]'))
    (folder.parent / "more.csv").write_text("5\n")
    (one,) = [each for each in repeats(work, better) if each.kind == "changed"]
    assert (one.says[:21], one.reading[:19]) == ("the data have changed", "its earlier seeds c")


def test_a_branch_that_has_moved_by_a_remark_is_the_same_and_measured_anew(
    work: Workspace, better: int
) -> None:
    folder = work.layout.project
    git(folder, "checkout", "-q", "better")
    remarks(folder)
    git(folder, "checkout", "-q", "main")
    (one,) = repeats(work, better)
    assert (one.kind, one.reading) == ("same", "it is measured anew")


def test_a_branch_with_a_change_is_nothing_to_tell(work: Workspace) -> None:
    folder = work.layout.project
    git(folder, "checkout", "-qb", "wider")
    committed(folder)
    git(folder, "checkout", "-q", "main")
    assert kinds(work, add(work, "a wider head", ref="wider")) == []

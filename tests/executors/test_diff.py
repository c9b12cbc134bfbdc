"""What git says of two states of the code, and that nothing comes of it where git can't say."""

from pathlib import Path

import pytest

from planner.executors.diff import Code, can_be_made, changed_between, changed_on_branch, holds
from planner.provenance.git import look
from planner.rules.judging.diffs import lines_touched
from tests.projects import commit, git


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "net.py").write_text("".join(f"layer = {number}\n" for number in range(20)))
    commit(folder, "the start")
    return folder


def head(project: Path) -> str:
    return git(project, "rev-parse", "HEAD")


def state(project: Path) -> Code:
    """What the worker writes down of the code."""
    found = look(project)
    assert found is not None
    assert found[0].commit is not None
    return Code(found[0].commit, found[1])


def write(file: Path, lines: int) -> None:
    file.write_text("".join(f"line_{number} = {number}\n" for number in range(lines)))


def test_a_branch_is_measured_from_where_it_left(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "focal")
    write(project / "focal.py", 30)
    commit(project, "focal loss")
    git(project, "checkout", "-q", "main")
    write(project / "other.py", 500)
    commit(project, "something else meanwhile")
    said = changed_on_branch(project, head(project), "focal")
    assert said is not None
    assert lines_touched(said) == 30


def test_a_file_that_only_moved_touches_nothing(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "moved")
    git(project, "mv", "net.py", "network.py")
    commit(project, "a better name")
    said = changed_on_branch(project, "main", "moved")
    assert said is not None
    assert lines_touched(said) == 0


def test_uncommitted_code_on_either_side_is_part_of_the_state(project: Path) -> None:
    write(project / "notes.py", 5)
    before = state(project)
    write(project / "focal.py", 30)
    (project / "net.py").write_text((project / "net.py").read_text() + "head = 1\nloss = 2\n")
    (project / "logo.png").write_bytes(bytes(range(256)))
    after = state(project)
    said = changed_between(project, before, after)
    assert said is not None
    assert lines_touched(said) == 32


def test_code_that_was_committed_meanwhile_is_the_same_code(project: Path) -> None:
    before = state(project)
    write(project / "focal.py", 30)
    uncommitted = state(project)
    commit(project, "focal loss")
    committed = state(project)
    assert changed_between(project, before, uncommitted) == changed_between(project, before, committed)
    assert changed_between(project, uncommitted, committed) == b""


def test_neither_the_work_tree_nor_the_repository_is_touched(project: Path) -> None:
    before = state(project)
    write(project / "focal.py", 30)
    after = state(project)
    files = {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.is_file()}
    assert changed_between(project, before, after)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("ref", ["nowhere", "--output=evil", ""])
def test_an_unknown_ref_has_no_answer(project: Path, ref: str) -> None:
    assert changed_on_branch(project, "main", ref) is None
    assert not (project / "evil").exists()


TORN = b"diff --git a/net.py b/net.py\n--- a/net.py\n+++ b/net.py\n@@ -1 +1 @@\n-nothing\n[cut here]\n"


def test_a_patch_that_does_not_fit_has_no_answer(project: Path) -> None:
    assert changed_between(project, Code(head(project)), Code(head(project), TORN)) is None


def test_histories_without_a_common_commit_have_no_answer(project: Path, tmp_path: Path) -> None:
    git(project, "checkout", "-q", "--orphan", "apart")
    commit(project, "another beginning")
    assert changed_on_branch(project, "main", "apart") is None


def test_outside_git_and_without_git_there_is_no_answer(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bare").mkdir()
    assert changed_on_branch(tmp_path / "bare", "main", "main") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changed_on_branch(project, "main", "main") is None


def test_a_git_that_takes_too_long_has_no_answer(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.executors.diff.LONGER", 0.0)
    assert changed_on_branch(project, "main", "main") is None


def asked(project: Path) -> list[bool | None]:
    """Whether its code can be made again, and whether a branch is in what is checked out."""
    return [can_be_made(project, Code("main")), holds(project, "focal")]


def test_whether_code_can_be_made_again_is_known_by_its_commit_and_its_patch(project: Path) -> None:
    write(project / "focal.py", 30)
    assert can_be_made(project, state(project)) is True
    assert can_be_made(project, Code(head(project), TORN)) is False
    assert can_be_made(project, Code("0" * 40)) is False


def test_a_branch_is_held_by_what_has_all_its_changes(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "focal")
    write(project / "focal.py", 30)
    commit(project, "focal loss")
    git(project, "checkout", "-q", "main")
    assert holds(project, "focal") is False
    write(project / "focal.py", 30)
    commit(project, "the same by another way")
    assert holds(project, "focal") is True
    assert holds(project, "nowhere") is False


def test_a_git_that_is_slow_away_or_ended_says_neither_yes_nor_no(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(project, "branch", "focal")
    assert asked(project) == [True, True]
    with monkeypatch.context() as slow:
        slow.setattr("planner.executors.diff.PATIENCE", 0.0)
        assert asked(project) == [None, None]
    killed = tmp_path / "bin" / "git"
    killed.parent.mkdir()
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    monkeypatch.setenv("PATH", str(killed.parent))
    assert asked(project) == [None, None]
    killed.unlink()
    assert asked(project) == [None, None]

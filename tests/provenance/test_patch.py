"""Uncommitted changes come back from the patch that is kept of them, byte for byte."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.executors.worktree import add_worktree
from planner.provenance.git import look
from planner.provenance.patch import applied, name_of, sections
from tests.projects import AUTHOR, commit, git

BLANK = "a = 1\n\nb = 2\n\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text(".planner/\n")
    (folder / "net.py").write_text(BLANK)
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "weights.bin").write_bytes(b"\0\1\2")
    commit(folder, "the start")
    (folder / ".planner").mkdir()
    return folder


def new(name: str, content: bytes = b"x = 1\n", mode: int = 0o644) -> Callable[[Path], object]:
    """A file that nobody has added to git."""

    def write(project: Path) -> None:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(content)
        (project / name).chmod(mode)

    return write


def conflicting(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "other")
    new("net.py", b"a = 3\n")(project)
    commit(project, "one side")
    git(project, "checkout", "-q", "main")
    new("net.py", b"a = 4\n")(project)
    commit(project, "the other side")
    subprocess.run(["git", *AUTHOR, "merge", "other"], cwd=project, capture_output=True, check=False)


def moved_and_edited(project: Path) -> None:
    git(project, "mv", "net.py", "network.py")
    new("network.py", BLANK.encode() + b"c = 3\n")(project)


def blanks(project: Path) -> None:
    new("net.py", b"\n" + BLANK.encode() + b"\n")(project)
    new("more.py", b"a = 1  \n\t \n")(project)
    (project / "run.sh").chmod(0o755)


def odd(project: Path) -> None:
    """What is in a file nobody has added, and what it is called, of every odd kind."""
    new("within a line.py", b"a\rb\nc\r\n")(project)
    new("no end of the last line.py", b"a = 1")(project)
    new("an empty one.py", b"")(project)
    new("train.sh", b"#!/bin/sh\n", 0o755)(project)
    for name in ("a\nb.py", "a\tb.py", 'a"b.py', "a\\b.py", os.fsdecode(b"gr\xf6\xdfe.py"), "a b/c.py"):
        new(name)(project)
    (project / "link.py").symlink_to("net.py")
    (project / "lost.py").symlink_to("../nowhere")


CHANGES: dict[str, Callable[[Path], object]] = {
    "new files of every odd kind": odd,
    "a file that is gone": lambda project: (project / "net.py").unlink(),
    "moved and edited": moved_and_edited,
    "a merge in progress": conflicting,
    "blank lines, and a file that can be executed now": blanks,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_not_committed_comes_back(project: Path, change: Callable[[Path], object]) -> None:
    git(project, "config", "diff.suppressBlankEmpty", "true")
    git(project, "config", "core.whitespace", "trailing-space")
    change(project)
    found = look(project)
    assert found is not None
    code, patch = found
    assert code.commit is not None
    assert code.dirty
    assert code.left_out == ()
    place = add_worktree(project, project / ".planner", "r1-0000", code.commit, patch=patch)
    assert content(place) == content(project)


def content(folder: Path) -> dict[str, tuple[object, object]]:
    """Every file with what is in it, whether it can be executed, and where a link leads."""
    return {
        str(path.relative_to(folder)): (
            path.readlink() if path.is_symlink() else path.read_bytes(),
            path.lstat().st_mode & 0o170100,
        )
        for path in folder.rglob("*")
        if not {".git", ".planner"}.intersection(path.relative_to(folder).parts)
        and (path.is_symlink() or path.is_file())
    }


def test_a_binary_file_that_was_changed_is_named(project: Path) -> None:
    (project / "weights.bin").write_bytes(b"\0\3")
    found = look(project)
    assert found is not None
    assert found[0].left_out == ("weights.bin",)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"a/net.py b/net.py", "net.py"),
        (b"a/a b/c.py b/a b/c.py", "a b/c.py"),
        (b"a/old.py b/new one.py", "new one.py"),
        (b'"a/a\\nb.py" "b/a\\nb.py"', "a\nb.py"),
        (b'a/old.py "b/gr\\303\\266\\\\\\".py"', 'grö\\".py'),
        (b'"a/o\\"ld.py" b/new.py', "new.py"),
    ],
)
def test_a_file_is_known_by_its_name_whatever_is_in_it(header: bytes, name: str) -> None:
    section = b"diff --git %s\nindex 1..2\n" % header
    assert name_of(section) == name
    assert sections(section + section) == {name: section}


def test_a_repository_of_another_owner_is_told_of(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(PermissionError, match="detected dubious ownership in repository at"):
        look(project)


def test_what_a_hook_sets_for_its_own_repository_leads_nowhere(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "another")
    (project / "net.py").write_text("a = 5\n")
    wanted = look(project)
    for name, value in {
        "GIT_DIR": str(tmp_path / "another" / ".git"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_DIFF_OPTS": "-u0",
    }.items():
        monkeypatch.setenv(name, value)
    assert look(project) == wanted


TWELVE = b"".join(b"line %d\n" % n for n in range(12))
EDITS = {
    "the first line": (TWELVE, b"new\n" + TWELVE),
    "two places": (TWELVE, TWELVE.replace(b"line 1\n", b"").replace(b"line 10", b"other")),
    "nothing is left": (TWELVE, b""),
    "out of nothing": (b"", TWELVE),
    "no end any more": (TWELVE, TWELVE[:-1]),
    "an end by now": (TWELVE[:-1], TWELVE),
    "never an end": (b"a\nb", b"c\nb"),
    "carriage returns": (b"a\r\nb\rc\n", b"a\r\nb\rd\n"),
    "lines like those of a patch": (b"@@ -1 +1 @@\n--- a\n", b"@@ -1 +1 @@\n+++ b\n-- c\n"),
    "blank ones": (b"a\n\n\nb\n", b"a\n\nc\n\nb\n"),
}


def test_a_file_is_put_together_from_its_commit_and_the_patch(project: Path) -> None:
    for name, (before, _) in EDITS.items():
        (project / f"{name}.py").write_bytes(before)
    commit(project, "as it was")
    for name, (_, after) in EDITS.items():
        (project / f"{name}.py").write_bytes(after)
    found = look(project)
    assert found is not None
    parts = sections(found[1])
    for name, (before, after) in EDITS.items():
        assert applied(parts[f"{name}.py"], before) == after, name
        assert applied(parts[f"{name}.py"], b"line of another file\n" + before) is None or not before, name


def test_what_a_patch_says_of_a_binary_file_can_not_be_put_on_it(project: Path) -> None:
    (project / "weights.bin").write_bytes(b"\0\3")
    found = look(project)
    assert found is not None
    assert applied(sections(found[1])["weights.bin"], b"\0\1\2") is None


def test_that_a_file_with_secrets_was_left_out_is_nothing_that_the_patch_says_of_another(
    project: Path,
) -> None:
    (project / "secrets.yaml").write_text("a: 1\n")
    commit(project, "one with secrets")
    new("run.sh", b"#!/bin/sh\nexit\n")(project)
    before = look(project)
    new("secrets.yaml", b"a: 2\n")(project)
    after = look(project)
    assert before is not None
    assert after is not None
    assert b"secrets.yaml may hold secrets" in after[1]
    assert sections(after[1]) == sections(before[1])

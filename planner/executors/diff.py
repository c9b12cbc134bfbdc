"""The one door to what git says of two states of the code; where it can't say, the answer is None."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from planner.executors.git import CALM
from planner.provenance.asking import environment, run

PATIENCE = 20.0
"""Seconds git may take for one answer, all of its commands together, where it can be asked again."""
LONGER = 120.0
"""Seconds where what it says is written down for good."""
DIFF = ("diff", "--numstat", "-z", "-M", "--no-ext-diff", "--no-textconv", "--no-color")
"""Counts the lines of each file, a moved one by what changed in it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A state of the code: a commit, and what was not committed."""

    commit: str
    """The commit, by its hash or a name."""
    patch: bytes = b""
    """The changes on top of it, as a patch of text files."""


class _NoAnswer(Exception):
    """Git is not there, refuses, or takes too long."""


class _Refusal(_NoAnswer):
    """Git says no."""


def changed_on_branch(project: Path, base: str, ref: str) -> bytes | None:
    """What `git diff --numstat -z BASE...REF` prints: the lines of the branch since it left the base."""
    try:
        git = _Git(project, LONGER)
        return git(*DIFF, f"{git.commit(base)}...{git.commit(ref)}", "--")
    except _NoAnswer:
        return None


def changed_between(project: Path, before: Code, after: Code) -> bytes | None:
    """What `git diff --numstat -z` prints of two states of the code, uncommitted changes and all.

    Both are put together in a folder of their own: neither the work tree nor the repository is touched.
    """
    try:
        git = _Git(project, LONGER)
        with tempfile.TemporaryDirectory(prefix="planner-diff-") as scratch:
            git.write_into(Path(scratch))
            return git(*DIFF, git.tree(before), git.tree(after), "--")
    except (_NoAnswer, OSError):
        return None


def can_be_made(project: Path, code: Code) -> bool | None:
    """Whether the patch fits on its commit, which the repository has; None where git can't say now."""
    try:
        git = _Git(project, PATIENCE)
        with tempfile.TemporaryDirectory(prefix="planner-code-") as scratch:
            git.write_into(Path(scratch))
            return bool(git.tree(code))
    except _Refusal:
        return False
    except (_NoAnswer, OSError):
        return None


def holds(project: Path, commit: str) -> bool | None:
    """Whether merging a commit into what is checked out would change nothing.

    False where git refuses, as where it can't merge them; None where it can't say now.
    """
    try:
        git = _Git(project, PATIENCE)
        with tempfile.TemporaryDirectory(prefix="planner-merge-") as scratch:
            git.write_into(Path(scratch))
            return git("merge-tree", "--write-tree", "HEAD", commit) == git("rev-parse", "HEAD^{tree}")
    except _Refusal:
        return False
    except (_NoAnswer, OSError):
        return None


class _Git:
    """Git in one repository, for one answer."""

    def __init__(self, project: Path, patience: float) -> None:
        self._environment = environment()
        self._until = time.monotonic() + patience
        self._folder = project
        self._folder = Path(os.fsdecode(self("rev-parse", "--show-toplevel").rstrip(b"\n")))

    def __call__(self, *arguments: str, given: bytes = b"") -> bytes:
        """What a command prints."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise _NoAnswer
        try:
            command = ["git", *CALM, *arguments]
            done = run(command, self._folder, self._environment, patience=left, given=given)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _NoAnswer from error
        if done.returncode < 0:  # somebody has ended it
            raise _NoAnswer
        if done.returncode:
            raise _Refusal
        return done.stdout

    def commit(self, name: str) -> str:
        """The hash of a commit."""
        wanted = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return self("rev-parse", *wanted).decode().strip()

    def write_into(self, scratch: Path) -> None:
        """Let whatever git writes from now on land in that folder."""
        objects = self("rev-parse", "--git-path", "objects").rstrip(b"\n")
        (scratch / "objects").mkdir()
        self._environment |= {
            "GIT_INDEX_FILE": str(scratch / "index"),
            "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(self._folder / os.fsdecode(objects)),
        }

    def tree(self, code: Code) -> str:
        """The tree of a state of the code."""
        self("read-tree", self.commit(code.commit))
        if code.patch:
            self("apply", "--cached", "--whitespace=nowarn", "-", given=code.patch)
        return self("write-tree").decode().strip()

"""Which code ran: commit, branch and everything that was not committed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from planner.provenance.asking import Unanswered, environment, reason, run
from planner.provenance.patch import CUT, LONGEST, added, binaries, discreet, shown
from planner.store.redact import without_login

PATIENCE = 20.0
"""Seconds one question to git may take where somebody waits for the answer."""
LONGER = 120.0
"""Seconds where the answer is written down for good: a run can't be told of its code later."""
MOST_FILES = 200
"""Untracked files that are kept with the diff, at most."""
PLAINLY = (
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--submodule=short", "-U3",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
"""A patch that can be applied again, whatever a person has told git about how they like to see one."""
SETTINGS = (
    "-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "-c", "diff.suppressBlankEmpty=false",
)  # fmt: skip
"""Settings under which what git says can be read and applied again."""
DISTRUSTED = b"dubious ownership"
"""What git says of a repository that is somebody else's, and that it does not look at."""
OURS = ":(exclude,top,glob)**/.planner/**"
"""Leaves the planner's own folder out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The state of the project's repository."""

    commit: str | None
    """The commit checked out; None before the first."""
    branch: str | None
    """The branch; None when a commit is checked out directly."""
    remote: str | None
    """Address of the remote `origin`, without user and password; None when there is none."""
    dirty: bool
    """Whether anything differs from the commit."""
    left_out: tuple[str, ...] = ()
    """Files whose changes are not in the patch: too large, no text, or likely secret."""


@dataclass(slots=True)
class _Status:
    """What `git status` says."""

    commit: str | None = None
    branch: str | None = None
    changed: bool = False
    untracked: list[str] = field(default_factory=list)


def look(project: Path, patience: float = PATIENCE) -> tuple[Code, bytes] | None:
    """The repository's state and the uncommitted changes as a patch; None without git or a repository.

    Unanswered when git takes longer than `patience` seconds to answer one question,
    PermissionError for a repository of another owner, which git does not read.
    """
    ask = partial(_git, project, patience=patience)
    said = ask("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--", ":/", OURS)
    root = ask("rev-parse", "--show-toplevel")
    if said is None or root is None:
        return None
    status, top = _read(os.fsdecode(said)), Path(os.fsdecode(root.removesuffix(b"\n")))
    patch = _diff(ask) if status.changed and status.commit else b""
    new, left_out = _untracked(top, status.untracked)
    remote = ask("remote", "get-url", "origin")
    code = Code(
        commit=status.commit,
        branch=status.branch,
        remote=without_login(remote.decode("utf-8", "replace").strip()) if remote else None,
        dirty=status.changed or bool(status.untracked),
        left_out=tuple(left_out + binaries(patch)),
    )
    return code, discreet(patch) + new


def differing(project: Path, one: str, other: str) -> list[str] | None:
    """The files that differ between two commits, from the repository's top; None where git refuses.

    Unanswered, as in all of these, when git does not answer in time.
    """
    said = _unless_distrusted(project, "diff", "--name-only", "--no-renames", "-z", one, other, "--")
    return None if said is None else [os.fsdecode(name) for name in said.split(b"\0") if name]


def file_at(project: Path, commit: str, name: str) -> bytes | None:
    """A file's content in a commit, by its name from the repository's top; None where it is not there."""
    return _unless_distrusted(project, "cat-file", "blob", f"{commit}:{name}")


def place_of(project: Path) -> str | None:
    """Where a project lies in its repository, empty at its top; None outside git."""
    said = _unless_distrusted(project, "rev-parse", "--show-prefix")
    return None if said is None else os.fsdecode(said).strip().rstrip("/")


def _read(said: str) -> _Status:
    """The fields of porcelain version 2, where each entry ends in NUL."""
    status, entries = _Status(), iter(said.split("\0"))
    for entry in entries:
        if entry.startswith("# branch.oid ") and not entry.endswith("(initial)"):
            status.commit = entry.split()[-1]
        elif entry.startswith("# branch.head ") and not entry.endswith("(detached)"):
            status.branch = entry.removeprefix("# branch.head ")
        elif entry.startswith("? "):
            status.untracked.append(entry[2:])
        elif entry[:2] in ("1 ", "2 ", "u "):
            status.changed = True
            if entry.startswith("2 "):
                next(entries, None)  # the name a renamed file had before
    return status


def _diff(ask: Callable[..., bytes | None]) -> bytes:
    diff = ask("diff", "HEAD", *PLAINLY, "--", ":/", OURS) or b""
    return diff if len(diff) <= LONGEST else diff[:LONGEST] + CUT


def _untracked(top: Path, names: list[str]) -> tuple[bytes, list[str]]:
    """The small text files among these as a patch that adds them, and the names of the others."""
    patches: list[bytes] = []
    left_out: list[str] = []
    for name in names:
        patch = added(top, name) if len(patches) < MOST_FILES else None
        if patch is None:
            left_out.append(shown(name))
        else:
            patches.append(patch)
    return b"".join(patches), left_out[:MOST_FILES]


def _unless_distrusted(project: Path, *arguments: str) -> bytes | None:
    try:
        return _git(project, *arguments)
    except PermissionError:
        return None


def _git(project: Path, *arguments: str, patience: float = PATIENCE) -> bytes | None:
    """What git answers; None when it is not there or refuses; Unanswered when it is slow."""
    try:
        done = run(["git", *SETTINGS, *arguments], project, environment(), patience=patience)
    except subprocess.TimeoutExpired as error:
        raise Unanswered(f"git took longer than {patience:g} s to answer `{arguments[0]}`") from error
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unanswered(f"git could not be started ({error.strerror})") from error
    if done.returncode < 0:
        raise Unanswered(f"git was ended by signal {-done.returncode}")
    if done.returncode and DISTRUSTED in done.stderr:
        raise PermissionError(reason(done.stderr))
    return done.stdout if done.returncode == 0 else None

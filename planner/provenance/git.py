"""Which code ran: commit, branch and everything that was not committed."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from planner.store.redact import without_login, without_secrets
from planner.store.secret import is_secret_file

TIMEOUT = 2.0
"""Seconds one question to git may take."""
LONGEST_DIFF = 4_000_000
"""Bytes of a diff that are kept."""
LARGEST_FILE = 100_000
"""Bytes of an untracked file that is kept with the diff, at most."""
MOST_FILES = 200
"""Untracked files that are kept with the diff, at most."""
FILE = re.compile(rb"^(?=diff --git )", re.MULTILINE)
"""Where a patch begins with the next file."""
CUT = b"\n[cut here: the diff is longer]\n"
"""How a diff ends that was longer."""
PLAINLY = (
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--submodule=short", "-U3",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
"""A patch that can be applied again, whatever a person has told git about how they like to see one."""
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
    """Untracked files that are not in the patch: too large, no text, or likely secret."""


@dataclass(slots=True)
class _Status:
    """What `git status` says."""

    commit: str | None = None
    branch: str | None = None
    changed: bool = False
    untracked: list[str] = field(default_factory=list)


def look(project: Path) -> tuple[Code, bytes] | None:
    """The repository's state and the uncommitted changes as a patch; None without git or a repository.

    TimeoutError when git takes longer than TIMEOUT to answer.
    """
    said = _git(
        project, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--", ":/", OURS
    )
    root = _git(project, "rev-parse", "--show-toplevel")
    if said is None or root is None:
        return None
    status, top = _read(said.decode("utf-8", "replace")), Path(os.fsdecode(root.strip()))
    patch = _diff(project) if status.changed and status.commit else b""
    added, left_out = _untracked(top, status.untracked)
    remote = _git(project, "remote", "get-url", "origin")
    code = Code(
        commit=status.commit,
        branch=status.branch,
        remote=without_login(remote.decode("utf-8", "replace").strip()) if remote else None,
        dirty=status.changed or bool(status.untracked),
        left_out=tuple(left_out),
    )
    return code, _discreet(patch) + added


def sections(patch: bytes) -> dict[str, bytes]:
    """What a patch says of each file, by its name from the repository's top."""
    parts = (part for part in FILE.split(patch) if part.startswith(b"diff --git "))
    return {_name(part): part for part in parts}


def is_new(section: bytes) -> bool:
    """Whether what a patch says of a file is that it was added."""
    return b"\nnew file mode " in section


def differing(project: Path, one: str, other: str) -> list[str] | None:
    """The files that differ between two commits, from the repository's top; None where git can't say."""
    try:
        said = _git(project, "diff", "--name-only", "--no-renames", "-z", one, other, "--")
    except TimeoutError:
        return None
    return None if said is None else [os.fsdecode(name) for name in said.split(b"\0") if name]


def file_at(project: Path, commit: str, name: str) -> bytes | None:
    """A file's content in a commit, by its name from the repository's top; None where it is not there."""
    try:
        return _git(project, "cat-file", "blob", f"{commit}:{name}")
    except TimeoutError:
        return None


def place_of(project: Path) -> str | None:
    """Where a project lies in its repository, empty at its top; None outside git."""
    try:
        said = _git(project, "rev-parse", "--show-prefix")
    except TimeoutError:
        return None
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


def _diff(project: Path) -> bytes:
    diff = _git(project, "diff", "HEAD", *PLAINLY, "--", ":/", OURS) or b""
    return diff if len(diff) <= LONGEST_DIFF else diff[:LONGEST_DIFF] + CUT


def _untracked(top: Path, names: list[str]) -> tuple[bytes, list[str]]:
    """The small text files among these as a patch that adds them, and the names of the others."""
    patches: list[bytes] = []
    left_out: list[str] = []
    for name in names:
        content = _text(top / name) if len(patches) < MOST_FILES and not is_secret_file(name) else None
        if content is None:
            left_out.append(name)
        else:
            patches.append(_discreet(_added(name, content)))
    return b"".join(patches), left_out[:MOST_FILES]


def _discreet(patch: bytes) -> bytes:
    """The patch without the secrets in it: what it says of a file that usually holds some is left out whole.

    Where an unchanged or a removed line held one, the patch no longer applies.
    """
    return b"".join(_of_file(part) for part in FILE.split(patch))


def _of_file(patch: bytes) -> bytes:
    name = _name(patch)
    if is_secret_file(name):
        return f"[left out: {name} may hold secrets]\n".encode()
    text = patch.decode("utf-8", "surrogateescape")
    return without_secrets(text, code=name.endswith(".py")).encode("utf-8", "surrogateescape")


def _name(section: bytes) -> str:
    return section.partition(b"\n")[0].rpartition(b" b/")[2].decode("utf-8", "replace").strip('"')


def _text(path: Path) -> bytes | None:
    """A small text file's content; None for any other thing."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    return None if b"\0" in content else content


def _added(name: str, content: bytes) -> bytes:
    """A patch that adds one file, as git would write it."""
    lines = content.splitlines(keepends=True)
    head = f"diff --git a/{name} b/{name}\nnew file mode 100644\n"
    if not lines:
        return head.encode()
    head += f"--- /dev/null\n+++ b/{name}\n@@ -0,0 +1,{len(lines)} @@\n"
    body = b"".join(b"+" + line for line in lines)
    ending = b"" if body.endswith(b"\n") else b"\n\\ No newline at end of file\n"
    return head.encode() + body + ending


def _git(project: Path, *arguments: str) -> bytes | None:
    """What git answers; None when it is not there or refuses; TimeoutError when it is slow."""
    settings = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=off")
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"git took longer than {TIMEOUT:g} s to answer `{arguments[0]}`") from error
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None

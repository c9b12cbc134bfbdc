"""What a branch, a tag or a hash stands for right now, and whether the work tree has it."""

from __future__ import annotations

import contextlib
import os
from difflib import get_close_matches
from pathlib import Path

from planner.domain.mistake import Failed, Mistake
from planner.executors.diff import holds
from planner.executors.git import Refused, Unable, git
from planner.rules.wording.display import fit

NEAREST = 3
"""Branches that are named when one is not there."""
MOST = 1000
"""Branches that a name is held against, at most."""
SHOWN = 60
"""Cells of a name that no commit has."""
LONGEST = 200
"""Characters of it that are held against others."""
HEX = frozenset("0123456789abcdef")
"""What a hash is made of."""
SHORT = 10
"""Characters of a hash that are told."""
FULL = 40
"""Characters of a hash that names its commit and no other."""
KEPT = "refs/planner/"
"""Before the hash of a commit that git is to hold on to."""


def commit_of(project: Path, ref: str) -> str:
    """The hash of the commit that a ref names.

    A Mistake when it names none, with the nearest names, or when the project is not in that commit; Failed
    when git can't be asked.
    """
    root, shown = root_of(project), repr(fit(ref, SHOWN))
    try:
        commit = _asked(project, ref)
        _check_one(project, ref)
        _check_place(project, root, ref, commit)
    except Unable as error:
        raise Failed(f"git could not be asked for {shown} ({error})") from None
    except (Refused, ValueError):
        raise Mistake(f"{shown} names no commit of {root}{_hint(project, ref)}") from None
    return commit


def keep(project: Path, commit: str) -> None:
    """Let git hold on to a commit that runs are of, whatever becomes of its branch; as far as git can."""
    with contextlib.suppress(Refused, Unable):
        git(project, "update-ref", KEPT + commit, commit)


def root_of(project: Path) -> Path:
    """The top folder of the repository that a project lies in; a Mistake when it lies in none."""
    try:
        return Path(os.fsdecode(git(project, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except Unable as error:
        raise Failed(f"git could not be asked about {project} ({error})") from None
    except Refused as error:
        if "not a git repository" not in str(error):
            raise Mistake(f"git does not read the repository of {project}: {error}") from None
        raise Mistake(f"{project} is no git repository, so it has no branches ({error})") from None


def contains(project: Path, commit: str, older: str) -> bool:
    """Whether a commit has another one behind it; False where git refuses, Failed when it can't be asked."""
    try:
        git(project, "merge-base", "--is-ancestor", older, commit)
    except Unable as error:
        raise Failed(f"git could not be asked what {commit[:SHORT]} has behind it ({error})") from None
    except Refused:
        return False
    return True


def merged(project: Path, commit: str) -> bool:
    """Whether what is checked out has all of a commit: merged, fast-forwarded, squashed or cherry-picked.

    False too where git refuses; Failed when it can't be asked.
    """
    if contains(project, "HEAD", commit):
        return True
    if (held := holds(project, commit)) is None:
        raise Failed(f"git does not say in time whether the work tree has all of {commit[:SHORT]}; try again")
    return held


def submodules(project: Path, ref: str) -> list[str]:
    """The folders that are repositories of their own in a commit; empty where git can't say."""
    try:
        said = git(
            project, "config", "--blob", f"{ref}:.gitmodules", "--get-regexp", r"^submodule\..*\.path$"
        )
    except (Refused, Unable):
        return []
    return [line.partition(" ")[2] for line in said.decode("utf-8", "replace").splitlines()]


def pointers(project: Path, ref: str) -> list[str]:
    """The patterns of files that Git LFS keeps elsewhere, where nothing here fetches them into a checkout.

    Empty too where git can't be asked.
    """
    found: list[str] = []
    with contextlib.suppress(Unable):
        if _is_set(project, "filter.lfs.smudge"):
            return []
        for place in (f"{ref}:.gitattributes", f"{ref}:./.gitattributes"):
            with contextlib.suppress(Refused):
                said = git(project, "cat-file", "blob", place).decode("utf-8", "replace")
                found += [line.split()[0] for line in said.splitlines() if "filter=lfs" in line.split()[1:]]
    return list(dict.fromkeys(found))


def _is_set(project: Path, setting: str) -> bool:
    try:
        git(project, "config", "--get", setting)
    except Refused:
        return False
    return True


def _asked(project: Path, ref: str) -> str:
    """The hash that git answers with; Refused where it names none, or what is none, such as `^main`."""
    wanted = ("--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    said = git(project, "rev-parse", *wanted).decode().strip()
    if not set(said) <= HEX:
        raise Refused(said)
    return said


def _check_one(project: Path, ref: str) -> None:
    """A Mistake where a branch and a tag have the same name and are not of the same commit."""
    if len(ref) >= FULL and set(ref) <= HEX:
        return
    commits = set()
    for kind in ("heads", "tags"):
        with contextlib.suppress(Refused):
            commits.add(_asked(project, f"refs/{kind}/{ref}"))
    if len(commits) > 1:
        raise Mistake(f"{ref!r} is a branch and a tag, of two commits: say 'heads/{ref}' or 'tags/{ref}'")


def _check_place(project: Path, root: Path, ref: str, commit: str) -> None:
    """A Mistake where the project's folder is not part of a commit."""
    place = project.resolve().relative_to(root.resolve()).as_posix()
    if place == ".":
        return
    try:
        git(project, "cat-file", "-e", f"{commit}:{place}")
    except Refused:
        raise Mistake(f"{ref!r} has no folder {place}, where the project lies") from None


def _hint(project: Path, ref: str) -> str:
    try:
        said = git(
            project, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"
        )
    except (Refused, Unable):
        said = b""
    names = said.decode("utf-8", "replace").split()
    elsewhere = [name for name in names if name.endswith(f"/{ref}")]
    near = elsewhere[:NEAREST] or get_close_matches(ref[:LONGEST], names[:MOST], n=NEAREST)
    if near:
        return f": did you mean {' or '.join(repr(name) for name in near)}?"
    return "; `git branch --all` shows the branches"

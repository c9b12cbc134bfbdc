"""What a branch, a tag or a hash stands for right now, and whether the work tree has it."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from planner.domain.mistake import Failed, Mistake
from planner.executors.diff import holds
from planner.executors.git import Refused, Unable, git

NEAREST = 3
"""Branches that are named when one is not there."""


def commit_of(project: Path, ref: str) -> str:
    """The hash of the commit that a ref names.

    A Mistake when it names none, with the nearest names, or when the project is not in that commit; Failed
    when git can't be asked.
    """
    root = root_of(project)
    try:
        said = git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except Unable as error:
        raise Failed(f"git could not be asked for {ref!r} ({error})") from None
    except Refused:
        raise Mistake(f"{ref!r} names no commit of {root}{_hint(project, ref)}") from None
    commit = said.decode().strip()
    _check_place(project, root, ref, commit)
    return commit


def root_of(project: Path) -> Path:
    """The top folder of the repository that a project lies in; a Mistake when it lies in none."""
    try:
        return Path(os.fsdecode(git(project, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except Unable as error:
        raise Failed(f"git could not be asked about {project} ({error})") from None
    except Refused as error:
        raise Mistake(f"{project} is no git repository, so it has no branches ({error})") from None


def contains(project: Path, commit: str, older: str) -> bool:
    """Whether a commit has another one behind it; False where git can't say."""
    try:
        git(project, "merge-base", "--is-ancestor", older, commit)
    except Refused:
        return False
    return True


def merged(project: Path, commit: str) -> bool:
    """Whether what is checked out has all of a commit: merged, fast-forwarded, squashed or cherry-picked.

    False too where git can't say.
    """
    return contains(project, "HEAD", commit) or holds(project, commit)


def submodules(project: Path, ref: str) -> list[str]:
    """The folders that are repositories of their own in a commit; empty where git can't say."""
    try:
        said = git(
            project, "config", "--blob", f"{ref}:.gitmodules", "--get-regexp", r"^submodule\..*\.path$"
        )
    except Refused:
        return []
    return [line.partition(" ")[2] for line in said.decode("utf-8", "replace").splitlines()]


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
    except Refused:
        said = b""
    names = said.decode("utf-8", "replace").split()
    near = get_close_matches(ref, names, n=NEAREST)
    if near:
        return f": did you mean {' or '.join(repr(name) for name in near)}?"
    return "; `git branch --all` shows the branches"

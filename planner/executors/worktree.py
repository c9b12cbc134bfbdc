"""A git worktree for each run of code that is not the work tree's, which is never touched.

It lies in `.planner/worktrees/<run>/code`; what else the run needs of the project lies beside it or in it as
links, and the folder goes as a whole.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from planner.domain.mistake import Failed, Mistake
from planner.executors.data_links import link_data
from planner.executors.git import Refused, Unable, git
from planner.executors.refs import commit_of, root_of
from planner.store import files

CHECKOUT = 900.0
"""Seconds a checkout may take, of many files on a slow disk; what hangs longer is ended and tried again."""
REMOVAL = 60.0
"""Seconds git may take to remove one; then its folder goes without git."""
PROMISED = "promisor remote"
"""What git says of files that a partial clone has left on the server."""
CODE = "code"
"""The worktree within the run's own folder: `../data` of a project at the top stays in that folder."""


def add_worktree(
    project: Path, home: Path, run_id: str, ref: str, *, data: tuple[str, ...] = (), patch: bytes = b""
) -> Path:
    """Check a commit, or what a ref names now, out into a folder of its own; answers where the project is.

    `data` are globs of files that the run reads; those that git does not have are linked. `patch` is applied
    on top. A Mistake when there is no such commit or the patch does not fit; Failed when git can't do it now.
    """
    root, commit = root_of(project), commit_of(project, ref)
    remove_worktree(project, home, run_id)  # half of one, when a dispatcher died over it
    try:
        return _add(project, root, _place(home, run_id), commit, ref, data, patch)
    except Mistake:
        remove_worktree(project, home, run_id)
        raise


def _add(
    project: Path, root: Path, place: Path, commit: str, ref: str, data: tuple[str, ...], patch: bytes
) -> Path:
    files.make_folder(place.parent.parent)
    files.make_folder(place.parent)
    _do(
        project, "worktree", "add", "--detach", "--force", str(place), commit, what=f"can't check {ref!r} out"
    )
    if patch:
        _apply(place, patch)
    code = place / project.resolve().relative_to(root.resolve())
    if not code.is_dir():
        raise Mistake(f"{ref!r} has no folder {code.relative_to(place)}, where the project lies")
    try:
        link_data(project, code, place.parent, data)
    except (Refused, Unable) as error:
        raise Failed(f"git can't say which data files it has ({error})") from None
    return code


def remove_worktree(project: Path, home: Path, run_id: str) -> None:
    """Take the run's worktree away, half of one too, or what git remembers of one that is gone already."""
    place = _place(home, run_id)
    if not place.parent.exists():
        _forget(project, lambda one: one == place.resolve())
        return
    try:
        # Twice: one that was being made when its maker died is locked.
        git(project, "worktree", "remove", "--force", "--force", str(place), patience=REMOVAL)
    except (Refused, Unable):  # no worktree to git's mind, or no longer: its folder can go all the same
        _forget(project, lambda one: one == place.resolve())
    shutil.rmtree(place.parent, ignore_errors=True)


def forget_gone(project: Path, home: Path) -> None:
    """Let git forget the worktrees of runs that somebody took away by hand."""
    ours = (home / "worktrees").resolve()
    _forget(project, lambda place: place.is_relative_to(ours) and not place.exists())


def worktrees(home: Path) -> list[str]:
    """The runs that have a worktree, or half of one."""
    return sorted(place.name for place in (home / "worktrees").glob("*"))


def _place(home: Path, run_id: str) -> Path:
    return home / "worktrees" / run_id / CODE


def _apply(place: Path, patch: bytes) -> None:
    """Change the checked-out code as the patch says, without telling the index: so it was when it ran."""
    try:
        git(place, "apply", "--whitespace=nowarn", "-", given=patch, patience=CHECKOUT)
    except Unable as error:
        raise Failed(f"git can't apply the uncommitted changes ({error})") from None
    except Refused as error:
        raise Mistake(f"the uncommitted changes that were kept no longer apply ({error})") from None


def _forget(project: Path, which: Callable[[Path], bool]) -> None:
    """Take away what git remembers of some worktrees, by where they really lie.

    `git worktree prune` would take those of others too.
    """
    try:
        said = git(project, "rev-parse", "--path-format=absolute", "--git-common-dir")
    except (Refused, Unable):  # the repository itself is gone, or tells another time: the next one sweeps
        return
    for note in (Path(said.decode().strip()) / "worktrees").glob("*/gitdir"):
        with contextlib.suppress(FileNotFoundError):  # git has forgotten it in this moment
            # Git may be set up to remember the way from here.
            code = note.parent / note.read_text(errors="replace").strip()
            if which(Path(os.path.normpath(code.parent))):
                shutil.rmtree(note.parent, ignore_errors=True)


def _do(project: Path, *arguments: str, what: str) -> None:
    try:
        git(project, *arguments, patience=CHECKOUT)
    except (Refused, Unable) as error:
        here = f"git -C {shlex.quote(str(project))}"
        # A dispatcher asks no server: it may want a password, or take for ever.
        fetch = (
            f"; `{here} archive {arguments[-1]} >/dev/null` fetches them" if PROMISED in str(error) else ""
        )
        raise Failed(f"git {what} ({error}{fetch})") from None

"""A git worktree per run of an idea with a ref, so that the user's own work tree is never touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from planner.domain.mistake import Failed, Mistake
from planner.store import files

TIMEOUT = 60.0
"""Seconds a checkout may take."""


def add_worktree(project: Path, home: Path, run_id: str, ref: str) -> Path:
    """Check the ref out into a folder of its own; answers where the project lies in it."""
    root = Path(_git(project, "rev-parse", "--show-toplevel", what=f"{project} is no git repository"))
    commit = _git(
        project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}",
        what=f"--ref {ref!r} names no commit of {root}: `git branch --all` shows the branches",
    )  # fmt: skip
    remove_worktree(project, home, run_id)  # half of one, when a dispatcher died over it
    place = _place(home, run_id)
    files.make_folder(place.parent)
    _git(
        project, "worktree", "add", "--detach", "--force", str(place), commit,
        what=f"git can't check {ref!r} out", fault=Failed,
    )  # fmt: skip
    return place / project.resolve().relative_to(Path(root).resolve())


def remove_worktree(project: Path, home: Path, run_id: str) -> None:
    """Take the run's worktree away, half of one too; nothing happens when there is none."""
    place = _place(home, run_id)
    if not place.exists():
        return
    try:
        # Twice: one that was being made when its maker died is locked.
        _git(project, "worktree", "remove", "--force", "--force", str(place), what="", fault=Failed)
    except Failed:  # no worktree to git's mind, or no longer: its folder can go all the same
        shutil.rmtree(place, ignore_errors=True)
        _git(project, "worktree", "prune", what=f"git can't forget the worktree {place}", fault=Failed)


def worktrees(home: Path) -> list[str]:
    """The runs that have a worktree, or half of one."""
    return sorted(place.name for place in (home / "worktrees").glob("*"))


def _place(home: Path, run_id: str) -> Path:
    return home / "worktrees" / run_id


def _git(folder: Path, *arguments: str, what: str, fault: type[Mistake] = Mistake) -> str:
    """Run git; a `fault` that begins with `what` when it refuses, Failed when it is slow or not there."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=True,
            umask=0o077,  # what it checks out lies in the planner's own folder
        )
    except subprocess.CalledProcessError as error:
        raise fault(
            f"{what} ({error.stderr.strip().splitlines()[-1] if error.stderr.strip() else 'no reason given'})"
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{what} ({error})") from None
    return done.stdout.strip()

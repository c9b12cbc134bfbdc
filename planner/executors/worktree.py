"""A git worktree per run of an idea with a ref, so that the user's own work tree is never touched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from planner.domain.mistake import Mistake

TIMEOUT = 60.0
"""Seconds a checkout may take."""


def add_worktree(project: Path, home: Path, run_id: str, ref: str) -> Path:
    """Check the ref out into a folder of its own; answers where the project lies in it."""
    root = Path(_git(project, "rev-parse", "--show-toplevel", what=f"{project} is no git repository"))
    commit = _git(
        project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}",
        what=f"--ref {ref!r} names no commit of {root}: `git branch --all` shows the branches",
    )  # fmt: skip
    place = _place(home, run_id)
    if not place.exists():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        _git(
            project,
            "worktree",
            "add",
            "--detach",
            "--force",
            str(place),
            commit,
            what=f"git can't check {ref!r} out",
        )
    return place / project.resolve().relative_to(Path(root).resolve())


def remove_worktree(project: Path, home: Path, run_id: str) -> None:
    """Take the run's worktree away; nothing happens when there is none."""
    place = _place(home, run_id)
    if place.exists():
        _git(
            project,
            "worktree",
            "remove",
            "--force",
            str(place),
            what=f"git can't remove the worktree {place}",
        )


def _place(home: Path, run_id: str) -> Path:
    return home / "worktrees" / run_id


def _git(folder: Path, *arguments: str, what: str) -> str:
    """Run git; a Mistake that begins with `what` when it refuses, is slow or is not there."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise Mistake(
            f"{what} ({error.stderr.strip().splitlines()[-1] if error.stderr.strip() else 'no reason given'})"
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Mistake(f"{what} ({error})") from None
    return done.stdout.strip()

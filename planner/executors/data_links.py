"""Data files that git does not have, seen from a worktree: a link to each, where the run looks for it."""

from __future__ import annotations

import os
from pathlib import Path

from planner.executors.git import git
from planner.provenance.fingerprint import matches
from planner.store import files


def link_data(project: Path, code: Path, within: Path, patterns: tuple[str, ...]) -> None:
    """Link the files that `recipe.data` matches in the project and git does not track into `code`.

    `code` is the project's place in a worktree, `within` the folder that no link may leave. What the
    worktree has itself stays as it is.
    """
    names = [name for name in matches(project, patterns) if not Path(name).is_absolute()]
    if not names:
        return
    root = Path(os.fsdecode(git(project, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    tracked = {os.fsdecode(name) for name in git(root, "ls-files", "-z").split(b"\0")}
    here = project.resolve()
    for name in names:
        source = Path(os.path.normpath(here / name))
        if os.path.relpath(source, root.resolve()) not in tracked:
            _link(Path(os.path.normpath(code / name)), source, within)


def _link(link: Path, source: Path, within: Path) -> None:
    """Make one link; nothing where its place is taken or lies elsewhere, as behind a link of git's own."""
    if os.path.lexists(link) or not link.parent.resolve().is_relative_to(within.resolve()):
        return
    for folder in (*reversed(link.parent.parents), link.parent):
        if not folder.exists():
            files.make_folder(folder)
    link.symlink_to(source)

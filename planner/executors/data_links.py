"""Data files that git does not have, seen from a worktree: a link to each, where the run looks for it."""

from __future__ import annotations

import os
from pathlib import Path

from planner.domain.mistake import Failed
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
    folder = link.parent.resolve()  # git may have links of its own on the way, and what they lead to not
    if os.path.lexists(link) or not folder.is_relative_to(within.resolve()):
        return
    try:
        for one in (*reversed(folder.parents), folder):
            if not one.exists():
                files.make_folder(one)
        (folder / link.name).symlink_to(source)
    except OSError as error:
        raise Failed(f"{source} can't be linked into the checkout ({error.strerror})") from None

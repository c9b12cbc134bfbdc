"""Symbolic links where the planner keeps its own files: it reads through them and writes through none."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from planner.domain.finding import Finding
from planner.store.layout import Layout

FREE = ("worktrees",)
"""Folders in which links are meant to be: code as git has it, with its data."""


def links(layout: Layout) -> Finding:
    """Links in the planner's own folder; those that a recipe makes below its run's folder are its own."""
    found = list(_links(layout))
    if not found:
        return Finding(name="links", state="ok", text="no file of the planner's is a symbolic link")
    first = found[0]
    # Without the folder itself, or one in it, nothing can be written at all.
    stops = layout.home in (first, first.parent)
    return Finding(
        name="links",
        state="problem" if stops else "warning",
        text=f"{_told(first)}, through which the planner writes nothing{_more(found)}",
        command=_mended(first),
    )


def _told(link: Path) -> str:
    nowhere = "" if link.exists() else ", which is not there"
    return f"{link} is a symbolic link to {link.readlink()}{nowhere}"


def _more(found: list[Path]) -> str:
    return f"; so are {len(found) - 1} more" if len(found) > 1 else ""


def _mended(link: Path) -> str:
    """What puts the thing itself in the place of its link; where it leads nowhere, the link goes."""
    gone = f"rm {shlex.quote(str(link))}"
    if not link.exists():
        return gone
    return f"{gone} && mv {shlex.quote(str(link.resolve()))} {shlex.quote(str(link))}"


def _links(layout: Layout) -> Iterator[Path]:
    """What would be in the way first comes first."""
    if layout.home.is_symlink():
        yield layout.home
    places = [one for one in _inside(layout.home) if one.name not in FREE]
    yield from (one for one in places if one.is_symlink())
    folders = [one for one in places if one.is_dir() and not one.is_symlink()]
    inner = [one for folder in folders for one in _inside(folder)]
    yield from (one for one in inner if one.is_symlink())
    for run in _inside(layout.runs):
        if run.is_dir() and not run.is_symlink():
            yield from (one for one in _inside(run) if one.is_symlink())


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []

"""Symbolic links within the planner's own folder: what they lead to is somebody else's, and left alone."""

from __future__ import annotations

import errno
from pathlib import Path

HOME_FOLDER = ".planner"
"""The planner's own folder in a project."""


def refuse(folder: Path) -> None:
    """An OSError (ELOOP) when `folder`, or one above it up to the planner's own, is a symbolic link."""
    if HOME_FOLDER not in folder.parts:
        return  # a run folder by itself, a lease, an export: wherever its owner wants it
    for one in (folder, *folder.parents):
        if one.is_symlink():
            raise OSError(errno.ELOOP, "a symbolic link", str(one))
        if one.name == HOME_FOLDER:
            return

"""The log of a defect of the planner's own: the traceback, in a file only its owner can read."""

from __future__ import annotations

import contextlib
import os
import tempfile
import traceback
from pathlib import Path

from planner.clock import utc_now
from planner.domain.mistake import Mistake


def write_log(error: Exception, folder: Path) -> Path:
    """Write the traceback beside the project's own files, or else to the folder for temporary files."""
    text = f"{utc_now()}\n{''.join(traceback.format_exception(error))}\n"
    with contextlib.suppress(OSError, Mistake):
        from planner.store import links
        from planner.store.layout import find_project

        home = find_project(folder).home
        links.refuse(home)
        return _append(home / "defects.log", text)
    descriptor, name = tempfile.mkstemp(prefix="planner-", suffix=".log")
    os.close(descriptor)
    return _append(Path(name), text)


def _append(path: Path, text: str) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return path

"""Earlier states of the backlog, the newest twenty of them."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

from planner.domain.mistake import StoreNeedsAttention
from planner.store import backlog, files
from planner.store.backlog import Backlog

KEPT = 20
"""How many earlier states are kept."""

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def keep(current: Path, backups: Path, generation: int) -> None:
    """Give the state that is about to be replaced a lasting name, and let go of the oldest ones."""
    files.make_folder(backups)
    place = backups / f"{generation:09}.json"
    if place.exists() and place.samefile(current):  # a writer died between this step and the next
        return
    files.remove(place)
    second_name(current, place)
    for _, old in sorted(numbered(backups).items())[:-KEPT]:
        files.remove(old)


def second_name(current: Path, place: Path) -> None:
    """Let a file's content be found under another name too, whatever becomes of the first."""
    try:
        files.link(current, place)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        files.write_whole(place, files.read(current))


def numbered(backups: Path) -> dict[int, Path]:
    """The kept states by generation, unread."""
    found: dict[int, Path] = {}
    for path in backups.glob("*.json"):
        with contextlib.suppress(ValueError):
            found[int(path.stem)] = path
    return found


def good(backups: Path) -> dict[int, Backlog]:
    """The kept states that can be read, by generation, the newest first."""
    found: dict[int, Backlog] = {}
    for generation, path in sorted(numbered(backups).items(), reverse=True):
        with contextlib.suppress(StoreNeedsAttention, OSError):
            found[generation] = backlog.load(path)[0]
    return found

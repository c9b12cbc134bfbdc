"""Doors a test puts in the place of the store's own: they tell of each call, and may fail or end it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from planner.store import files
from planner.store.door import Door

Observer = Callable[[str, Path], None]
"""Told of every changing call before it happens, and of a write when half of it is done."""


class Watched(Door):
    """Tells of `mkdir chmod open write half truncate fsync replace link remove` before each happens."""

    def __init__(self, observe: Observer, beneath: Door | None = None) -> None:
        self._observe = observe
        self._beneath = beneath or Door()

    def make_folder(self, path: Path, mode: int) -> None:
        self._observe("mkdir", path)
        self._beneath.make_folder(path, mode)

    def set_mode(self, path: Path, mode: int) -> None:
        self._observe("chmod", path)
        self._beneath.set_mode(path, mode)

    def open(self, path: Path, flags: int, mode: int) -> int:
        self._observe("open", path)
        return self._beneath.open(path, flags, mode)

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:
        self._observe("write", path)
        done = self._beneath.write(descriptor, data[: len(data) // 2], path)
        self._observe("half", path)
        return done + self._beneath.write(descriptor, data[done:], path)

    def truncate(self, descriptor: int, size: int, path: Path) -> None:
        self._observe("truncate", path)
        self._beneath.truncate(descriptor, size, path)

    def sync(self, descriptor: int, path: Path) -> None:
        self._observe("fsync", path)
        self._beneath.sync(descriptor, path)

    def replace(self, source: Path, path: Path) -> None:
        self._observe("replace", path)
        self._beneath.replace(source, path)

    def link(self, source: Path, path: Path) -> None:
        self._observe("link", path)
        self._beneath.link(source, path)

    def remove(self, path: Path) -> None:
        self._observe("remove", path)
        self._beneath.remove(path)


class Hasty(Door):
    """Syncs nothing: a process that dies takes nothing from the system's memory, so only power loss asks."""

    def sync(self, descriptor: int, path: Path) -> None:
        """At once."""


class Unsynced(Door):
    """Waits for no disk, where it is not the disk's part that is drilled."""

    def sync(self, descriptor: int, path: Path) -> None:
        """Nothing."""


@contextlib.contextmanager
def through(door: Door) -> Iterator[None]:
    """Within the block every changing call goes through this door."""
    before, files.door = files.door, door
    try:
        yield
    finally:
        files.door = before


def watched_by(observe: Observer) -> contextlib.AbstractContextManager[None]:
    """Within the block every changing call is told to `observe` first, on top of whatever door is there."""
    return through(Watched(observe, files.door))

"""The lock that one writer of the store, and one dispatcher, holds at a time."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from planner import flock
from planner.domain.mistake import StoreNeedsAttention
from planner.store import files

PATIENCE = 30.0
"""Seconds a writer waits for another, whose disk may stall, before it gives up."""

# By hand, because importing filelock takes longer (asyncio, sqlite, logging) than all of `planner add` may.
# Every transaction opens the file anew, so that it also holds between threads of one process.


class Busy(StoreNeedsAttention):
    """Somebody else holds the lock."""


class Hold(NamedTuple):
    """A lock that is held, until its descriptor is closed."""

    descriptor: int
    """The open file that is locked."""
    path: Path
    """Where it was found."""

    @property
    def in_force(self) -> bool:
        """Whether others would still find this very file, and so wait for it."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.descriptor))
        except OSError:
            return False

    def check(self) -> None:
        """StoreNeedsAttention when the lock was taken away, so that a second writer may be at work."""
        if not self.in_force:
            raise StoreNeedsAttention(
                f"{self.path} was taken away from this process (`planner doctor --unlock`), so nothing was "
                "changed; try again"
            )

    def release(self) -> None:
        """Let the next one have it."""
        os.close(self.descriptor)


@contextlib.contextmanager
def held(path: Path, patience: float = PATIENCE) -> Iterator[Hold]:
    """Hold the lock for as long as the block lasts; as `acquired`."""
    hold = acquired(path, patience)
    try:
        yield hold
    finally:
        hold.release()


def acquired(path: Path, patience: float = PATIENCE) -> Hold:
    """The lock, signed with this process's name, until it is released or the process ends.

    Busy names the holder when it is not free within `patience` seconds; StoreNeedsAttention where the file
    system cannot lock.
    """
    give_up = time.monotonic() + patience
    while True:
        hold = Hold(files.open_private(path, os.O_RDWR), path)
        try:
            _acquire(hold, max(0.0, give_up - time.monotonic()), patience)
            if hold.in_force:
                flock.sign(hold.descriptor)
                return hold
        except BaseException:
            hold.release()
            raise
        hold.release()  # taken away while this process waited for it: the next one counts


def _acquire(hold: Hold, left: float, patience: float) -> None:
    try:
        free = flock.take(hold.descriptor) or (left > 0 and _wait(hold.descriptor, left))
    except OSError as error:
        raise StoreNeedsAttention(cannot_lock(hold.path, error)) from error
    if not free:
        raise Busy(
            f"the store has been held by {_holder(hold.descriptor)} for more than {patience:g} s; wait for "
            f"it or end it, then try again ({hold.path}); `planner doctor` says whether it lives"
        )


def cannot_lock(path: Path, error: OSError) -> str:
    """What to say of a file system without locks."""
    return (
        f"the file system of {path.parent} cannot lock files ({error.strerror}); "
        "keep the project on one that can, such as a local disk"
    )


def _wait(descriptor: int, patience: float) -> bool:
    """Stand in the kernel's queue: whoever only looked in now and then would starve beside a busy writer.

    The queue can't be left, so a thread stands in it with a descriptor of its own. When patience ends and
    the caller closes the other one, the lock is let go in the moment the thread is given it.
    """
    import threading

    copy = os.dup(descriptor)
    ended = threading.Event()
    errors: list[OSError] = []

    def stand() -> None:
        try:
            flock.wait(copy)
        except OSError as error:
            errors.append(error)
        ended.set()
        os.close(copy)

    threading.Thread(target=stand, daemon=True).start()
    in_time = ended.wait(patience)
    if errors:
        raise errors[0]
    return in_time


def _holder(descriptor: int) -> str:
    return flock.signature(descriptor).partition(" since ")[0] or "another process"

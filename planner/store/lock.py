"""The lock that one writer of the store holds at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from planner.domain.mistake import StoreNeedsAttention
from planner.store import files

PATIENCE = 10.0
"""Seconds a writer waits for another before it gives up."""

# By hand, because importing filelock takes longer (asyncio, sqlite, logging) than all of `planner add` may.
# The kernel lets go of a flock when its holder dies, so there is no stale lock to take over, and every
# transaction opens the file anew, so that it also holds between threads of one process.


@contextlib.contextmanager
def held(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock; StoreNeedsAttention names the holder when it is not free within `patience` seconds."""
    descriptor = files.open_private(path, os.O_RDWR)
    try:
        _acquire(descriptor, path, patience)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, patience: float) -> None:
    try:
        free = _try(descriptor) or _wait(descriptor, patience)
    except OSError as error:
        raise StoreNeedsAttention(
            f"the file system of {path.parent} cannot lock files ({error.strerror}); "
            "keep the project on one that can, such as a local disk"
        ) from error
    if not free:
        raise StoreNeedsAttention(
            f"the store has been held by {_holder(descriptor)} for more than {patience:g} s; "
            f"wait for it or end it, then try again ({path})"
        )


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
            fcntl.flock(copy, fcntl.LOCK_EX)
        except OSError as error:
            errors.append(error)
        ended.set()
        os.close(copy)

    threading.Thread(target=stand, daemon=True).start()
    in_time = ended.wait(patience)
    if errors:
        raise errors[0]
    return in_time


def _sign(descriptor: int) -> None:
    """Leave the holder's name for whoever waits; only a courtesy, so a full disk does not matter."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {os.uname().nodename}".encode(), 0)


def _holder(descriptor: int) -> str:
    with contextlib.suppress(OSError):
        return os.pread(descriptor, 200, 0).decode("utf-8", "replace") or "another process"
    return "another process"

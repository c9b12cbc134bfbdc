"""The lock that one writer of the store holds at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
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
    deadline = time.monotonic() + patience
    while not _try(descriptor, path):
        if time.monotonic() > deadline:
            raise StoreNeedsAttention(
                f"the store is being written by {_holder(descriptor)} for more than {patience:g} s; "
                f"wait for it or end it, then try again ({path})"
            )
        time.sleep(0.002 + os.urandom(1)[0] / 14_000)  # 2 to 20 ms, so that waiters don't march in step


def _try(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreNeedsAttention(
            f"the file system of {path.parent} cannot lock files ({error.strerror}); "
            "keep the project on one that can, such as a local disk"
        ) from error
    return True


def _sign(descriptor: int) -> None:
    """Leave the holder's name for whoever waits; only a courtesy, so a full disk does not matter."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {os.uname().nodename}".encode(), 0)


def _holder(descriptor: int) -> str:
    with contextlib.suppress(OSError):
        return os.pread(descriptor, 200, 0).decode("utf-8", "replace") or "another process"
    return "another process"

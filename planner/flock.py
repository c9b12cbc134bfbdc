"""The one door to file locks: the kernel lets go of the lock of whoever dies, so none is left behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from planner.clock import utc_now
from planner.kernel import boot_id, look, pid_space


def take(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file; False when somebody else has, OSError where the file system cannot lock."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is how some network file systems say it
        return False
    return True


def wait(descriptor: int) -> None:
    """Stand in the kernel's queue until the lock is given; there is no way to leave it."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def taken(path: Path) -> bool:
    """Whether anybody has locked that file, this process included.

    False when there is none; OSError where it cannot be opened or the file system cannot lock.
    """
    # Shared, and opened for reading alone: those who only look must not take each other for the holder.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not take(descriptor, shared=True)
    finally:
        os.close(descriptor)


def sign(descriptor: int) -> None:
    """Leave the holder's name for whoever asks; only a courtesy, so a full disk does not matter."""
    seen = look(os.getpid())
    identity = f"{boot_id()}/{os.getpid()}/{seen.created if seen else ''}"
    text = f"process {os.getpid()} on {os.uname().nodename} since {utc_now()} ({identity} in {pid_space()})"
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def signature(descriptor: int) -> str:
    """What whoever locked the file last has signed; empty when nobody has."""
    with contextlib.suppress(OSError):
        return os.pread(descriptor, 400, 0).decode("utf-8", "replace")
    return ""

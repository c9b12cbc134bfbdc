"""The dispatcher's standing lock: whether one is alive, and how one is started."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from planner.store.layout import Layout

if TYPE_CHECKING:
    from filelock import FileLock

_started: list[subprocess.Popen[bytes]] = []
"""Dispatchers this process has started; polled so that an ended one leaves no zombie."""


def dispatcher_lock(layout: Layout) -> FileLock:
    """The lock a dispatcher holds for as long as it lives."""
    from filelock import FileLock

    return FileLock(layout.dispatcher_lock, mode=0o600)


def dispatcher_holds(layout: Layout) -> bool:
    """Whether a dispatcher of this project is alive."""
    # The flock that filelock takes too, without its import: every view asks this.
    try:
        descriptor = os.open(layout.dispatcher_lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def ensure_dispatcher(layout: Layout) -> None:
    """Start a detached dispatcher unless one is alive; a second one ends by itself at once."""
    _started[:] = [process for process in _started if process.poll() is None]
    if dispatcher_holds(layout):
        return
    descriptor = os.open(layout.dispatcher_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "planner.dispatcher", str(layout.project)],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            cwd=layout.project,
        )
    finally:
        os.close(descriptor)
    _started.append(process)

"""The dispatcher's standing lock: whether one is alive, and how one is started."""

from __future__ import annotations

import os
import subprocess
import sys

from planner import flock
from planner.store.layout import Layout

_started: list[subprocess.Popen[bytes]] = []
"""Dispatchers this process has started; polled so that an ended one leaves no zombie."""


def dispatcher_holds(layout: Layout) -> bool:
    """Whether a dispatcher of this project is alive."""
    try:
        return flock.taken(layout.dispatcher_lock)
    except PermissionError:  # somebody else's
        return True
    except OSError:  # where files can't be locked no dispatcher can hold one
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

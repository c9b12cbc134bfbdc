"""Keeps a process that the project's code has forked from going on as a second worker."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from planner.worker.output import say, shortened


def only_here(work: Callable[[], None]) -> None:
    """Do the work; a fork of this process that comes out of it ends there, with the status of what it did.

    Else it would report what it has made as the run's own, and end what belongs to its parent.
    """
    parent = os.getpid()
    try:
        work()
    except BaseException as error:
        # Whatever it is, it goes on in the parent, and ends a child.
        if os.getpid() != parent:
            _leave(error)
        raise
    if os.getpid() != parent:
        _leave(None)


def _leave(error: BaseException | None) -> None:
    """End the process as Python would have, having printed what it would have printed."""
    status = 1
    try:
        status = _status(error)
        for stream in (sys.stdout, sys.stderr):
            say("", stream)
    finally:
        # Whatever the project has put in place of its output raises, and whoever interrupts.
        os._exit(status & 0xFF)


def _status(error: BaseException | None) -> int:
    if error is None:
        return 0
    if isinstance(error, SystemExit) and (error.code is None or isinstance(error.code, int)):
        return error.code or 0
    say(shortened("".join(traceback.format_exception(error))), sys.stderr)
    return 1

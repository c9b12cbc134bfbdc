"""Child processes that die in the middle of their work."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.drills.doors import watched_by

KILLED = -signal.SIGKILL


def run_and_die(work: Callable[[], object], at: int, loss: Callable[[], None] = lambda: None) -> int:
    """Do the work in a child that kills itself at its `at`-th file call; its exit code, 0 if it got through.

    A write counts twice: before, and when half of it is done. `loss` is called just before the child dies.
    """
    child = os.fork()
    if child == 0:
        code = 1
        gc.disable()  # it would copy the memory of the parent, for a child that lives for milliseconds
        try:
            count = 0

            def observe(call: str, path: Path) -> None:
                nonlocal count
                count += 1
                if count == at:
                    loss()
                    os.kill(os.getpid(), signal.SIGKILL)

            with watched_by(observe):
                work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

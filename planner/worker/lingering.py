"""Threads that go on for a recipe which has returned, waited for as Python waits at the end of a script."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Collection
from pathlib import Path

from planner.worker.cause import place_within

LOOK = 0.1
"""Seconds between two looks at whether one still works."""


def wait_for(threads: Collection[threading.Thread], project: Path, obey: Callable[[], None]) -> None:
    """Wait until each has ended or waits for work in a library, as those of a pool do; `obey` may raise.

    What is a daemon is not waited for: it says itself that it may be left.
    """
    for thread in threads:
        while not thread.daemon and _works(thread, project):
            obey()
            thread.join(LOOK)


def _works(thread: threading.Thread, project: Path) -> bool:
    """Whether it lives, and is within the project's own code."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and place_within(project, traceback.extract_stack(frame)) is not None

"""`python -m planner.dispatcher FOLDER`: the one process that starts, watches and settles runs."""

from __future__ import annotations

import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

from planner.clock import utc_now
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Mistake
from planner.store.layout import find_project
from planner.store.lock import Busy, Hold, acquired
from planner.workspace.project import Project

PAUSE = 0.25
"""Seconds between two ticks."""
IDLE = 3.0
"""Seconds without anything to do before it ends."""


class Leave(Exception):
    """A signal asks the dispatcher to go; the workers stay."""


def main(folder: str) -> int:
    """Hold the dispatcher lock and tick until nothing is left; 0 also when another holds it already."""
    project = Project(find_project(Path(folder)), who="dispatcher")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    while True:
        try:
            hold = acquired(project.layout.dispatcher_lock, patience=1.0)
        except Busy:
            return 0
        try:
            _work(Dispatcher.of(project), hold)
        except Leave:
            return 143
        finally:
            hold.release()
        # Somebody may have queued a run between the last look and the release, and seen us alive.
        if not Dispatcher.of(project).has_work():
            return 0


def _work(dispatcher: Dispatcher, hold: Hold) -> None:
    dispatcher.adopt()
    idle_since = time.monotonic()
    # Whose lock a person has taken away gives way: another dispatcher may be at work.
    while time.monotonic() - idle_since < IDLE and hold.in_force:
        if dispatcher.tick():
            idle_since = time.monotonic()
        time.sleep(PAUSE)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise Leave


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except Mistake as mistake:
        print(f"{utc_now()} {mistake}", file=sys.stderr)
        sys.exit(mistake.exit_code)
    except Exception:
        # The log is all that a detached process can leave behind.
        print(utc_now(), file=sys.stderr)
        traceback.print_exc()
        sys.exit(1)

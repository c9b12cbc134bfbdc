"""`python -m planner.dispatcher FOLDER`: the one process that starts, watches and settles runs."""

from __future__ import annotations

import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType, TracebackType

from planner.clock import utc_now
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Mistake
from planner.store.layout import Layout, find_project
from planner.store.lock import Busy, Hold, acquired
from planner.workspace.project import Project
from planner.workspace.standing import dispatcher_holds

PAUSE = 0.25
"""Seconds between two ticks."""
MOMENT = 0.01
"""Seconds to the next try while somebody looks who has the lock, and has it themselves meanwhile."""
IDLE = 3.0
"""Seconds without anything to do before it ends."""
REST = 3.0
"""Seconds to the next try while something is wrong."""
PATIENCE = 3600.0
"""Seconds of nothing but trouble before it gives up; the next `planner` starts another."""


class Leave(Exception):
    """A signal asks the dispatcher to go; the workers stay."""


def main(folder: str) -> int:
    """Hold the dispatcher lock and tick until nothing is left; 0 also when another holds it already."""
    project = Project(find_project(Path(folder)), who="dispatcher")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    try:
        while hold := _alone(project.layout):
            dispatcher = Dispatcher.of(project)
            try:
                _work(dispatcher, hold)
            finally:
                dispatcher.leave()
                hold.release()
            # Somebody may have queued a run between the last look and the release, and seen us alive.
            if not Dispatcher.of(project).has_work():
                break
    except Leave:
        return 143
    return 0


def _alone(layout: Layout) -> Hold | None:
    """The lock of the one dispatcher that there is; None where another has it."""
    while True:
        try:
            return acquired(layout.dispatcher_lock, patience=0.0)
        except Busy:
            if dispatcher_holds(layout):
                return None
            time.sleep(MOMENT)  # somebody only looks who has it


def _work(dispatcher: Dispatcher, hold: Hold) -> None:
    adopted, trouble = False, Trouble()
    idle_since = time.monotonic()
    # Whose lock a person has taken away gives way: another dispatcher may be at work.
    # A worker that stands by is let go of first.
    while (dispatcher.stands_by or time.monotonic() - idle_since < IDLE) and hold.in_force:
        with trouble:
            if not adopted:
                dispatcher.adopt()
                adopted = True
            busy = dispatcher.tick()
        if trouble.since is not None or busy:
            idle_since = time.monotonic()
        time.sleep(PAUSE if trouble.since is None else REST)


class Trouble:
    """What a night may bring and take away again: a full disk, a half-typed planner.toml, a held store.

    Within the block it is said once in the log, and endured; after PATIENCE of nothing else it is raised.
    """

    def __init__(self) -> None:
        self.since: float | None = None
        """When it began, monotonic; None while all is well."""
        self._said = ""

    def __enter__(self) -> None:
        """Try."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self.since, self._said = None, ""
            return False
        self.since = self.since or time.monotonic()
        if not isinstance(error, Mistake | OSError) or time.monotonic() - self.since > PATIENCE:
            return False
        if str(error) != self._said:
            self._said = str(error)
            print(f"{utc_now()} {error}", file=sys.stderr, flush=True)
        return True


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

"""What ends a run that has stopped saying anything: it would hold its place in the queue for ever."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Iterator

from planner.worker.cause import headline, place_within
from planner.worker.task import Task

LOOKS = 20
"""How often it is looked at within the time allowed; a process that was held meanwhile loses one look."""


@contextlib.contextmanager
def bounded(task: Task) -> Iterator[None]:
    """Give the run up when it says nothing within the block for as many minutes as its spec allows."""
    if task.spec.silence is None:
        yield
        return
    ended = threading.Event()
    watching = threading.Thread(target=_watch, args=(task, task.spec.silence, ended), daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _watch(task: Task, minutes: float, ended: threading.Event) -> None:
    words, silent = task.report.words, 0
    while not ended.wait(minutes * 60 / LOOKS):
        heard = task.report.words
        words, silent = heard, silent + 1 if heard == words else 0
        if silent == LOOKS:
            task.signals.end(_why(task, minutes))
            return


def _why(task: Task, minutes: float) -> str:
    """What was not said, for how long, what it is at, and the way out."""
    epoch, rung = task.report.epoch_number, task.spec.rung
    since = f" after epoch {epoch}" if epoch else ""
    return (
        f"it reported nothing for {minutes:g} minutes{since}{_at(task)}; if it may take longer, write "
        f"silence = {max(1, round(2 * minutes))} under [rungs.{rung}] in planner.toml"
    )


def _at(task: Task) -> str:
    """The line of the project's code that is being run, or the last line that a command has printed."""
    if task.spec.command is not None:
        said = [line for line in task.folder.tail(4096).splitlines() if line.strip()]
        return f", its last words being {headline(said[-1])!r}" if said else ""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    place = place_within(task.project, traceback.extract_stack(frame)) if frame else None
    return f", being at {place}" if place else ""

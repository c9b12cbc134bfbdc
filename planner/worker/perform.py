"""One run from its claim to its last word."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback

from planner.domain.event import EndStatus
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.run import STOP_WISH
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.store.withheld import whole
from planner.worker.cause import cause_of
from planner.worker.discreet import Discreet
from planner.worker.fault import own_fault
from planner.worker.forked import only_here
from planner.worker.log_bound import log_bounded
from planner.worker.output import narrate, say, shortened
from planner.worker.preload import StartAnew
from planner.worker.report import Report
from planner.worker.sampling import sampled
from planner.worker.signals import Signals, StopRequested
from planner.worker.silence import bounded
from planner.worker.task import Task
from planner.worker.work import work

DISK = 600.0
"""Seconds to wait for room on a full disk before the last words are given up."""


def perform(folder: RunFolder, signals: Signals, *, claimed: bool = False) -> EndStatus:
    """Claim the run, unless this process has `claimed` it before; do what its spec asks, say how it ended.

    Before the claim it raises: Mistake for a spec that can't be read, NothingToDo for a run that is claimed.
    StartAnew where the process must begin again with the run it has claimed.
    """
    spec = whole(folder.read_spec())
    with signals.heard():
        if not (claimed or folder.take()):
            raise NothingToDo(f"the run {spec.run} is claimed already; no run is made twice")
        log = EventLog(folder.events)
        discreet = Discreet(spec.params)
        with log:
            report = Report(log, discreet=discreet)
            status = _from_start_to_end(Task(spec, folder, report, signals), discreet, claimed)
        _wait_for_disk(log, folder)
    return status


def _from_start_to_end(task: Task, discreet: Discreet, begun: bool) -> EndStatus:
    if not begun:
        task.report.started()
    with sampled(task), log_bounded(task.folder):
        status, cause = _outcome(task, discreet)
    # What a single batch or epoch of a check came to is no measurement of anything.
    metrics = {} if task.asking or status == "crashed" else task.report.final(task.spec.metric)
    task.report.ended(status, cause, metrics)
    return status


def _outcome(task: Task, discreet: Discreet) -> tuple[EndStatus, str]:
    """How it ended and why; the traceback of whatever went wrong goes to the log."""
    try:
        with task.signals.within(task.spec.grace, lambda: _give_up(task)), bounded(task):
            only_here(lambda: work(task))
    except StopRequested:
        return _asked(task)
    except StartAnew:
        if task.signals.held_back():
            raise
        return _asked(task)
    except Mistake as mistake:
        narrate(discreet(str(mistake)), sys.stderr)
        return "failed", str(mistake)
    except BaseException as error:
        # The project's code may raise anything at all, and the run must still have its last word.
        say(discreet(shortened(traceback.format_exc())), sys.stderr)
        if fault := own_fault(error, task.project):
            return "crashed", fault
        return "failed", cause_of(error, task.project, task.spec)
    return "finished", ""


def _give_up(task: Task) -> None:
    """The last word of a run whose main thread is stuck in a library, and the end of its process."""
    narrate("the run did not react, and ends here", sys.stderr)
    status, why = _asked(task)
    task.report.ended(
        status, why if status == "failed" else f"{why}; it did not react", task.report.final(task.spec.metric)
    )
    os._exit(1 if status == "failed" else 128 + (task.signals.asked or signal.SIGTERM))


def _asked(task: Task) -> tuple[EndStatus, str]:
    """How a run ended that was asked to, and by whom; one that the worker itself ended has failed."""
    if task.signals.because:
        return "failed", task.signals.because
    return "stopped", _stopped(task)


def _stopped(task: Task) -> str:
    name, epoch = task.signals.name, task.report.epoch_number
    by = f"by a person ({name})" if (task.folder.path / STOP_WISH).exists() else f"by {name}"
    return f"stopped {by} " + (f"after epoch {epoch}" if epoch else "before the first epoch ended")


def _wait_for_disk(log: EventLog, folder: RunFolder) -> None:
    """Events that a full disk refused are in memory alone: stay until they fit, or for as long as DISK."""
    until = time.monotonic() + DISK
    while log.waiting and time.monotonic() < until and folder.path.exists():
        time.sleep(1)
        with log:  # opening and closing the log writes what waits
            pass

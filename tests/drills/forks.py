"""Workers that are forks of the process that starts them: they cost no interpreter's start."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from planner.store.runfolder import RunFolder
from planner.worker import sampling
from planner.worker.perform import perform
from planner.worker.signals import Signals


class ForkedWorker:
    """What is asked of a process that was started, for a fork."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it lives."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


def forked_worker(python: str, folder: RunFolder, *_more: object) -> Any:
    """In the place of `local._start`: make the run in a fork, without a sampler of the GPU."""
    return ForkedWorker(forked(lambda: _make(folder)))


def _make(folder: RunFolder) -> None:
    os.closerange(3, 1024)  # as a new program would: among them is the lock of whoever forks
    sys.stdout = sys.stderr = os.fdopen(
        os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w"
    )
    sampling._start = lambda task: None
    perform(folder, Signals())


def forked(work: Callable[[], object]) -> int:
    """Do the work in a child; its number. It exits with 0 unless the work raises."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def in_clean_process(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """Do the work in a process that has imported nothing before: a fork of one that has trained can hang."""
    process = multiprocessing.get_context("forkserver").Process(target=work, args=arguments)
    process.start()
    return process

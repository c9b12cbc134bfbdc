"""Runs as processes of this machine, each in a session of its own."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from planner.domain.mistake import Failed, Mistake
from planner.executors.base import NOTHING
from planner.executors.death import death_cause
from planner.executors.process import (
    MARK,
    RUN,
    ProcessIdentity,
    alive,
    carries,
    eldest,
    end_all,
    identity_of,
    send,
)
from planner.executors.standby import AGAIN, CALM, LIBRARIES, Standby, Wanted
from planner.executors.wish import seconds_since_wish, wish_to_stop
from planner.memory import remember_kills
from planner.store import files
from planner.store.runfolder import RunFolder

__all__ = ["LocalExecutor", "LocalJob", "death_cause"]

GRACE = 20.0
"""Seconds a polite stop may take where the run's spec can't be read."""
POLITE = (signal.SIGTERM, signal.SIGINT)
"""Signals that wait until the worker can hear them."""
HASH_SEED = "0"
"""What the order of sets follows from: the same for all runs, or a worker could not begin before its run."""
NO_PROGRAM = (errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.ENOTDIR)
"""Errors that say that the interpreter is wrong; any other says that the machine has no room just now."""


class LocalJob:
    """A worker on this machine; known by its process, also to a dispatcher that did not start it."""

    def __init__(
        self,
        job_id: str,
        folder: RunFolder | None,
        identity: ProcessIdentity | None,
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.id = job_id
        """`boot/pid/created:FOLDER`."""
        self._folder = folder
        self._identity = identity
        self._process = process
        self._asked_at: float | None = None

    def alive(self) -> bool:
        """Whether the worker exists; when it no longer does, what it left running is ended."""
        if self._identity is None:
            return False
        if self._lives(self._identity):
            return True
        if self._folder is None:
            return False
        holder = self._holder()
        if holder is None:
            end_all(self._identity, mark_of(self._folder))
        else:
            self._process = None  # how the one that came second ended says nothing of the run
        self._identity = holder
        return holder is not None

    def exit_code(self) -> int | None:
        """The exit status, negative for a signal; None while it lives, or when another process started it."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        """SIGTERM to the worker; once the spec's grace is over SIGKILL to it and all it has started."""
        if not self.alive() or self._identity is None or self._folder is None:
            return
        asked = self._seconds_since_asked()
        if asked is None:
            self._ask()
        elif asked < _grace(self._folder):
            send(self._identity, signal.SIGTERM)  # in case the first was never sent; a worker hears it once
        else:
            end_all(self._identity, mark_of(self._folder))

    def wait(self) -> None:
        """Return when the worker has ended; only for one that this process started."""
        if self._process is not None:
            self._process.wait()

    def _lives(self, identity: ProcessIdentity) -> bool:
        if self._process is not None and self._process.pid == identity.pid:
            return self._process.poll() is None  # which also collects it, so that no zombie stays
        return alive(identity)

    def _holder(self) -> ProcessIdentity | None:
        """The worker that came first, when this one found the run claimed; None in the usual case."""
        if self._folder is None or self.exit_code() == 0:
            return None
        return claimant(self._folder)

    def _ask(self) -> None:
        assert self._folder is not None
        assert self._identity is not None
        self._asked_at = time.monotonic()
        with contextlib.suppress(OSError):  # a full disk: this object remembers for as long as it lives
            wish_to_stop(self._folder)
        send(self._identity, signal.SIGTERM)

    def _seconds_since_asked(self) -> float | None:
        assert self._folder is not None
        if self._asked_at is not None:
            return time.monotonic() - self._asked_at
        return seconds_since_wish(self._folder)


class LocalExecutor:
    """Starts `python -m planner.worker FOLDER` on this machine, detached from any terminal."""

    def __init__(
        self, python: str | None = None, libraries: Sequence[str] = LIBRARIES, calm: float = CALM
    ) -> None:
        self._python = python or sys.executable
        self._libraries = libraries
        self._calm = calm
        self._standby: Standby | None = None
        self._not_before = 0.0
        self._jobs: dict[str, LocalJob] = {}

    def prepare(self, backend: str | None) -> bool:
        """Keep a worker that has Keras imported, or none; False for the moments it takes to import it.

        One that has died, or has become another than is wanted, is replaced.
        """
        wanted = None if backend is None else self._wanted(backend)
        standby = self._standby
        if standby is not None and (standby.wanted != wanted or not standby.alive):
            if not standby.alive:
                self._not_before = time.monotonic() + AGAIN
            standby.end()
            self._standby = standby = None
        if standby is None and wanted is not None and time.monotonic() >= self._not_before:
            with contextlib.suppress(OSError):  # a run that can't start either says why
                self._standby = standby = Standby(wanted)
        return standby is None or not standby.getting_ready

    def submit(
        self, folder: RunFolder, holding: Collection[int] = (), withheld: Mapping[str, str] = NOTHING
    ) -> LocalJob:
        """Start the run; one that is claimed already is not started again, but found."""
        if folder.claim.exists():
            return self._found(folder, claimant(folder))
        remember_kills(folder)
        process = self._of_standby(folder, holding, withheld)
        process = process or _start(self._python, folder, holding, withheld)
        identity = identity_of(process.pid)
        if identity is None:  # ended at once, and is not collected yet
            identity = ProcessIdentity(boot="", pid=process.pid, created="")
        return self._keep(LocalJob(_job_id(identity, folder), folder, identity, process))

    def attach(self, job_id: str) -> LocalJob:
        """The job of that id, whoever started it."""
        if job_id in self._jobs:
            return self._jobs[job_id]
        word, _, path = job_id.partition(":")
        identity = ProcessIdentity.decode(word)
        folder = RunFolder(Path(path)) if path else None
        return LocalJob(job_id, folder, identity if folder else None)

    def _wanted(self, backend: str) -> Wanted:
        return Wanted(
            python=self._python, backend=backend, environment=_settled(), libraries=tuple(self._libraries)
        )

    def _of_standby(
        self, folder: RunFolder, holding: Collection[int], withheld: Mapping[str, str]
    ) -> subprocess.Popen[bytes] | None:
        """The worker that stood by, with this run; None when there is none that can make it."""
        standby = self._standby
        if standby is None or not standby.ready:
            return None
        self._standby = None
        self._not_before = time.monotonic() + self._calm
        log = _open_log(folder)
        try:
            return standby.take_over(str(folder.path), {**_environment(folder), **withheld}, (log, *holding))
        finally:
            os.close(log)

    def _found(self, folder: RunFolder, holder: ProcessIdentity | None) -> LocalJob:
        job_id = _job_id(holder, folder) if holder else f"gone:{folder.path}"
        return self._jobs.get(job_id) or LocalJob(job_id, folder, holder)

    def _keep(self, job: LocalJob) -> LocalJob:
        self._jobs[job.id] = job
        return job


def _job_id(identity: ProcessIdentity, folder: RunFolder) -> str:
    return f"{identity.encode()}:{folder.path}"


def _grace(folder: RunFolder) -> float:
    try:
        return folder.read_spec().grace
    except Mistake:
        return GRACE


def mark_of(folder: RunFolder) -> str:
    """What every process of a run carries in its environment."""
    return str(folder.path.absolute())


def claimant(folder: RunFolder) -> ProcessIdentity | None:
    """The living process that holds the run's claim; None when it is gone or of another machine."""
    claim = folder.read_claim()
    if claim is None:  # made, and not yet signed: whoever is about to sign it carries the run's mark
        return eldest(mark_of(folder))
    try:
        pid = int(claim["pid"])
        # Its mark tells whatever the clock did since; a worker started by hand has none.
        same = carries(pid, mark_of(folder)) or _created_here(pid, claim)
    except (KeyError, TypeError, ValueError, psutil.Error):
        return None
    return identity_of(pid) if same else None


def _created_here(pid: int, claim: dict[str, Any]) -> bool:
    apart = float(claim["created"]) - float(psutil.Process(pid).create_time())
    # A corrected clock moves both a little.
    return bool(claim["host"] == os.uname().nodename) and abs(apart) < 2


def _start(
    python: str, folder: RunFolder, holding: Collection[int], withheld: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a worker that no hang-up reaches, its output appended to the log."""
    log = _open_log(folder)
    # A stop must not kill a worker that is too young to hear it: the mask is inherited, and lifted there.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, POLITE)
    try:
        return subprocess.Popen(
            [python, "-m", "planner.worker", str(folder.path)],
            cwd=folder.path,
            env={**_environment(folder), **withheld},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=tuple(holding),
            umask=0o077,  # what the project's code writes into the run folder is private from its creation
        )
    except OSError as error:
        wrong = Mistake if error.errno in NO_PROGRAM else Failed
        raise wrong(f"dispatch.python {python!r} can't be started: {error.strerror}") from error
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(log)


def _open_log(folder: RunFolder) -> int:
    return files.open_private(folder.log, os.O_WRONLY | os.O_APPEND)


def _environment(folder: RunFolder) -> dict[str, str]:
    """What a worker is started with; it and everything it starts carry the mark of their run."""
    return {**_settled(), RUN: folder.id, MARK: mark_of(folder)}


def _settled() -> dict[str, str]:
    """The dispatcher's own, with what has to be settled before an interpreter starts."""
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **os.environ,
        "PYTHONHASHSEED": HASH_SEED,
        "PYTHONUNBUFFERED": "1",
    }

"""A worker that has Keras imported before its run is known: started ahead, handed a run, replaced."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PATIENCE = 5.0
"""Seconds a standby has to take over a run, or to decline it: the store is held meanwhile."""
STUCK = 60.0
"""Seconds of importing after which nobody waits for it any more."""
AGAIN = 60.0
"""Seconds to the next try after one that failed."""
CALM = 2.0
"""Seconds from a take-over to the start of the next: its imports would slow the first batch down."""
LIBRARIES = ("numpy", "keras")
"""What it imports; Keras brings its backend."""
ROOM = " " * 1024
"""In place of its last argument the run's folder is shown, where it fits."""
SHOWN = "PLANNER_STANDBY"
"""In place of this variable, the last of its environment, the run's own are shown."""
SPACE = 16384
"""Bytes for those: a path has 4,096 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a standby must be to serve."""

    python: str
    """The interpreter."""
    backend: str
    """Keras's backend."""
    environment: Mapping[str, str]
    """What a worker is started with, but for what tells its run."""
    libraries: Sequence[str] = LIBRARIES
    """What it imports, in order."""


class Standby:
    """One process that waits for a run; never a run itself until it has taken one over."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        """What it is."""
        self._since = time.monotonic()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = _start(wanted, theirs)
        self._ready = False

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether it can take a run over now."""
        if not self._ready and self._hears(0.0):
            self._ready = self._said() == b"ready"
        return self._ready and self.alive

    @property
    def alive(self) -> bool:
        """Whether its process exists."""
        return self._process.poll() is None

    @property
    def getting_ready(self) -> bool:
        """Whether waiting for it is likely to be worth while."""
        return not self.ready and self.alive and time.monotonic() - self._since < STUCK

    def take_over(
        self, folder: str, environment: Mapping[str, str], descriptors: Sequence[int]
    ) -> subprocess.Popen[bytes] | None:
        """The process as the worker of a run from now on; None when it can't be, and has been ended.

        It claims no run before it has said that it has it; one that is late can't say so any more. The
        first of the descriptors is its log, the others it keeps open.
        """
        order = json.dumps({"folder": folder, "environment": dict(environment)}).encode()
        try:
            self._line.setblocking(False)
            socket.send_fds(self._line, [order], list(descriptors))
            if not self._hears(PATIENCE):
                self._line.shutdown(socket.SHUT_RDWR)  # what was said before this is heard all the same
            taken = self._said() == b"mine"
        except OSError:  # it has died, or was told more than fits
            taken = False
        if not taken:
            self.end()
            return None
        self._line.close()
        return self._process

    def end(self) -> None:
        """End it; it holds nothing that would have to be put in order."""
        self._line.close()
        self._process.kill()
        self._process.wait()

    def _hears(self, seconds: float) -> bool:
        return bool(select.select([self._line], [], [], seconds)[0])

    def _said(self) -> bytes:
        with contextlib.suppress(OSError):
            return self._line.recv(64)
        return b""


def _start(wanted: Wanted, line: socket.socket) -> subprocess.Popen[bytes]:
    """Start it as a worker is started, but for what it is told later; OSError where that can't be done."""
    command = [wanted.python, "-m", "planner.worker", "--standby"]
    command += [wanted.backend, ",".join(wanted.libraries), str(os.getpid()), ROOM]
    # A stop that comes right after the take-over must wait until the worker can hear it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    try:
        return subprocess.Popen(
            command,
            cwd="/",
            env={**wanted.environment, SHOWN: " " * SPACE},
            stdin=line.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            umask=0o077,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

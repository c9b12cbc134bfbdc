"""Which process is meant: a number alone is soon somebody else's."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from planner.kernel import GONE, boot_id, look

RUN = "PLANNER_RUN"
"""The environment variable that tells a recipe its run's id."""
MARK = "PLANNER_RUN_FOLDER"
"""The environment variable that a worker and everything it starts carry: the path of the run's folder."""
ROUNDS = 5
"""How often it is looked for what a run left behind: what dies may just have started something more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """One process among all that ever had its number."""

    boot: str
    """The boot of the machine it belongs to."""
    pid: int
    """Its number."""
    created: str
    """When it was created, in the kernel's own count since boot where there is one."""

    def encode(self) -> str:
        """As one word, `boot/pid/created`."""
        return f"{self.boot}/{self.pid}/{self.created}"

    @classmethod
    def decode(cls, word: str) -> ProcessIdentity | None:
        """From one word; None for any other text."""
        parts = word.split("/")
        if len(parts) != 3 or not parts[1].isdecimal():
            return None
        return cls(boot=parts[0], pid=int(parts[1]), created=parts[2])


def identity_of(pid: int) -> ProcessIdentity | None:
    """The process that has this number now; None when there is none, or only its remains."""
    seen = look(pid)
    if seen is None or seen.remains:
        return None
    return ProcessIdentity(boot=boot_id(), pid=pid, created=seen.created)


def alive(identity: ProcessIdentity) -> bool:
    """Whether this very process still runs; a zombie does not."""
    return identity_of(identity.pid) == identity


def send(identity: ProcessIdentity, number: signal.Signals) -> None:
    """Signal this very process and never a stranger; nothing happens when it is gone."""
    _send_if(identity.pid, number, lambda: alive(identity))


def eldest(mark: str) -> ProcessIdentity | None:
    """The first of the processes that carry a run's mark, which is its worker; None when there is none."""
    found = [identity for pid in psutil.pids() if carries(pid, mark) and (identity := identity_of(pid))]
    return min(found, key=lambda identity: float(identity.created), default=None)


def end_all(identity: ProcessIdentity, mark: str) -> None:
    """End by force the process and everything that carries its run's mark, in whatever session it is now."""
    send(identity, signal.SIGKILL)
    for _ in range(ROUNDS):
        left = [pid for pid in psutil.pids() if pid != os.getpid() and carries(pid, mark)]
        for pid in left:
            _send_if(pid, signal.SIGKILL, partial(carries, pid, mark))
        if not left:
            return


def carries(pid: int, mark: str) -> bool:
    """Whether the process that has this number now is a run's worker, or was started by it."""
    try:
        if Path("/proc/self/environ").exists():  # every process is looked at, so without psutil's detours
            words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            return os.fsencode(f"{MARK}={mark}") in words  # those of a zombie are gone
        process = psutil.Process(pid)
        return bool(process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE)
    except (psutil.Error, *GONE):
        return False


def _send_if(pid: int, number: signal.Signals, meant: Callable[[], bool]) -> None:
    """Signal the process that has this number, if it is the one that is meant."""
    with contextlib.suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            if meant():
                os.kill(pid, number)
            return
        handle = os.pidfd_open(pid)
        try:
            if meant():  # the handle stays with the process that was looked at
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)

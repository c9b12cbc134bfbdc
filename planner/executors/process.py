"""Which process is meant: a number alone is soon somebody else's."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

MARK = "PLANNER_RUN"
"""The environment variable that a worker and everything it starts carry; holds the run's id."""


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
    seen = _look(pid)
    if seen is None or seen.remains:
        return None
    return ProcessIdentity(boot=boot_id(), pid=pid, created=seen.created)


def alive(identity: ProcessIdentity) -> bool:
    """Whether this very process still runs; a zombie does not."""
    return identity_of(identity.pid) == identity


def send(identity: ProcessIdentity, number: signal.Signals) -> None:
    """Signal this very process and never a stranger; nothing happens when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            if alive(identity):
                os.kill(identity.pid, number)
            return
        handle = os.pidfd_open(identity.pid)
        try:
            if alive(identity):  # the handle stays with the process that was looked at
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def end_all(identity: ProcessIdentity, run: str) -> None:
    """End by force the process and everything of its session that carries the run's mark."""
    send(identity, signal.SIGKILL)
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.Error):
            if os.getsid(pid) == identity.pid and pid != os.getpid():
                process = psutil.Process(pid)
                if process.environ().get(MARK) == run:
                    process.kill()


@cache
def boot_id() -> str:
    """The name of the machine's present boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(int(psutil.boot_time()))


@dataclass(frozen=True, slots=True)
class _Seen:
    created: str
    remains: bool
    """Whether it has ended and only waits to be collected."""


def _look(pid: int) -> _Seen | None:
    """What the kernel says; its own count of when a process began does not move with the clock."""
    if not Path("/proc/self/stat").exists():
        return _look_elsewhere(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return _Seen(created=fields[19], remains=fields[0] in "ZXx")


def _look_elsewhere(pid: int) -> _Seen | None:
    try:
        process = psutil.Process(pid)
        return _Seen(f"{process.create_time():.2f}", process.status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return None

"""What the kernel says of processes: a number alone is soon somebody else's."""

from __future__ import annotations

import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

GONE = (FileNotFoundError, ProcessLookupError, PermissionError)
"""Errors that say that a process is gone or another's; any other, as of too many open files, says nothing."""
_PR_SET_PDEATHSIG = 1
"""The kernel's number for what becomes of a process whose parent ends."""


class Seen(NamedTuple):
    """A process as the kernel shows it now."""

    created: str
    """When it was created, in the kernel's own count since boot where there is one."""
    remains: bool
    """Whether it has ended and only waits to be collected."""


@cache
def boot_id() -> str:
    """The name of the machine's present boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        import psutil

        return str(int(psutil.boot_time()))


def pid_space() -> str:
    """The name of the space that numbers of processes belong to, a container's own; empty if unknown."""
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def look(pid: int) -> Seen | None:
    """The process of that number; None when there is none. OSError where nobody can look."""
    # Its own count of when a process began does not move with the clock.
    if not Path("/proc/self/stat").exists():
        return _look_elsewhere(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except GONE:
        return None
    return Seen(created=fields[19], remains=fields[0] in "ZXx")


def _look_elsewhere(pid: int) -> Seen | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return Seen(f"{process.create_time():.2f}", process.status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return None


def die_with_parent(parent: int) -> bool:
    """Let this process be killed when the one that started it ends; False where that can't be had.

    False also when `parent` is no longer what it was started by.
    """
    return _on_parents_death(signal.SIGKILL) and os.getppid() == parent


def outlive_parent() -> bool:
    """Take `die_with_parent` back."""
    return _on_parents_death(0)


def show_instead(placeholder: bytes, words: bytes) -> bool:
    """Put other words where this process's arguments or its first environment hold a placeholder.

    That is what the kernel shows of it in /proc and `ps` reads, and it is otherwise fixed at its start. What
    is left of the placeholder is filled with NULs. False where it is not found or too short.
    """
    if not Path("/proc/self/stat").exists() or len(words) > len(placeholder):
        return False
    fields = Path("/proc/self/stat").read_text(errors="replace").rpartition(")")[2].split()
    import ctypes

    start, end = int(fields[45]), int(fields[48])  # arguments and environment lie one after the other
    if not 0 < start < end:
        return False
    place = ctypes.string_at(start, end - start).find(placeholder)
    if place >= 0:
        ctypes.memmove(start + place, words.ljust(len(placeholder), b"\0"), len(placeholder))
    return place >= 0


def _on_parents_death(number: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) == 0)

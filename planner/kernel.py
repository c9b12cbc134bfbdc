"""What the kernel says of processes: a number alone is soon somebody else's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple


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
    """The process of that number; None when there is none."""
    # Its own count of when a process began does not move with the clock.
    if not Path("/proc/self/stat").exists():
        return _look_elsewhere(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return Seen(created=fields[19], remains=fields[0] in "ZXx")


def _look_elsewhere(pid: int) -> Seen | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return Seen(f"{process.create_time():.2f}", process.status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return None

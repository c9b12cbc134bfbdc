"""Who holds a lock, as far as this machine can tell."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner import flock
from planner.kernel import boot_id, look, pid_space

SIGNED = re.compile(r"process (\d+) on (\S*) since (\S+) \((\S*)/\d+/(\S*) in (\S*)\)")
"""What `flock.sign` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has signed a lock."""

    pid: int
    """Its process, by the numbers of its own machine."""
    host: str
    """The name of that machine, or of a container on it."""
    since: str
    """When it took the lock, UTC, ISO 8601."""
    boot: str
    """The boot of that machine."""
    created: str
    """When the process was created, in the kernel's own count."""
    space: str
    """The space its number belongs to: a container has its own."""

    @property
    def on_this_machine(self) -> bool:
        """Whether it is, or was, a process of this machine since it was started, containers included."""
        return self.boot == boot_id()

    @property
    def lives(self) -> bool:
        """Whether that very process can be seen to run here."""
        if not self.on_this_machine or self.space != pid_space():
            return False
        seen = look(self.pid)
        return seen is not None and seen.created == self.created and not seen.remains

    @property
    def may_live_here(self) -> bool:
        """Whether it lives, or is of a container of this machine, into which nobody sees from here."""
        return self.lives or (self.on_this_machine and self.space != pid_space())


def signer(path: Path) -> Holder | None:
    """Who has signed a lock last, held or not; None where nobody has, or it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = SIGNED.fullmatch(flock.signature(descriptor))
    finally:
        os.close(descriptor)
    if found is None:
        return None
    pid, host, since, boot, created, space = found.groups()
    return Holder(pid=int(pid), host=host, since=since, boot=boot, created=created, space=space)


def processes(path: Path, among: Path = Path("/proc")) -> tuple[int, ...]:
    """The processes of this machine that hold the lock of a file, of those this user can look into."""
    try:
        wanted = path.stat()
    except OSError:
        return ()
    return tuple(sorted(int(folder.name) for folder in among.glob("[0-9]*") if _holds(folder, wanted)))


def named(pid: int) -> str:
    """A process as a person may know it: its number and the beginning of its command."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return f"process {pid}"
    command = " ".join(" ".join(words).split())
    return f"process {pid} ({command[:80]})" if command else f"process {pid}"


def _holds(process: Path, wanted: os.stat_result) -> bool:
    with contextlib.suppress(OSError):
        return any(_is_lock(process, number) for number in _descriptors_of(process, wanted))
    return False


def _descriptors_of(process: Path, wanted: os.stat_result) -> Iterator[str]:
    """The numbers under which a process has a file open."""
    for descriptor in (process / "fd").iterdir():
        with contextlib.suppress(OSError):  # closed since
            if os.path.samestat(descriptor.stat(), wanted):
                yield descriptor.name


def _is_lock(process: Path, number: str) -> bool:
    """Whether that descriptor holds a lock; one that waits for it is not listed there."""
    with contextlib.suppress(OSError):
        return "FLOCK" in (process / "fdinfo" / number).read_text()
    return False

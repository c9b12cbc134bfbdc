"""A file held open in a process whose other code may close it, or open another under its number."""

from __future__ import annotations

import fcntl
import os

FAR = 512
"""Numbers of descriptors from here on are not what anybody's code closes in a row, as a rule."""
STANDARD = 3
"""How many are a process's standard input, output and error, which a file must not become."""


class Kept:
    """A descriptor that knows whether it is still what it was."""

    def __init__(self, descriptor: int) -> None:
        """Takes a descriptor over, under another number."""
        self.number = _moved(descriptor)
        """Its number; a stranger's where it is not `intact`."""
        self._was = os.fstat(self.number)

    @property
    def intact(self) -> bool:
        """Whether it is open, and of the same file, which still has a name or never had one."""
        now = self._same()
        return now is not None and (now.st_nlink > 0 or self._was.st_nlink == 0)

    def close(self) -> None:
        """Close it, unless somebody has."""
        if self._same() is not None:
            os.close(self.number)

    def _same(self) -> os.stat_result | None:
        """How the file is by now; None where the number is closed, or of another one."""
        try:
            now = os.fstat(self.number)
        except OSError:
            return None
        return now if os.path.samestat(now, self._was) else None


def _moved(descriptor: int) -> int:
    """The same under a number far off, where there is one; closed where another program takes over."""
    try:
        try:
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FAR)
        except OSError:  # no process of this user may have so many
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, STANDARD)
    finally:
        os.close(descriptor)

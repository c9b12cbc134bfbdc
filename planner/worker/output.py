"""Standard output that goes on when its disk is full: a training is worth more than a line of its log."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

LONGEST = 4000
"""Characters of a line of a traceback: an error may quote a whole array, or file."""


def narrate(text: str, stream: TextIO | None = None) -> None:
    """Say a line of the planner's own in the log; `stream` is stdout unless given."""
    say(f"planner: {text}\n", stream or sys.stdout)


def say(text: str, stream: TextIO) -> None:
    """Write to the log, unless the project's code has closed it or put something else in its place."""
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        print(text, end="", file=stream, flush=True)


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text with the end of each line left out that nobody would read to its end."""
    return "\n".join(
        line if len(line) <= longest else f"{line[:longest]}… ({len(line)} characters)"
        for line in text.split("\n")
    )


def forgive() -> None:
    """Let Python's standard output and error lose what can't be written instead of raising."""
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)


def _stream(descriptor: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(_Forgiving(descriptor)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )


class _Forgiving(io.RawIOBase):
    """A descriptor whose failed writes count as made."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor itself."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether a terminal listens."""
        return os.isatty(self._descriptor)

    def write(self, data: object) -> int:
        """Write what can be written, and answer as if it were all."""
        view = memoryview(data)  # type: ignore[arg-type]  # io hands over any buffer
        try:
            return os.write(self._descriptor, view)
        except OSError:
            return len(view)

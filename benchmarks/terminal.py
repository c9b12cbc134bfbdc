"""A program in a pseudo-terminal, and how long it takes until it shows a text."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds after which a text that does not come is a failure."""


ESCAPES = re.compile(rb"\x1b(\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")
"""What moves the cursor or changes a style instead of being shown."""


class Terminal:
    """One program behind a pseudo-terminal of a given size."""

    def __init__(self, command: list[str], columns: int, lines: int) -> None:
        self.started = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(
                command[0], command, {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            )
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.seen = b""

    def wait_for(self, text: bytes) -> float:
        """Seconds from now until `text` is written; only what was not seen before counts."""
        start = time.perf_counter()
        while text not in self.seen:
            if time.perf_counter() - start > PATIENCE:
                raise TimeoutError(f"{text!r} was not shown within {PATIENCE:.0f} s")
            self.read(0.5)
        self.seen = self.seen.partition(text)[2]
        return time.perf_counter() - start

    def press(self, keys: bytes, pattern: str) -> float:
        """Seconds from a key press until what is written since, styles and movements left out, matches."""
        wanted = re.compile(pattern.encode())
        self.seen = b""
        start = time.perf_counter()
        self.type(keys)
        while not wanted.search(plain(self.seen)):
            if time.perf_counter() - start > PATIENCE:
                raise TimeoutError(f"{pattern!r} was not shown within {PATIENCE:.0f} s of {keys!r}")
            self.read(0.5)
        return time.perf_counter() - start

    def read(self, timeout: float) -> bytes:
        """What it writes next; empty when nothing comes in time."""
        ready, _, _ = select.select([self.descriptor], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.descriptor, 65536)
        except OSError as error:
            raise EOFError("the program has ended") from error
        self.seen += data
        return data

    def settle(self, quiet: float = 0.6) -> str:
        """Read until nothing has been written for `quiet` seconds; answers and forgets what it wrote."""
        while self.read(quiet):
            pass
        text, self.seen = plain(self.seen).decode(errors="replace"), b""
        return text

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.descriptor, keys)


def plain(data: bytes) -> bytes:
    """The text in what a program has written."""
    return ESCAPES.sub(b"", data)


@contextlib.contextmanager
def terminal(command: list[str], columns: int = 160, lines: int = 45) -> Iterator[Terminal]:
    """Run a program in a terminal and end it afterwards."""
    running = Terminal(command, columns, lines)
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
        os.waitpid(running.pid, 0)
        os.close(running.descriptor)

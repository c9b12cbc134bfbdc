"""A command as a child of the worker: how it starts, the lines it prints, and how it ends."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.worker.line_ends import of_windows
from planner.worker.signals import Signals

LONGEST = 1 << 20
"""Bytes of a line that can hold metrics; longer ones come in pieces."""
PIECE = 65536
"""Bytes read at once."""
PIPE = 1 << 20
"""Bytes that a pipe may hold: all that the command itself has printed is among the next so many."""
LAST_WORDS = 10.0
"""Seconds a command has to end once nobody listens to it any more."""
LINGER = 2.0
"""Seconds in which what a command has started may still print after its end."""
LOOK = 0.25
"""Seconds between two looks at whether it has ended."""
OF_SHELLS = frozenset({"cd", "export", "set", "source", ".", "ulimit", "unset", "eval", "exec"})
"""Words that are no programs, and mean something to a shell."""

WORKTREES = ".planner"
"""A folder above that of a run whose code is checked out."""
BUILT = "what is compiled is not in a checkout, so let the command build it"
"""What may be missing there, and what would be right."""

Started = contextlib.AbstractContextManager[subprocess.Popen[bytes]]
"""A command for as long as the block lasts."""


@contextlib.contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], signals: Signals
) -> Iterator[subprocess.Popen[bytes]]:
    """The command with a process group of its own, asked to stop when the worker is; Mistake if it can't."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environment,
            process_group=0,
        )
    except OSError as error:
        raise Mistake(_why_not(command[0], error)) from error
    try:
        with signals.reacting(lambda: end(process)):
            yield process
    finally:
        _bury(process, 0.0 if signals.overdue else LAST_WORDS)


def lines(process: subprocess.Popen[bytes], outlived: Callable[[], None] = lambda: None) -> Iterator[bytes]:
    """What it prints, line by line, until it has ended; what it leaves running is not waited for.

    `outlived` is called when it has ended, and something that it left running may still print.

    Lines without a brace, of which there may be a flood, come many at a time.
    """
    assert process.stdout is not None
    pending = b""
    for piece in _pieces(process, process.stdout.fileno(), outlived):
        whole, newline, pending = (pending + piece).rpartition(b"\n")
        if newline:
            yield from (line + newline for line in (whole.split(newline) if b"{" in whole else (whole,)))
        if len(pending) >= LONGEST:
            yield pending
            pending = b""
    if pending:
        yield pending


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the command, and whatever it has started in its group, to end."""
    if process.poll() is None:  # not collected yet, so its number still belongs to it
        _signal(process, signal.SIGTERM)


def is_held(process: subprocess.Popen[bytes]) -> bool:
    """Whether anybody still could print into its output."""
    if process.stdout is None:
        return False
    poll = select.poll()
    poll.register(process.stdout, 0)
    return not poll.poll(0)


def how_it_ended(code: int) -> str:
    """An exit status in words: `exit 3`, `signal 9 (SIGKILL)`; shells tell of a signal as of an exit."""
    number = -code if code < 0 else code - 128
    name = signal.Signals(number).name if number in set(signal.Signals) else ""
    how = f"signal {-code}" if code < 0 else f"exit {code}"
    return f"{how} ({name})" if name else how


def _pieces(process: subprocess.Popen[bytes], output: int, outlived: Callable[[], None]) -> Iterator[bytes]:
    """Bytes as they come, to the end of the output; others may hold it open longer than the command lives.

    What the command itself has printed comes in any case, however late anybody gets to read it.
    """
    until, own, outlives = inf, PIPE, False
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            ended, late = process.poll() is not None, time.monotonic() >= until
            if ended and until == inf:
                until = time.monotonic() + LINGER
            if late and own <= 0:
                return
            if selector.select(0 if late or (ended and not outlives) else LOOK):
                if not (piece := os.read(output, PIECE)):
                    return
                own -= len(piece) if ended else 0
                yield piece
            elif late:
                return
            elif ended and not outlives:  # nothing to read, and no end: others hold it open
                outlives = True
                outlived()


def _bury(process: subprocess.Popen[bytes], patience: float) -> None:
    """See the command off: asked first, made to after so many seconds."""
    end(process)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()
    finally:
        if process.stdout:
            process.stdout.close()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To its group, and to itself where it has gone over to another."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        gone_over = os.getpgid(process.pid) != process.pid
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        if gone_over:
            os.kill(process.pid, number)


def _better(program: str) -> str:
    """How to write what only a shell would understand; empty for a program."""
    first, *others = program.split() or [""]
    if others and (shutil.which(first) or Path(first).is_file()):
        return f"each word is a text of its own, [{', '.join(map(json.dumps, program.split()))}]"
    if first in OF_SHELLS:
        return f'only a shell knows it: write ["sh", "-c", "{first} … && …"]'
    if first.startswith("~"):
        return "only a shell knows ~: write the whole path"
    return ""


def _why_not(program: str, error: OSError) -> str:
    """What keeps a program from starting, and what would be right."""
    place = Path(program)
    if error.errno == errno.ENOENT and place.is_file():
        if "/" not in program:
            return f"the command can't start {program!r}: programs of the project are called ./{program}"
        return (
            f"the command can't start {program!r}: its first line names an interpreter that is not there"
            f"{of_windows([program])}"
        )
    if error.errno == errno.ENOENT and (better := _better(program)):
        return f"the command can't start {program!r}: {better}"
    if error.errno == errno.ENOENT and "/" not in program and not shutil.which(program):
        return f"the command can't start {program!r}: no program of that name is on the PATH"
    if error.errno == errno.ENOENT and not place.exists():
        built = f"; {BUILT}" if WORKTREES in Path.cwd().parts else ""
        return f"the command can't start {program!r}: there is no such file{built}"
    if error.errno == errno.EACCES and place.is_dir():
        return f"the command can't start {program!r}: it is a folder"
    if error.errno == errno.EACCES and place.is_file():
        return f"the command can't start {program!r}: it may not be executed; `chmod +x {program}` allows it"
    if error.errno == errno.ENOEXEC:
        return f"the command can't start {program!r}: it needs a first line such as #!/bin/sh"
    return f"the command can't start {program!r}: {error.strerror}"

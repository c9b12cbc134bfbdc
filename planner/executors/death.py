"""Why a run that left no last word is gone, in one sentence."""

from __future__ import annotations

import contextlib
import signal

from planner.domain.exhausted import out_of_memory, whose_memory
from planner.domain.mistake import Mistake
from planner.executors.wish import seconds_since_wish
from planner.memory import killed_since
from planner.store.redact import without_secrets
from planner.store.runfolder import RunFolder

LONGEST = 200
"""Characters of a line of the log within the sentence."""
FAR = 16_384
"""Bytes of the log that are looked at."""
LAST = 40
"""Lines of the log in which want of memory is what ended the process."""
FATAL = "Fatal Python error"
"""Begins what Python writes of a process that a signal ends."""


def death_cause(exit_code: int | None, folder: RunFolder, epoch: int = 0) -> str:
    """What ended the process: a signal, want of memory, or its own exit with its last line.

    Its last `epoch` is named where that tells how far it came; 0 before the first.
    """
    if not folder.path.exists():
        return "its run folder was deleted"
    killed = exit_code in (None, -signal.SIGKILL)
    if killed and seconds_since_wish(folder) is not None:
        return "ended by force: it had not stopped by itself in the time it was given"
    if killed:
        if killed_since(folder):
            return _for_memory(folder, "killed by the kernel")
        return _crash(exit_code, folder, epoch)
    # A library that gets no memory often ends the process without a word to Python.
    return _memory_in_log(folder) or _crash(exit_code, folder, epoch)


def _crash(exit_code: int | None, folder: RunFolder, epoch: int) -> str:
    after = f" after epoch {epoch}" if epoch else ""
    if exit_code is None:
        return f"it vanished{after}"
    if exit_code < 0:
        return f"ended by {_named(-exit_code)}{after}"
    said = _last_line(folder)
    return f"ended with exit {exit_code}{after} and no last word" + (f": {said}" if said else "")


def _named(number: int) -> str:
    """A signal with its name, where it has one."""
    name = signal.Signals(number).name if number in set(signal.Signals) else ""
    return f"signal {number} ({name})" if name else f"signal {number}"


def _memory_in_log(folder: RunFolder) -> str:
    """Want of memory as the last lines of the log tell it; empty where they do not."""
    for line in reversed(_before_stacks(_lines(folder))[-LAST:]):
        if whose_memory(line):
            return _for_memory(folder, line)
    return ""


def _before_stacks(lines: list[str]) -> list[str]:
    """The lines without the stacks of all threads with which Python itself ends a process that aborts."""
    fatal = next((place for place, line in enumerate(lines) if line.startswith(FATAL)), len(lines))
    return lines[: fatal + 1]


def _for_memory(folder: RunFolder, said: str) -> str:
    spec = None
    with contextlib.suppress(Mistake):
        spec = folder.read_spec()
    whose = whose_memory(said, on_gpu=bool(spec and spec.device)) or "host"
    return out_of_memory(whose, without_secrets(said)[:LONGEST], spec.params if spec else {})


def _last_line(folder: RunFolder) -> str:
    return without_secrets((_lines(folder) or [""])[-1])[:LONGEST]


def _lines(folder: RunFolder) -> list[str]:
    return [line.strip() for line in folder.tail(FAR).splitlines() if line.strip()]

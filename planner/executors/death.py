"""Why a run that left no last word is gone, in one sentence."""

from __future__ import annotations

import signal

from planner.executors.memory import killed_since
from planner.executors.wish import seconds_since_wish
from planner.store.runfolder import RunFolder

LONGEST = 200
"""Characters of a line of the log within the sentence."""


def death_cause(exit_code: int | None, folder: RunFolder) -> str:
    """What ended the process: a signal, the kernel for want of memory, or its own exit with its last line."""
    if exit_code is not None and exit_code >= 0:
        said = _last_line(folder)
        return f"crashed (exit {exit_code})" + (f": {said}" if said else "")
    killed = exit_code in (None, -signal.SIGKILL)
    if killed and seconds_since_wish(folder) is not None:
        return "ended by force: it had not stopped by itself in the time it was given"
    if killed and killed_since(folder):
        return "out of memory: killed by the kernel"
    return "crashed (it vanished)" if exit_code is None else f"crashed (signal {-exit_code})"


def _last_line(folder: RunFolder) -> str:
    lines = [line.strip() for line in folder.tail(4096).splitlines() if line.strip()]
    return lines[-1][:LONGEST] if lines else ""

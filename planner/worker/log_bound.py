"""Keeps a run's log within bounds: of one that floods, the beginning and the end stay."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator

from planner.store.runfolder import RunFolder

MOST = 64 << 20
"""Bytes a log may have."""
HEAD = 1 << 20
"""Bytes of its beginning that stay."""
TAIL = 8 << 20
"""Bytes of its end that stay."""
LOOK = 1.0
"""Seconds between two looks."""
STANDARD_OUTPUT = 1
"""The descriptor that the log is written by."""


@contextlib.contextmanager
def log_bounded(folder: RunFolder) -> Iterator[None]:
    """Look after the log while the block runs; one that somebody else writes is left alone."""
    if not _is_ours(folder):
        yield
        return
    ended = threading.Event()
    watching = threading.Thread(target=_watch, args=(folder, ended), daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def cut(folder: RunFolder) -> None:
    """Take out the middle of a log that is too long; what is printed in the same moment may go with it."""
    with folder.log.open("r+b") as log:
        size = os.fstat(log.fileno()).st_size
        if size <= MOST:
            return
        end = os.pread(log.fileno(), TAIL, size - TAIL)
        end = end[end.find(b"\n") + 1 :]
        said = f"\nplanner: {size - HEAD - len(end)} bytes of this log were left out here\n"
        os.pwrite(log.fileno(), said.encode() + end, HEAD)
        os.ftruncate(log.fileno(), HEAD + len(said) + len(end))


def _watch(folder: RunFolder, ended: threading.Event) -> None:
    while not ended.wait(LOOK):
        with contextlib.suppress(OSError):  # a full disk, or somebody has taken the log away
            cut(folder)


def _is_ours(folder: RunFolder) -> bool:
    """Whether this process prints to the log, and at its end wherever that is."""
    try:
        same = os.path.samestat(os.fstat(STANDARD_OUTPUT), folder.log.stat())
        return same and bool(fcntl.fcntl(STANDARD_OUTPUT, fcntl.F_GETFL) & os.O_APPEND)
    except OSError:
        return False

"""A run's events, as its worker writes them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType

from planner.domain.event import KINDS, Event
from planner.store import encoding, files
from planner.store.kept import Kept

WORDS = {kind: word for word, kind in KINDS.items()}
"""The value of the key `event` on disk for each kind of event."""


class EventLog:
    """A run's events, opened for append by its worker alone.

    What the worker trains is code that may close the file, or fork: it is opened anew then, and a fork writes
    nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """The file, usually `RunFolder.events`."""
        self._waiting = b""
        self._file: Kept | None = None
        self._process = os.getpid()

    def __enter__(self) -> EventLog:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        if self._file is None:
            return
        with contextlib.suppress(OSError):  # a full disk must not end a training
            self.sync()
            files.sync_folder(self.path.parent)
        self._file.close()
        self._file = None

    def write(self, event: Event) -> None:
        """Add one event; while the disk is full it is kept in memory and goes out with a later one."""
        if os.getpid() != self._process:
            return
        document = {"event": WORDS[type(event)], **encoding.to_document(event)}
        self._waiting += encoding.dump(document) + b"\n"
        self._flush()

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        if self._file is not None and self._file.intact:
            files.sync(self._file.number, self.path)

    @property
    def waiting(self) -> int:
        """Bytes that are not in the file yet, because the disk is full."""
        return len(self._waiting)

    def _open(self) -> Kept:
        if self._file is not None:
            self._file.close()
        self._file = Kept(files.open_private(self.path, os.O_RDWR))
        if not self._waiting:  # else the half line at the end is this log's own, and its rest is in memory
            files.trim(self._file.number, self.path)
        os.lseek(self._file.number, 0, os.SEEK_END)
        return self._file

    def _flush(self) -> None:
        """Write what waits, as far as the disk takes it; the next write goes on from there."""
        with contextlib.suppress(OSError):  # neither a full disk nor a folder that is gone ends a training
            here = self._file if self._file is not None and self._file.intact else self._open()
            start = os.lseek(here.number, 0, os.SEEK_CUR)
            try:
                files.write_all(here.number, self._waiting, self.path)
            finally:
                written = os.lseek(here.number, 0, os.SEEK_CUR) - start
                self._waiting = self._waiting[written:]

"""The journal: every operation with its old and new values, one sealed line each, appended for ever."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner.store import encoding, files
from planner.store.encoding import Document
from planner.store.seal import BEFORE, seal, unseal

if TYPE_CHECKING:
    from planner.domain.operation import Operation

BEGUN = "begun"
"""The key of the first line: when the project began, UTC, ISO 8601."""


class Journal:
    """One project's journal; written under the store's lock, read at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """Its file."""
        self._last: tuple[object, int] | None = None

    def begin(self, at: str) -> None:
        """Say that the project begins, so that a journal that was lost is told from one that is empty."""
        if not self._lines():
            files.append_line(self.path, seal(encoding.dump({BEGUN: at})))

    def append(self, operation: Document) -> None:
        """Add one operation, synced; OSError when the disk does not take it."""
        files.append_line(self.path, seal(encoding.dump(operation)))

    def catch_up(self, operation: Document | None) -> None:
        """Add the backlog's last operation, when a writer died before it could."""
        if operation is not None and int(operation["seq"]) > self.last_seq():
            self.append(operation)

    def last_seq(self) -> int:
        """Number of the newest operation that can be read, gone back to over what is damaged; 0 when none."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return 0
        stamp = status.st_mtime_ns, status.st_size, status.st_ino
        if self._last is None or self._last[0] != stamp:
            newest = next((int(one["seq"]) for one in self._backwards(status.st_size)), 0)
            self._last = stamp, newest
        return self._last[1]

    def ahead_of(self, generation: int, operation: Document | None) -> int | None:
        """The newest operation, where it came after that state; None where the state is the newest.

        Every state is on the disk before its operation is here, so such a state is an older copy. A journal
        that tells of another operation under that number is another project's, and says nothing.
        """
        newest = self.last_seq()
        if newest <= generation:
            return None
        same = (one for one in self._backwards(self.path.stat().st_size) if one["seq"] == generation)
        return newest if next(same, operation) == operation else None

    def _backwards(self, end: int) -> Iterator[Document]:
        """The operations of the first `end` bytes that can be read, newest first."""
        with self.path.open("rb", buffering=0) as file:
            end = files.end_of_lines(file.fileno(), end)
            while end > 0:
                start = files.end_of_lines(file.fileno(), end - 1)
                operation = _operation(os.pread(file.fileno(), end - start - 1, start))
                if operation is not None:
                    yield operation
                end = start

    def led_to(self, generation: int) -> Iterator[Operation]:
        """The operations that led to a generation, newest first, as far back as they are asked for.

        The same as `chain`, without reading what is older than anybody wants to know.
        """
        from planner.domain.operation import Operation

        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        for document in self._backwards(size):
            if document["seq"] == generation:
                operation = encoding.read(Operation, document)
                generation = operation.base
                yield operation

    def read(self) -> tuple[Operation, ...]:
        """Every operation that can be read, oldest first; a torn last line is as good as not there."""
        from planner.domain.operation import Operation

        operations: tuple[Operation, ...] = encoding.adapter(tuple[Operation, ...]).validate_python(
            [document for line in self._lines() if (document := _operation(line)) is not None]
        )
        return operations

    def damaged(self) -> int:
        """How many whole lines cannot be read."""
        return sum(_operation(line) is None and not _begins(line) for line in self._lines())

    def only_begun(self) -> bool:
        """Whether it says that the project has begun, and nothing else: nothing was ever changed."""
        line, newline, rest = self._read().partition(b"\n")
        return newline == b"\n" and not rest and _begins(line)

    def silent(self) -> bool:
        """Whether it is missing or its first line was never finished; a power loss leaves zeros there."""
        data = self._read().partition(b"\0")[0]
        return b"\n" not in data and BEFORE.startswith(data[: len(BEFORE)])

    def ends_with(self, generation: int) -> bool:
        """Whether its last line is whole and tells of that generation: then nothing came after it."""
        lines = self._lines()
        if generation == 0:
            return self.only_begun()
        return bool(lines) and (_operation(lines[-1]) or {}).get("seq") == generation

    def broken_off(self) -> bool:
        """Whether its last whole line is damaged, so that nobody can tell what it ended with."""
        lines = self._lines()
        return bool(lines) and _operation(lines[-1]) is None and not _begins(lines[-1])

    def _lines(self) -> list[bytes]:
        return self._read().split(b"\n")[:-1]

    def _read(self) -> bytes:
        try:
            return files.read(self.path)
        except FileNotFoundError:
            return b""


def chain(operations: Iterable[Operation], generation: int) -> list[Operation]:
    """The operations that led to a generation, oldest first, as far back as the journal has them unbroken.

    Operations of a state that was given up for an older one are not among them.
    """
    by_seq = {operation.seq: operation for operation in operations}
    found: list[Operation] = []
    while generation in by_seq:
        found.append(by_seq.pop(generation))
        generation = found[-1].base
    return found[::-1]


def _operation(line: bytes) -> Document | None:
    document = _unsealed(line)
    return document if isinstance(document.get("seq"), int) else None


def _begins(line: bytes) -> bool:
    return BEGUN in _unsealed(line)


def _unsealed(line: bytes) -> Document:
    """What a line says; nothing when it is damaged."""
    try:
        return unseal(line)
    except ValueError:
        return {}

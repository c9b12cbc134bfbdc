"""The journal: every operation with its old and new values, one sealed line each, appended for ever."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner.store import encoding, files
from planner.store.encoding import Document
from planner.store.seal import seal, unseal

if TYPE_CHECKING:
    from planner.domain.operation import Operation


class Journal:
    """One project's journal; written under the store's lock, read at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """Its file."""

    def append(self, operation: Document) -> None:
        """Add one operation, synced; OSError when the disk does not take it."""
        files.append_line(self.path, seal(encoding.dump(operation)))

    def catch_up(self, operation: Document | None) -> None:
        """Add the backlog's last operation, when a writer died before it could."""
        if operation is not None and int(operation["seq"]) > self.last_seq():
            self.append(operation)

    def last_seq(self) -> int:
        """Number of the newest operation that can be read; 0 when there is none."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return 0
        return self._last_seq(size)

    def _last_seq(self, end: int) -> int:
        """The same, looking only at the first `end` bytes; goes back line by line over what is damaged."""
        return next((int(operation["seq"]) for operation in self._backwards(end)), 0)

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
        return sum(_operation(line) is None for line in self._lines())

    def _lines(self) -> list[bytes]:
        try:
            return files.read(self.path).split(b"\n")[:-1]
        except FileNotFoundError:
            return []


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
    try:
        document = unseal(line)
    except ValueError:
        return None
    return document if isinstance(document.get("seq"), int) else None

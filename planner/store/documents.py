"""The documents of one transaction, in TinyDB tables; changes wait beside them until it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as Row

from planner.store.backlog import Rows
from planner.store.encoding import Document

Edit = dict[str, Any]
"""One changed document as the journal has it: `table`, `key`, `old`, `new`.

Of a document that was changed, `old` and `new` hold the changed fields alone; of one that is new, `old` is
null; of one that went, `new` is.
"""


class TransactionStorage(Storage):
    """TinyDB's storage within a transaction: the whole state in memory, from read to write."""

    def __init__(self, rows: Rows) -> None:
        self._rows = dict(rows)

    def read(self) -> Rows:
        """Every table."""
        return self._rows

    def write(self, data: Rows) -> None:
        """Take over every table."""
        self._rows = data


class Documents:
    """Numbered documents by table."""

    def __init__(self, rows: Rows) -> None:
        self._storage = TransactionStorage(rows)
        self._database = TinyDB(rows, storage=lambda _: self._storage)
        self._waiting: dict[str, dict[int, Document | None]] = {}

    def get(self, table: str, number: int) -> Document | None:
        """The document of that number as it stands now; None when there is none."""
        waiting = self._waiting.get(table, {})
        return waiting[number] if number in waiting else self._stored(table, number)

    def all(self, table: str) -> dict[int, Document]:
        """Every document of a table as it stands now, by number, lowest first."""
        found: dict[int, Document | None] = {int(number): row for number, row in self._rows(table).items()}
        found.update(self._waiting.get(table, {}))
        return {number: found_row for number in sorted(found) if (found_row := found[number]) is not None}

    def put(self, table: str, number: int, document: Document | None) -> None:
        """Insert or replace a document, or take it away with None."""
        self._waiting.setdefault(table, {})[number] = document

    def edits(self) -> list[Edit]:
        """What has changed so far; empty when everything is as it was."""
        return list(self._edits())

    def settle(self) -> Rows:
        """Let TinyDB take every change, once for each table, and answer the whole state."""
        for name, waiting in self._waiting.items():
            table = self._database.table(name)
            table.remove(doc_ids=[number for number in waiting if self._stored(name, number) is not None])
            table.insert_multiple(Row(row, number) for number, row in waiting.items() if row is not None)
        self._waiting = {}
        return self._storage.read()

    def _rows(self, table: str) -> dict[str, Document]:
        return self._storage.read().get(table, {})

    def _stored(self, table: str, number: int) -> Document | None:
        return self._rows(table).get(str(number))

    def _edits(self) -> Iterator[Edit]:
        for table, waiting in self._waiting.items():
            for number, new in waiting.items():
                old = self._stored(table, number)
                if old != new:
                    yield {"table": table, "key": number, **_difference(old, new)}


def _difference(old: Document | None, new: Document | None) -> Document:
    if old is None or new is None:
        return {"old": old, "new": new}
    moved = [name for name in {**old, **new} if name not in old or name not in new or old[name] != new[name]]
    return {
        "old": {name: old[name] for name in moved if name in old},
        "new": {name: new[name] for name in moved if name in new},
    }

"""The archive: revisions that have left the backlog, one sealed line each, a file a month, read for history.

A batch is what one transaction let go. The backlog keeps a document of each batch that counts, and the lines
name their batch: so those of a transaction that died before it was committed, or that was undone, count for
nothing, and every backup of the backlog finds the lines it means in files that only ever grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path

from planner.store import encoding, files
from planner.store.encoding import Document
from planner.store.seal import digest, seal, unseal

TABLE = "archive"
"""The backlog's table of batches: `tag`, `count`, `last` (highest number), `newest` (UTC) and `months`."""

REVISIONS = "revisions"
"""The table they leave."""

MOST = 2000
"""Revisions beyond which the backlog lets the oldest go: half a megabyte, 3 ms of every write."""

KEPT = 1000
"""Revisions that stay then, so that not every calibration of a few hundred ideas has to append."""


def leaving(rows: Mapping[int, Document], fresh: Collection[int] = ()) -> dict[int, Document]:
    """The oldest revisions, where there are more than MOST; those of the newest calibration always stay.

    `fresh` are numbers that this transaction made: what is not decided yet does not leave.
    """
    numbers = sorted(rows)
    if len(numbers) <= MOST:
        return {}
    newest = rows[numbers[-1]]["calibration"]
    old = takewhile(lambda one: one not in fresh and rows[one]["calibration"] != newest, numbers[:-KEPT])
    return {number: rows[number] for number in old}


def batch_of(rows: Mapping[int, Document]) -> Document:
    """What the backlog keeps of revisions that leave; its tag is the digest of what they say."""
    return {
        "tag": digest(encoding.dump(list(rows.values())))[:16],
        "count": len(rows),
        "last": max(rows),
        "newest": max(row["at"] for row in rows.values()),
        "months": sorted({_month(row) for row in rows.values()}),
    }


def journaled(edits: Iterable[Document]) -> list[Document]:
    """A transaction's edits without the revisions that leave: their batch says how far they reach."""
    every = list(edits)
    last = max((edit["new"]["last"] for edit in every if edit["table"] == TABLE and edit["new"]), default=0)
    return [edit for edit in every if not _leaves(edit, last)]


def _leaves(edit: Document, last: int) -> bool:
    return edit["table"] == REVISIONS and edit["new"] is None and bool(edit["key"] <= last)


def _month(row: Document) -> str:
    return str(row["at"])[:7]


class Archive:
    """One project's archive; written under the store's lock, read at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where its files lie, `2026-11.jsonl` and so on."""

    def append(self, tag: str, rows: Iterable[Document]) -> None:
        """Add the revisions of a batch, on the disk when this ends; OSError when it does not take them."""
        by_month: defaultdict[str, list[bytes]] = defaultdict(list)
        for row in rows:
            by_month[_month(row)].append(seal(encoding.dump({"batch": tag, **row})))
        files.make_folder(self.folder)
        files.sync_folder(self.folder.parent)
        for month, lines in by_month.items():
            files.append_line(self._path(month), b"\n".join(lines))
        files.sync_folder(self.folder)

    def rows(
        self, batches: Iterable[Document], *, since: str = "", ideas: Collection[int] | None = None
    ) -> dict[int, Document]:
        """The revisions of some batches by number: from a moment on (UTC, ISO 8601), of some ideas alone.

        Lines that are damaged or torn are passed over, and what is there twice is told once. No file is
        opened where no batch reaches that moment.
        """
        wanted = [batch for batch in batches if batch["newest"] >= since]
        tags = {batch["tag"] for batch in wanted}
        months = sorted({month for batch in wanted for month in batch["months"] if month >= since[:7]})
        found: dict[int, Document] = {}
        for row in self._rows(months, ideas):
            if row.pop("batch", None) in tags and row["at"] >= since:
                found[row["id"]] = row
        return found

    def damaged(self) -> int:
        """How many whole lines cannot be read."""
        months = [path.stem for path in self.folder.glob("*.jsonl")]
        return sum(_row(line) is None for month in months for line in self._lines(month))

    def _rows(self, months: Iterable[str], ideas: Collection[int] | None) -> Iterator[Document]:
        marks = None if ideas is None else [b'"idea":%d,' % idea for idea in ideas]
        for month in months:
            for line in self._lines(month):
                # Most lines are of other ideas: looking for the number is quicker than reading the line.
                if marks is not None and not any(mark in line for mark in marks):
                    continue
                row = _row(line)
                if row is not None and (ideas is None or row["idea"] in ideas):
                    yield row

    def _lines(self, month: str) -> list[bytes]:
        try:
            return files.read(self._path(month)).split(b"\n")[:-1]
        except FileNotFoundError:
            return []

    def _path(self, month: str) -> Path:
        return self.folder / f"{month}.jsonl"


def _row(line: bytes) -> Document | None:
    try:
        return unseal(line)
    except ValueError:
        return None

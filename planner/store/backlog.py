"""The backlog's file: one strict JSON object, read with every check and written whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from planner.domain.mistake import StoreNeedsAttention
from planner.store import encoding
from planner.store.encoding import Document
from planner.store.seal import seal, unseal

SCHEMA = 1
"""The shape of the file that this release writes."""

Rows = dict[str, dict[str, Document]]
"""TinyDB's own layout: documents by number (as text), by table."""

MIGRATIONS: dict[int, Callable[[Rows], Rows]] = {}
"""What turns the tables of a schema into those of the next one, by the schema they have."""

Stamp = tuple[int, int, int, bytes]
"""What tells one state of a file from the next: modification time, size, inode, and how it begins."""

_BEGINNING = 48
"""Bytes that hold the checksum of all the others, so that no coarse clock can hide a change."""

RESTORE = "`planner doctor --restore` brings back the newest good state and keeps this file aside"


class Damaged(StoreNeedsAttention):
    """The file is not what was written."""


class Backlog(NamedTuple):  # a dataclass would take 2 ms to make, at every start
    """One state of the file."""

    schema: int = SCHEMA
    """The shape it was written in."""
    generation: int = 0
    """Rises with every write; also the number of the operation that made it."""
    operation: Document | None = None
    """That operation, as the journal has it; None in a new project."""
    tables: Rows = {}  # never changed in place
    """Everything decided."""
    others: Document = {}
    """Keys of the header that this release does not know; kept on rewrite."""

    @property
    def newer(self) -> bool:
        """Whether a newer release wrote it, so that this one may only read."""
        return self.schema > SCHEMA


def render(backlog: Backlog) -> bytes:
    """The file's bytes: the header on the first line, the tables on the second."""
    head = encoding.dump(
        {
            "schema": backlog.schema,
            "generation": backlog.generation,
            "operation": backlog.operation,
            **backlog.others,
        }
    )
    return seal(head[:-1] + b',\n"tables":' + encoding.dump(backlog.tables) + b"}\n")


def parse(data: bytes, path: Path) -> Backlog:
    """The state in the file's bytes; StoreNeedsAttention names the file when it is damaged."""
    schema = SCHEMA
    try:
        document = unseal(data)
        schema = _whole_number(document.pop("schema", None), "schema")
        return _migrated(_backlog(schema, document))
    except ValueError as error:
        if schema > SCHEMA:
            raise newer(path, schema) from error
        raise Damaged(f"{path} is damaged: {error}; {RESTORE}") from error


def newer(path: Path, schema: int) -> StoreNeedsAttention:
    """What to say when a newer release's file cannot be used."""
    return StoreNeedsAttention(
        f"{path} was written by a newer release (schema {schema}, this one knows {SCHEMA}): "
        "it can be read at most; upgrade this planner to change it"
    )


def older(path: Path, generation: int, newest: int) -> Damaged:
    """What to say when the journal or a backup tells of changes that a file does not have yet."""
    end = f"the journal and the backups beside it go on to {newest}"
    if newest == generation:
        end = "the journal beside it goes on, to where nobody can tell, since its end is damaged"
    return Damaged(f"{path} is an older copy: it ends with change {generation}, and {end}; {RESTORE}")


def load(path: Path) -> tuple[Backlog, Stamp]:
    """The state of a file and its stamp; FileNotFoundError when there is none."""
    with path.open("rb", buffering=0) as file:
        status, data = os.fstat(file.fileno()), file.readall()
        return parse(data, path), _stamp(status, data[:_BEGINNING])


def stamp(path: Path) -> Stamp | None:
    """The file's stamp; None when there is no file."""
    try:
        # Opened each time: a network file system asks its server then, and answers a mere stat from memory.
        with path.open("rb", buffering=0) as file:
            return _stamp(os.fstat(file.fileno()), file.read(_BEGINNING))
    except FileNotFoundError:
        return None


def _stamp(status: os.stat_result, beginning: bytes | None) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino, beginning or b""


def _backlog(schema: int, document: Document) -> Backlog:
    return Backlog(
        schema=schema,
        generation=_whole_number(document.pop("generation", None), "generation"),
        operation=_operation(document.pop("operation", None)),
        tables=_rows(document.pop("tables", None)),
        others=document,
    )


def _operation(value: object) -> Document | None:
    if value is not None and not isinstance(value, dict):
        raise ValueError("its operation is no JSON object")
    return value


def _whole_number(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"its {name} is {value!r}, no whole number")
    return value


def _rows(value: object) -> Rows:
    """The tables, when every one is numbered documents."""
    if not isinstance(value, dict):
        raise ValueError("it has no tables")
    for name, rows in value.items():
        if not isinstance(rows, dict):
            raise ValueError(f"its table {name} holds no documents")
        for number, document in rows.items():
            if not (number.isascii() and number.isdecimal() and isinstance(document, dict)):
                raise ValueError(f"its table {name} holds no document under {number!r}")
    return value


def _migrated(backlog: Backlog) -> Backlog:
    while backlog.schema < SCHEMA:
        if backlog.schema not in MIGRATIONS:
            raise ValueError(f"its schema is {backlog.schema}, which no release has written")
        tables = MIGRATIONS[backlog.schema](backlog.tables)
        backlog = backlog._replace(schema=backlog.schema + 1, tables=tables)
    return backlog

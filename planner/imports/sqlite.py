"""A tracker's SQLite file, opened so that it cannot be changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from planner.domain.mistake import Mistake
from planner.imports.outside import ROW_LIMIT

MAGIC = b"SQLite format 3\x00"
"""What such a file begins with."""
VALUE_ROWS = 100 * ROW_LIMIT
"""Params or metrics a file may hold over all its runs."""


class Database:
    """Answers questions about one file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.name = path.name
        """The file's name."""
        self._connection = connection

    def rows(self, query: str, limit: int = VALUE_ROWS) -> list[tuple[object, ...]]:
        """The rows of a query; a Mistake when there are too many."""
        found = self._connection.execute(query).fetchmany(limit + 1)
        if len(found) > limit:
            raise Mistake(
                f"{self.name} holds more than {limit:,} rows of one kind; export a part of it as CSV"
            )
        return found

    def tables(self) -> set[str]:
        """The names of its tables."""
        return {str(name) for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A database for reading; a Mistake when it is damaged or can't be read."""
    connection = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=5)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        yield Database(path, connection)
    except (sqlite3.Error, ValueError, OverflowError) as error:  # even complaints break
        raise Mistake(f"{path.name} can't be read as a database: {error}") from error
    finally:
        if connection is not None:
            connection.close()

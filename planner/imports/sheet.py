"""A table of text: columns by name, and every row with the line it begins on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.imported import BadRow
from planner.domain.mistake import Mistake
from planner.imports.outside import ROW_LIMIT

DELIMITERS = ",\t;|"
"""What may stand between cells."""
COLUMN_LIMIT = 1_000
"""Columns a table may have."""
CELL_LIMIT = 1_000_000
"""Characters a cell may have."""

_QUOTED_FORMULA = re.compile(r"'(?=\s*[=+\-@])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row."""

    line: int
    """The line of the file it begins on, from 1."""
    cells: tuple[str, ...]
    """Its cells by column, without blanks around them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of text."""

    name: str
    """The file's name."""
    columns: tuple[str, ...]
    """The names of its columns."""
    rows: tuple[Row, ...]
    """Its rows; blank ones left out."""
    ragged: tuple[BadRow, ...] = ()
    """Rows with more or fewer cells than there are columns."""


def read_sheet(text: str, name: str) -> Sheet:
    """The table in a text; a Mistake when it is none."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = _lines(text, _delimiter(text), name)
    _, header = next(lines, (0, []))
    columns = tuple(cell.strip() for cell in header)
    if len(columns) > COLUMN_LIMIT:
        raise Mistake(f"{name} has {len(columns):,} columns; a table may have {COLUMN_LIMIT:,}")
    rows, ragged = [], []
    for line, cells in lines:
        if len(cells) > len(columns) and not any(cell.strip() for cell in cells[len(columns) :]):
            cells = cells[: len(columns)]
        if len(cells) != len(columns):
            ragged.append(BadRow(line=line, column="", problem=_ragged(len(cells), len(columns))))
        else:
            rows.append(Row(line=line, cells=tuple(map(_cell, cells))))
        if len(rows) + len(ragged) > ROW_LIMIT:
            raise Mistake(f"{name} has more than {ROW_LIMIT:,} rows; split it, and import the parts in order")
    return Sheet(name=name, columns=columns, rows=tuple(rows), ragged=tuple(ragged))


def _lines(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line it begins on."""
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Mistake(f"{name}, line {line}: no table can be read from here on ({error})") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _delimiter(text: str) -> str:
    """The sign that parts the first line into most cells, quoted ones left out; a comma when none does."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _cell(text: str) -> str:
    """A cell without blanks, and without the apostrophe that keeps a spreadsheet from calculating it."""
    return _QUOTED_FORMULA.sub("", text.strip(), count=1) if text.lstrip().startswith("'") else text.strip()


def _ragged(cells: int, columns: int) -> str:
    only = "only " if cells < columns else ""
    return f"it has {only}{cells} cells where the header has {columns}; put a cell with a delimiter in quotes"

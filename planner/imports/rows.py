"""The rows of a table, each as what it tells, and those that can't be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from planner.domain.imported import BadRow
from planner.imports.columns import Columns
from planner.imports.estimates import BadCell
from planner.imports.sheet import Row, Sheet

Told = TypeVar("Told")


def read_rows(
    sheet: Sheet, columns: Columns, read: Callable[[Row], Told]
) -> tuple[tuple[Told, ...], tuple[BadRow, ...]]:
    """What `read` makes of each row, and by line the rows that are ragged or have a bad cell."""
    told: list[Told] = []
    bad = list(sheet.ragged)
    for row in sheet.rows:
        try:
            told.append(read(row))
        except BadCell as cell:
            bad.append(BadRow(line=row.line, column=columns.name(cell.field), problem=str(cell)))
    return tuple(told), tuple(sorted(bad, key=lambda row: row.line))

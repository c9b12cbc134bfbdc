"""Rows as aligned columns of plain text, fitted to the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from planner.rules.wording.display import cells, clean, fit

UNLIMITED = 10_000
"""Columns where nobody looks: what goes to a file or to another program is not cut."""


def width() -> int:
    """Columns of the terminal; COLUMNS where it is set; no limit elsewhere."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size((80 if on_terminal else UNLIMITED, 24)).columns


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, flush: int = 0, limit: int | None = None
) -> list[str]:
    """Lines of a table: the first `flush` columns end flush, and the last column is cut to fit."""
    cleaned = [[clean(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(cells(row[column]) for row in cleaned) for column in range(len(headings))]
    limit = width() if limit is None else limit
    return [_line(row, widths, flush, limit) for row in cleaned]


def _line(row: Sequence[str], widths: Sequence[int], flush: int, limit: int) -> str:
    padded = []
    for column, (cell, size) in enumerate(zip(row, widths, strict=True)):
        space = " " * (size - cells(cell))
        padded.append(space + cell if column < flush else cell + space)
    return fit("  ".join(padded).rstrip(), limit)

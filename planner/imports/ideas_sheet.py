"""A table of ideas with what people expect of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports import cells
from planner.imports.columns import IDEAS, Columns, columns_of
from planner.imports.estimates import BadCell, at_fault, estimate
from planner.imports.params import params_from
from planner.imports.proposal import Ideas, Proposal
from planner.imports.rows import read_rows
from planner.imports.sheet import Row, read_sheet
from planner.imports.tidy import tags, title_and_rest, word

_CALCULATED = re.compile(r"-?\d*\.\d*(?:e[+-]?\d+)?|", re.ASCII)


def read_ideas_sheet(text: str, name: str, goal: Goal, *, mapped: Mapping[str, str], by: str) -> Ideas:
    """The ideas in a table; rows that can't be read are listed as bad. A Mistake when it is no table."""
    sheet = read_sheet(text, name)
    columns = columns_of(sheet.columns, IDEAS, mapped, name)
    proposals, bad = read_rows(sheet, columns, lambda row: _proposal(row, columns, goal, by))
    return Ideas(
        name=name,
        kind="a table of ideas",
        proposals=proposals,
        bad=bad,
        columns=columns.read_as,
        unused=columns.unused,
    )


def _proposal(row: Row, columns: Columns, goal: Goal, by: str) -> Proposal:
    def cell(field: str) -> str:
        text = columns.of(row, field)
        return text or _typed_over(row, columns) if field == "estimated_hours" else text

    number = at_fault("id", lambda: _number(cell("id")))
    if not cell("title") and number is None:
        raise BadCell("title", "it has no title; every row names its idea")
    title, hypothesis = title_and_rest(cell("title"), cell("hypothesis"))
    own = {name: row.cells[place] for name, place in columns.params.items()}
    at = at_fault("at", lambda: cells.moment(cell("at")))
    return Proposal(
        line=row.line,
        title=title,
        id=number,
        created_at=cell("created_at"),
        hypothesis=hypothesis,
        category=word(cell("category")),
        tags=tags(cell("tags")),
        params=at_fault("params", lambda: params_from(cell("params"), own)),
        estimate=estimate(cell, goal, by=cell("by") or by, at=at or ""),
    )


def _typed_over(row: Row, columns: Columns) -> str:
    """Hours that a person typed over the planner's own in an export, whose numbers have a decimal point."""
    if columns.calculated is None:
        return ""
    text = row.cells[columns.calculated]
    return "" if _CALCULATED.fullmatch(text) else text


def _number(text: str) -> int | None:
    """An idea's number, with or without `#`; None when empty."""
    digits = text.removeprefix("#")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Mistake(f"{text[:60]!r} is no idea's number; write it as the list shows it, such as 3")
    return int(digits)

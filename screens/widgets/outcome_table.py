"""The ideas that came to an outcome in a week, one a row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.reactive import reactive

from planner.domain.review import Tried
from planner.rules.judging.verdict import signed
from screens import numbers, signs
from screens.widgets.rows import Cell, Column, Rows


class OutcomeTable(Rows[Tried]):
    """Verdict and gain of each, and in a sentence how, or what became of the win."""

    HELP = """
    What was tried in the week.

    o says another verdict than the seeds; D does not adopt a win.
    Both ask for the reason, and once more on the same idea take it back.
    """

    adoption: reactive[bool] = reactive(False)
    """Whether the last column tells if a win was adopted, instead of how it was measured."""

    def key(self, row: Tried) -> Hashable:
        """The idea's number."""
        return row.idea

    def columns(self, width: int) -> Sequence[Column]:
        """What there is to compare first."""
        room = max(2, width - 1 - 15 - 7 - 6 - 2)
        title = max(1, room * (6 if self.adoption else 4) // 10)
        return (
            Column("verdict", "verdict", 14),
            Column("gain", "MEI", 6, right=True),
            Column("id", "", 5, right=True),
            Column("title", "idea", title),
            Column("note", "" if self.adoption else "in a sentence", max(1, room - title)),
        )

    def cell(self, index: int, row: Tried, column: str) -> Cell:  # noqa: ARG002 - a row says it all
        """What an idea shows in a column."""
        if column == "verdict":
            sign = signs.VERDICT[row.verdict]
            return Cell(str(sign), sign.tone)
        if column == "gain":
            return Cell(numbers.NOTHING if row.gain is None else signed(row.gain))
        if column == "id":
            return Cell(f"#{row.idea}", "dim")
        if column == "title":
            return Cell(row.title)
        return Cell(adopted(row) if self.adoption else _how(row), "dim")


def adopted(row: Tried) -> str:
    """What became of a win."""
    if row.declined is not None:
        return f"not adopted: {row.declined}"
    if not row.kept:
        return "not kept"
    return "kept; not worth its complexity" if row.worth is False else "kept"


def _how(row: Tried) -> str:
    over = f"{row.overruled.by} says: " if row.overruled else ""
    return f"{over}{row.reason.removeprefix(f'{row.verdict}: ')}"

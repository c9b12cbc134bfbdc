"""The ideas a review asks about, one a row, with the reason."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from screens.agenda import KINDS, Item
from screens.widgets.rows import Cell, Column, Rows


class AgendaTable(Rows[Item]):
    """Each row waits for a word: keep, estimate anew, park or drop."""

    HELP = """
    Each idea here waits for a word:
    y keeps it as it is, e estimates it anew, p parks it, x drops it,
    d tries it again, s stops its timer.

    What is kept is asked about again when there is news.
    """

    def key(self, row: Item) -> Hashable:
        """The idea and what it is listed for."""
        return row.kind, row.idea, row.criterion

    def columns(self, width: int) -> Sequence[Column]:
        """Why, which, and the sentence."""
        room = max(2, width - 1 - 11 - 7 - 3)
        title = max(1, room * 4 // 10)
        return (
            Column("kind", "", 10),
            Column("id", "", 5, right=True),
            Column("title", "idea", title),
            Column("reason", "because", max(1, room - title)),
        )

    def cell(self, index: int, row: Item, column: str) -> Cell:  # noqa: ARG002 - a row says it all
        """What an idea shows in a column."""
        if column == "kind":
            return Cell(str(KINDS[row.kind]), KINDS[row.kind].tone)
        if column == "id":
            return Cell(f"#{row.idea}", "dim")
        return Cell(row.title) if column == "title" else Cell(row.reason, "dim")

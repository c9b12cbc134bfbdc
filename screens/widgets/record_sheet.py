"""How good the guesses were: a plot of chances, the week's guesses, and the whole record."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from planner.domain.record import Record
from planner.rules.hindsight.text import record_lines
from screens.reliability import reliability
from screens.text import clean
from screens.widgets.markdown_sheet import MarkdownSheet


class RecordSheet(MarkdownSheet):
    """The record is 80 columns wide, so this sheet has no margin and no scrollbar."""

    DEFAULT_CSS = "RecordSheet { padding: 0; scrollbar-size-vertical: 0; }"
    HELP = """
    Said against happened. The open dot is the chance that was said,
    the full one how many of those worked: the nearer, the better.
    Below: the week's guesses, the whole record, what was learned.

    f turns through the people, c through the categories.
    """

    record: Record | None = None
    """Whose guesses, as of the week's end."""

    def tell(self, record: Record, week: str, *, top: bool) -> None:
        """Put a record on the sheet; `week` is Markdown about the week's guesses."""
        self.record = record
        self.show(week, top=top)

    def lines(self, width: int) -> Sequence[Content]:
        """Plot, week, record."""
        if self.record is None:
            return ()
        head, *rest = record_lines(self.record)
        plot = list(reliability(self.record.everybody, self.record.by or "people", width))
        week = list(super().lines(width))
        return [
            Content.styled(clean(head), "bold"),
            *([Content(), *plot] if plot else []),
            *([Content(), Content.styled("The week's guesses", "bold"), *week] if week else []),
            *(Content(clean(line)) for line in rest),
        ]

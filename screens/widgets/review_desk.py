"""What one step of the review shows: a table of ideas over a text, or the record of the guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical

from planner.domain.record import Record
from planner.domain.review import Review, Tried
from planner.rules.reviewing.page import step_markdown
from planner.rules.wording.markdown import idea_name, literal
from screens.agenda import KINDS, Item, items
from screens.widgets.agenda_table import AgendaTable
from screens.widgets.chooser import Chooser
from screens.widgets.markdown_sheet import MarkdownSheet
from screens.widgets.outcome_table import OutcomeTable
from screens.widgets.record_sheet import RecordSheet
from screens.widgets.rows import Rows

EVERYBODY, EVERY = "everybody", "all"
"""The names that stand for all people and for all categories."""
TALLEST = 8
"""Lines a table takes at most, its heading included."""
READING = "reading the week…"
"""What to say before it is read."""
PAID_OFF, GUESSES, NEXT = 1, 2, 3
"""Steps, from 0, that differ from the first."""


class ReviewDesk(Vertical):
    """One step at a time; what is highlighted in the table is told in full above the text."""

    DEFAULT_CSS = """
    ReviewDesk {
        height: 1fr;
        & > MarkdownSheet { height: 1fr; padding: 0 0 0 1; }
        & > RecordSheet { padding: 0; }
    }
    """

    review: Review | None = None
    """The week; None before it is read, and where it can't be."""
    record: Record | None = None
    """How good the chosen guesses were."""
    trouble = ""
    """Why the week can't be read; empty while it can."""
    step = 0
    """The step in sight, from 0."""

    _about: object = None
    """What the text began with, so that only something else begins at its top."""

    def compose(self) -> ComposeResult:
        """The tables, whose guesses are judged, the record, the text."""
        yield OutcomeTable()
        yield AgendaTable()
        yield Chooser("whose", "f", id="by")
        yield Chooser("of category", "c", id="category")
        yield RecordSheet(id="record")
        yield MarkdownSheet(id="told")

    def on_mount(self) -> None:
        """Nothing until the week is read."""
        self.show(self.step, None, None, "")

    # -- what is highlighted --------------------------------------------------------------------

    @property
    def tried(self) -> Tried | None:
        """The highlighted idea of the first two steps."""
        return next((table.current for table in self.query(OutcomeTable) if table.display), None)

    @property
    def item(self) -> Item | None:
        """The highlighted idea of the last step."""
        return next((table.current for table in self.query(AgendaTable) if table.display), None)

    def on_rows_highlighted(self, event: Rows.Highlighted) -> None:
        """Tell the whole of another row."""
        if event.table.display:
            self._tell()

    # -- drawing --------------------------------------------------------------------------------

    def show(self, step: int, review: Review | None, record: Record | None, trouble: str) -> None:
        """Put a step of a week on the screen."""
        self.step, self.review, self.record, self.trouble = step, review, record, trouble
        outcomes = self.query_one(OutcomeTable)
        outcomes.adoption = step == PAID_OFF
        tried = review.tried if review and step <= PAID_OFF else ()
        _fill(outcomes, [one for one in tried if step < PAID_OFF or one.verdict == "improved"])
        _fill(self.query_one(AgendaTable), items(review) if review and step == NEXT else ())
        guesses = step == GUESSES and review is not None
        for widget in self.query("#by, #category, #record"):
            widget.display = guesses
        self.query_one("#told").display = not guesses
        self._tell()

    def choose(self, by: str, category: str) -> None:
        """Show whose guesses are judged."""
        self.query_one("#by", Chooser).chosen = by
        self.query_one("#category", Chooser).chosen = category

    def read_on(self, pages: int) -> None:
        """Scroll the text, whatever has the focus."""
        sheet = self.sheet
        sheet.scroll_relative(y=pages * max(1, sheet.size.height - 1), animate=False)

    def take_focus(self) -> None:
        """The keys are about the table where there is one."""
        tables: list[Rows[Any]] = [*self.query(OutcomeTable), *self.query(AgendaTable)]
        shown = [table for table in tables if table.display]
        self.screen.set_focus(shown[0] if shown else self.sheet)

    @property
    def sheet(self) -> MarkdownSheet:
        """The text in sight."""
        return self.query_one("#record" if self.step == GUESSES and self.review else "#told", MarkdownSheet)

    def _tell(self) -> None:
        review, row = self.review, self.tried or self.item
        about = (self.step, review.week if review else "", row and (type(row), row.idea))
        top, self._about = about != self._about, about
        if review is not None and self.step == GUESSES:
            self.query_one("#by", Chooser).names = (EVERYBODY, *review.record.people)
            self.query_one("#category", Chooser).names = (EVERY, *review.record.categories)
            told = self.record or review.record
            all_of_it = told.by is None and told.category is None
            self.query_one(RecordSheet).tell(
                told, step_markdown(review, GUESSES) if all_of_it else "", top=top
            )
        else:
            text = (self.trouble or READING) if review is None else step_markdown(review, self.step)
            self.query_one("#told", MarkdownSheet).show(f"{_whole(row)}{text}", top=top)


def _fill(table: Rows[Any], rows: Sequence[Any]) -> None:
    """Show the rows in as many lines as they need, up to a few; nothing without any."""
    table.display = bool(rows)
    table.styles.height = min(TALLEST, len(rows) + 1)
    table.rows = rows


def _whole(row: Tried | Item | None) -> str:
    """A row with all of its words, as Markdown."""
    if row is None:
        return ""
    kind = row.verdict if isinstance(row, Tried) else f"{KINDS[row.kind].word} since {row.since[:10]}"
    told = f"**{idea_name(row.idea, row.title)}** · {kind}: {literal(row.reason.removeprefix(f'{kind}: '))}"
    return f"{told}{_over(row) if isinstance(row, Tried) else ''}\n\n"


def _over(row: Tried) -> str:
    """What a person said over the seeds, or over keeping a win."""
    seeds, declined = row.overruled, row.declined
    over = (
        f" Overruled by {literal(seeds.by)}; the seeds had said {seeds.verdict}: {literal(seeds.reason)}"
        if seeds
        else ""
    )
    return f"{over} Not adopted: {literal(declined)}" if declined is not None else over

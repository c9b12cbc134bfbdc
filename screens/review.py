"""The weekly review: what happened, what paid off, how good the guesses were, what next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from planner.domain.mistake import Mistake
from planner.domain.view import View
from planner.rules.weeks import week_named, week_of
from screens.page import Page
from screens.widgets.markdown_sheet import MarkdownSheet


class ReviewScreen(Page):
    """One week at a time, read anew when something moved."""

    PLACE = "review"
    CSS_PATH = "review.tcss"
    HELP = """
    The week in four steps: what happened, what paid off, how good were the guesses, what next.
    w writes it into the project, where it can be kept under version control.
    """
    BINDINGS = [
        Binding("left,h", "week(-1)", "week before", key_display="←"),
        Binding("right,l", "week(1)", "week after", key_display="→"),
        Binding("t", "this_week", "this week"),
        Binding("w", "write", "write file"),
        Binding("escape", "app.go('backlog')", "backlog", show=False),
    ]

    week: reactive[str] = reactive("", init=False, repaint=False)
    """The week in sight, such as 2026-W47."""

    _shown = ("", "")

    @dataclass
    class Read(Message):
        """A review was read, in a thread."""

        week: str
        text: str

    def body(self) -> ComposeResult:
        """The text, scrolled by keys and wheel."""
        yield MarkdownSheet()

    # -- watchers -------------------------------------------------------------------------------

    def watch_view(self, view: View | None) -> None:
        """Read the week anew."""
        if view is not None:
            if self.week:
                self.load()
            else:
                self.week = week_of(self.planner.now())

    def watch_week(self) -> None:
        """Read another week."""
        self.load()

    # -- reading --------------------------------------------------------------------------------

    @work(thread=True, group="review", exclusive=True)
    def load(self) -> None:
        """Read the review beside the screen."""
        week = self.week
        try:
            text = self.planner.engine.review(week)
        except Mistake as mistake:
            text = f"No review of {week}: {mistake}"
        self.post_message(self.Read(week, text))

    def on_review_screen_read(self, event: Read) -> None:
        """Draw it, unless another week was asked for meanwhile or it is there already."""
        shown = (event.week, event.text)
        if event.week == self.week and shown != self._shown:
            self.query_one(MarkdownSheet).show(event.text, top=event.week != self._shown[0])
            self._shown = shown

    # -- actions --------------------------------------------------------------------------------

    def action_week(self, step: int) -> None:
        """Go to the week beside; not past this one."""
        self.week = min(beside(self.week, step), week_of(self.planner.now()))

    def action_this_week(self) -> None:
        """Come back to now."""
        self.week = week_of(self.planner.now())

    def action_write(self) -> None:
        """Write the review to its file."""
        self.planner.tell(partial(self.planner.engine.write_review, self.week))


def beside(week: str, step: int) -> str:
    """The week `step` weeks later, earlier when negative."""
    monday = datetime.fromisoformat(week_named(week).start)
    return week_of((monday + timedelta(weeks=step)).isoformat())

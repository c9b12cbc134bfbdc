"""The weekly review: four steps through one week, in the last of which every open question gets a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.record import Record
from planner.domain.review import Review
from planner.domain.view import View
from planner.rules.hindsight.record import record
from planner.rules.reviewing.review import until
from planner.rules.reviewing.weeks import week_named, week_of
from screens.agenda import Item
from screens.judging import Judged, JudgingPage
from screens.widgets.chooser import Chooser
from screens.widgets.review_desk import EVERY, EVERYBODY, GUESSES, ReviewDesk
from screens.widgets.stepper import STEPS, Stepper

ON_ITEM = ("keep", "estimate", "park", "drop", "dispatch", "timer")
"""Actions that need an idea that waits for a word."""
NOT_OF = {
    "keep": ("timer",),
    "dispatch": ("timer", "doubt", "stale"),
    "timer": ("invalid", "halted", "doubt", "comeback", "stale"),
}
"""Kinds of items that an action would do nothing for."""


class ReviewScreen(JudgingPage):
    """One week at a time, read anew when something moved."""

    PLACE = "review"
    HELP = """
    The week in four steps: what happened, what paid off,
    how good were the guesses, what next.

    Up and down go through the table; space reads on in the text below.
    w writes all four into the project, for version control.
    """
    BINDINGS = [
        Binding("tab", "turn(1)", "next step", key_display="⇥", tooltip="On to the next of the four steps"),
        Binding("n", "turn(1)", "next step", show=False, tooltip="On to the next of the four steps"),
        Binding("shift+tab,N", "turn(-1)", "step before", show=False, tooltip="Back to the step before"),
        *(
            Binding(str(number), f"step_to({number - 1})", name, show=False, tooltip=f"The step: {name}")
            for number, name in enumerate(STEPS, 1)
        ),
        Binding("y", "keep", "keep"),
        Binding("e", "estimate", "estimate"),
        Binding("p", "park", "park"),
        Binding("x", "drop", "drop"),
        Binding("d", "dispatch", "try again"),
        Binding("s", "timer", "stop timer"),
        Binding("o", "overrule", "overrule"),
        Binding("D", "decline", "decline", key_display="D"),
        Binding("A", "adopt", "adopt the win", show=False),
        Binding("f", "choose('by')", "whose", tooltip="Turn through whose guesses are judged"),
        Binding("c", "choose('category')", "category", tooltip="Turn through the categories of ideas"),
        Binding("left,h", "week(-1)", "week", key_display="←→", tooltip="The week before, or after"),
        Binding("right,l", "week(1)", "week after", show=False, tooltip="The week after"),
        Binding("t", "this_week", "this week", show=False),
        Binding("w", "write", "write file"),
        Binding("space", "read_on(1)", "read on", key_display="␣", tooltip="Read on in the text below"),
        Binding("backspace", "read_on(-1)", "read back", show=False, tooltip="Read back in the text below"),
        Binding("escape", "app.go('backlog')", "backlog", show=False, tooltip="Back to the ideas"),
    ]

    week: reactive[str] = reactive("", init=False, repaint=False)
    """The week in sight, such as 2026-W47."""
    step: reactive[int] = reactive(0, init=False, repaint=False)
    """The step in sight, from 0."""
    whose: reactive[tuple[str, str]] = reactive((EVERYBODY, EVERY), init=False, repaint=False)
    """The person and the category whose guesses are judged."""

    _read: Read | None = None

    @dataclass
    class Read(Message):
        """A review was read, in a thread; `trouble` says why it could not be."""

        week: str
        whose: tuple[str, str]
        review: Review | None
        record: Record | None
        trouble: str = ""

    def body(self) -> ComposeResult:
        """The steps, and the one in sight."""
        yield Stepper().data_bind(ReviewScreen.step, ReviewScreen.week)
        yield ReviewDesk()

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

    def watch_whose(self) -> None:
        """Judge other guesses."""
        self.load()

    def watch_step(self) -> None:
        """Turn to another step."""
        self._show()
        self.desk.take_focus()

    # -- reading --------------------------------------------------------------------------------

    @work(thread=True, group="review", exclusive=True)
    def load(self) -> None:
        """Read the review beside the screen."""
        week, whose, view = self.week, self.whose, self.view
        try:
            review = self.planner.engine.review(week)
            told = review.record
            if view is not None and whose != (EVERYBODY, EVERY):
                told = judged(view, review, *whose)
            self.post_message(self.Read(week, whose, review, told))
        except Mistake as mistake:
            self.post_message(self.Read(week, whose, None, None, f"No review of {week}: {mistake}"))

    def on_review_screen_read(self, event: Read) -> None:
        """Draw it, unless something else was asked for meanwhile or it is there already."""
        if (event.week, event.whose) != (self.week, self.whose) or event == self._read:
            return
        another = self._read is None or self._read.week != event.week
        self._read = event
        self._show()
        if another or not (self.focused and self.focused.display):
            self.desk.take_focus()

    # -- handlers -------------------------------------------------------------------------------

    def on_rows_highlighted(self) -> None:
        """Other keys may be live on another row."""
        self.refresh_bindings()

    def on_chooser_chosen(self, event: Chooser.Chosen) -> None:
        """Judge the guesses of another person, or of another category."""
        by, category = self.whose
        self.whose = (event.name, category) if event.chooser.id == "by" else (by, event.name)

    # -- actions --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """Only the keys that would do something to the highlighted idea of this step."""
        if action in ("overrule", "adopt", "decline"):
            return self.can_judge(action)
        if action in ON_ITEM:
            item = self.item
            return item is not None and item.kind not in NOT_OF.get(action, ())
        return action != "choose" or self.step == GUESSES

    def action_turn(self, step: int) -> None:
        """On to the next step, or back."""
        self.step = (self.step + step) % len(STEPS)

    def action_step_to(self, step: int) -> None:
        """Turn to a step."""
        self.step = step

    def action_week(self, step: int) -> None:
        """Go to the week beside; not past this one."""
        self.week = min(beside(self.week, step), week_of(self.planner.now()))

    def action_this_week(self) -> None:
        """Come back to now."""
        self.week = week_of(self.planner.now())

    def action_write(self) -> None:
        """Write the review to its file."""
        self.planner.tell(partial(self.planner.engine.write_review, self.week))

    def action_read_on(self, page: int) -> None:
        """Read on in the text below."""
        self.desk.read_on(page)

    def action_choose(self, chooser: str) -> None:
        """Turn through the people, or the categories."""
        self.query_one(f"#{chooser}", Chooser).turn(1)

    def action_keep(self) -> None:
        """Leave the idea as it is: the review asks about it again when there is news."""
        self._do(self.planner.engine.keep, "kept")

    def action_park(self) -> None:
        """Set the idea aside."""
        self._do(self.planner.engine.park, "parked")

    def action_drop(self) -> None:
        """Give the idea up untried."""
        self._do(self.planner.engine.drop, "dropped")

    def action_dispatch(self) -> None:
        """Let the idea climb the ladder again."""
        from screens.repeats import dispatch

        if self.item is not None:
            dispatch(self.planner, [self.item.idea])

    def action_timer(self) -> None:
        """Stop the forgotten timer, saying what the work took."""
        from screens.correcting import ask_hours

        if self.item is not None and self.view is not None:
            ask_hours(self.planner, self.view.ledger.ideas[self.item.idea])

    def action_estimate(self) -> None:
        """Estimate the idea anew, in its form."""
        from screens.edit import EditScreen

        item, view = self.item, self.view
        if item is not None and view is not None and item.idea in view.ledger.ideas:
            self.planner.push_screen(EditScreen(view.ledger.ideas[item.idea], item.criterion))

    # -- parts ----------------------------------------------------------------------------------

    @property
    def desk(self) -> ReviewDesk:
        """What is shown of the step."""
        return self.query_one(ReviewDesk)

    @property
    def judged(self) -> Judged | None:
        """The highlighted idea of the first two steps."""
        tried = next((desk.tried for desk in self.query(ReviewDesk)), None)
        return None if tried is None else Judged(tried.idea, tried.title, tried)

    @property
    def item(self) -> Item | None:
        """The highlighted idea of the last step."""
        return next((desk.item for desk in self.query(ReviewDesk)), None)

    def _do(self, verb: Callable[[int], Idea], done: str) -> None:
        """Do a verb on the highlighted idea, and say what was done."""
        if self.item is not None:
            self.planner.tell(partial(_said, verb, self.item.idea, done))

    def _show(self) -> None:
        """Put the step in sight on the screen."""
        read = self._read
        if read is not None:
            self.desk.show(self.step, read.review, read.record, read.trouble)
            self.desk.choose(*read.whose)
        self.refresh_bindings()


def judged(view: View, review: Review, by: str, category: str) -> Record:
    """The record of one person's guesses, or of one category's ideas, until the review's week ended."""
    return record(
        until(view.ledger, review.end),
        view.settings.goal,
        by=None if by == EVERYBODY else by,
        category=None if category == EVERY else category,
    )


def beside(week: str, step: int) -> str:
    """The week `step` weeks later, earlier when negative."""
    monday = datetime.fromisoformat(week_named(week).start)
    return week_of((monday + timedelta(weeks=step)).isoformat())


def _said(verb: Callable[[int], Idea], number: int, done: str) -> str:
    """Do a verb on an idea; a sentence of what was done."""
    idea = verb(number)
    return f"{done} #{idea.id} {idea.title} · u undoes it"

"""One run: curves over the baseline's, the GPU on the same axis, log, and what the model gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from planner.domain.mistake import Mistake
from planner.domain.run import LIVE, Rung
from planner.domain.view import RunDetail, RunView, View
from planner.rules.judging.striking import strikable
from screens.page import Page
from screens.widgets.checks_sheet import ChecksSheet
from screens.widgets.curves_sheet import CurvesSheet
from screens.widgets.run_panel import RunHead
from screens.widgets.run_sheets import (
    ConfusionSheet,
    ContextSheet,
    DetailSheet,
    LogSheet,
    SlicesSheet,
    WorstSheet,
)

SHEETS = ("curves", "log", "worst", "slices", "confusion", "context", "checks")
"""What there is to look at, in order; the number of each is its key."""
ASKING: tuple[Rung, ...] = ("check", "tiny")
"""Rungs that ask questions instead of comparing results: their runs open with the answers."""


class SheetTabs(Widget):
    """The names of the sheets with their keys; a click opens one."""

    DEFAULT_CSS = "SheetTabs { height: 1; padding: 0 1; background: $surface; }"
    auto_links = False

    chosen: reactive[str] = reactive(SHEETS[0])
    """The sheet in sight."""

    def render(self) -> Content:
        """Number and name of each."""
        return Content(" ").join([self._tab(number, name) for number, name in enumerate(SHEETS, 1)])

    def _tab(self, number: int, name: str) -> Content:
        style = "bold reverse" if name == self.chosen else "$foreground-muted"
        tab = Content.styled(f" {number} {name} ", style)
        return tab.stylize(Style.from_meta({"@click": f"screen.sheet({name!r})"}))


class RunScreen(Page):
    """Live while the run goes on, the same afterwards."""

    PLACE = "run"
    CSS_PATH = "run.tcss"
    HELP = """
    One run. The numbers choose a sheet: curves, log, worst examples, slices, confusion, context, and the
    questions of the cheap rungs.
    Curves: training and validation over the lowest and highest of the baseline's; m shows the next ones.
    Next and previous go through all runs of the same idea.
    """
    BINDINGS = [
        Binding("escape", "app.back", "back", key_display="Esc", tooltip="Back to where one was"),
        *(
            Binding(str(n), f"sheet({name!r})", name, show=False, tooltip=f"The sheet {name}")
            for n, name in enumerate(SHEETS, 1)
        ),
        Binding("tab", "turn(1)", "next sheet", key_display="⇥", tooltip="Turn to the next sheet"),
        Binding("shift+tab", "turn(-1)", "sheet before", show=False, tooltip="Turn to the sheet before"),
        Binding("m", "more", "metrics"),
        Binding("x", "stop", "stop"),
        Binding("R", "requeue", "requeue", key_display="R"),
        Binding("X", "strike", "strike out", key_display="X"),
        Binding("p", "replay", "replay", show=False),
        Binding("n", "other(1)", "older run", key_display="n", tooltip="The run of the idea before this one"),
        Binding("N", "other(-1)", "newer run", key_display="N", tooltip="The run of the idea after this one"),
    ]

    sheet: reactive[str] = reactive(SHEETS[0], repaint=False)
    """The sheet in sight."""
    run: reactive[RunView | None] = reactive(None, always_update=True, repaint=False)
    """The run as the view has it."""

    @dataclass
    class Read(Message):
        """Everything of a run was read, in a thread."""

        detail: RunDetail

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id

    def body(self) -> ComposeResult:
        """Head, tabs, and one sheet in sight."""
        with Vertical(id="desk"):
            yield RunHead()
            yield SheetTabs().data_bind(chosen=RunScreen.sheet)
            with ContentSwitcher(initial=SHEETS[0]):
                yield CurvesSheet(id="curves")
                yield LogSheet(id="log")
                yield WorstSheet(id="worst")
                yield SlicesSheet(id="slices")
                yield ConfusionSheet(id="confusion")
                yield ContextSheet(id="context")
                yield ChecksSheet(id="checks")

    # -- watchers -------------------------------------------------------------------------------

    def watch_view(self, view: View | None) -> None:
        """Look at the run again when it moved."""
        if view is None:
            return
        run = next((each for each in view.runs if each.run.id == self.run_id), None)
        if run is not None and run != self.run:
            if self.run is None and run.run.rung in ASKING:
                self.sheet = "checks"
            self.run = run
            self.load()

    def watch_sheet(self, sheet: str) -> None:
        """Turn to it."""
        for switcher in self.query(ContentSwitcher):
            switcher.current = sheet
            shown = switcher.visible_content
            if shown is not None and shown.focusable:
                shown.focus()
        self.refresh_bindings()

    def watch_run(self, run: RunView | None) -> None:
        """Tell how it goes."""
        for head in self.query(RunHead):
            head.run = run
        self.refresh_bindings()

    # -- reading --------------------------------------------------------------------------------

    @work(thread=True, group="detail", exclusive=True)
    def load(self) -> None:
        """Read everything of the run beside the screen."""
        try:
            self.post_message(self.Read(self.planner.engine.run_detail(self.run_id)))
        except Mistake as mistake:
            self.planner.complain(mistake)

    def on_run_screen_read(self, event: Read) -> None:
        """Put it on every sheet, unless another run was opened meanwhile."""
        detail = event.detail
        if detail.run.run.id != self.run_id or self.view is None:
            return
        self.query_one(RunHead).run = detail.run
        self.query_one(CurvesSheet).show(detail, self.view.settings.goal.metric)
        for sheet in self.query(DetailSheet):
            sheet.show(detail)

    # -- actions --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """Only what would do something to this run."""
        status = self.run.run.status if self.run else None
        if action == "stop":
            return status in LIVE
        if action == "requeue":
            return status in ("failed", "stopped", "crashed")
        if action == "replay":
            return status in ("finished", "failed")
        if action == "strike":
            return self.run is not None and strikable(self.run.run)
        return action != "more" or self.sheet == "curves"

    def action_sheet(self, sheet: str) -> None:
        """Turn to a sheet."""
        self.sheet = sheet

    def action_turn(self, step: int) -> None:
        """Turn to the next sheet, or the one before."""
        self.sheet = SHEETS[(SHEETS.index(self.sheet) + step) % len(SHEETS)]

    def action_more(self) -> None:
        """Show the next metrics."""
        self.query_one(CurvesSheet).turn()

    def action_stop(self) -> None:
        """Ask the run to stop."""
        self.planner.tell(partial(self.planner.engine.stop_run, self.run_id))

    def action_requeue(self) -> None:
        """Queue it once more."""
        self.planner.tell(partial(self.planner.engine.requeue, self.run_id))

    def action_strike(self) -> None:
        """Strike the run out of the evidence, with the reason, or let it count again."""
        from screens.correcting import strike

        if self.run is not None:
            strike(self.planner, self.run.run, self.run.title)

    def action_replay(self) -> None:
        """Make the run once more as it was recorded, or say how a replay came out."""
        self.planner.tell(partial(self.planner.engine.replay, self.run_id))

    def action_other(self, step: int) -> None:
        """Open another run of the same idea."""
        if self.view is None or self.run is None:
            return
        idea = self.run.run.idea
        runs = [run for run in self.view.runs if run.run.idea == idea and run.run.started_at]
        place = next((index for index, run in enumerate(runs) if run.run.id == self.run_id), None)
        if place is not None and 0 <= place + step < len(runs):
            self.run_id = runs[place + step].run.id
            self.run = runs[place + step]
            self.load()

"""The configurations of one sweep: what was tried, which is the best, and its next round."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import reactive

from planner.domain.run import LIVE, Run
from planner.domain.view import RankedIdea, View
from planner.rules.sweeping.fresh import fresh_seeds
from planner.rules.sweeping.ordered import BEST, ordered, orders
from planner.rules.sweeping.swept import Swept, last_swept
from screens.page import Page
from screens.widgets.sweep_head import SweepHead
from screens.widgets.sweep_sheet import SweepSheet
from screens.widgets.sweep_table import SweepTable, seeds_in_words

EMPTY = "No configuration has been tried yet: d dispatches the idea."
UNDER_WAY = "No configuration has been tried yet: check and tiny look at one of them first."
GONE = "This idea sweeps nothing any more. Esc goes back."


class SweepScreen(Page):
    """Live while it searches, the same afterwards."""

    PLACE = "sweep"
    CSS_PATH = "sweep.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-tall")]
    HELP = """
    One idea's sweep. Seed 0 chooses the best configuration, and so is no evidence:
    fresh seeds of the chosen one, beside the baseline's, come to the one verdict.
    n narrows the ranges around the best and tries as many again; m tries further ones.
    What was tried stays known, counts, and is not tried again. Space reads on in the sheet.
    """
    BINDINGS = [
        Binding("escape", "app.back", "back", key_display="Esc", tooltip="Back to where one was"),
        Binding("n", "narrow", "narrow"),
        Binding("m", "more", "more"),
        Binding("d", "dispatch", "dispatch"),
        Binding("enter", "open", "open run", key_display="⏎"),
        Binding("s", "sort(1)", "sort", tooltip="Order by the next column: the best, the number, each param"),
        Binding("S", "sort(-1)", "sort before", show=False, tooltip="Order by the column before"),
        Binding("x", "stop", "stop run"),
        Binding("e", "edit", "edit ranges"),
        Binding("space", "read_on(1)", "read on", key_display="␣", tooltip="Read on in the sheet"),
        Binding("backspace", "read_on(-1)", "read back", show=False, tooltip="Read back in the sheet"),
    ]

    order: reactive[str] = reactive(BEST, init=False, repaint=False)
    """What the configurations are ordered by."""

    def __init__(self, idea: int) -> None:
        super().__init__()
        self.idea = idea
        self.found: Swept | None = None
        """What was tried by now; None where the idea sweeps nothing any more."""
        self._seeds: dict[int, tuple[Run, ...]] = {}

    def body(self) -> ComposeResult:
        """What is searched, the table, and beside or below it the highlighted configuration."""
        yield SweepHead()
        with Container(id="desk"):
            yield SweepTable()
            yield SweepSheet()

    # -- watchers -------------------------------------------------------------------------------

    def watch_view(self, view: View | None) -> None:
        """See what was tried by now."""
        row = self.row
        if view is None:
            return
        sweep = row.idea.change.sweep if row else None
        self.found = last_swept(row.idea, sweep, view.ledger, view.settings) if row and sweep else None
        self._fill()

    def watch_order(self) -> None:
        """Order them anew."""
        self._fill()

    def _fill(self) -> None:
        view, row, found, table = self.view, self.row, self.found, self.table
        if view is None or row is None or found is None:
            table.empty, table.rows = GONE, ()
        else:
            self.query_one(SweepHead).show(row, found)
            table.empty = UNDER_WAY if row.idea.dispatch and not row.idea.dispatch.halted else EMPTY
            table.axes, table.metric, table.order = found.sweep.axes, found.metric, self.order
            table.best = found.best.number if found.best else None
            table.runs = {run.run.id: run for run in view.runs if run.run.idea == self.idea}
            self._seeds = fresh_seeds(found, view.ledger)
            table.seeds = {number: seeds_in_words(runs) for number, runs in self._seeds.items()}
            table.rows = ordered(found, view.settings.goal, self.order)
        self._show()

    # -- handlers -------------------------------------------------------------------------------

    def on_rows_highlighted(self) -> None:
        """Tell of another configuration."""
        self._show()

    # -- actions --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """Only what would do something to this sweep, or to the highlighted configuration."""
        if action in ("narrow", "more"):
            return self.rests and self.goes_on
        if action == "dispatch":
            row = self.row
            judged = row is not None and row.idea.dispatch is None and row.outcome is not None
            return self.rests and not (judged and self.goes_on)
        if action == "edit":
            return self.rests and self.found is not None
        if action == "open":
            return bool(self.run and self.run.started_at)
        if action == "stop":
            return bool(self.run and self.run.status in LIVE)
        return True

    def action_narrow(self) -> None:
        """Narrow the ranges around the best configurations, and try as many again."""
        from screens.next_round import narrow

        if self.found is not None and self.view is not None:
            narrow(self.planner, self.found, self.view.settings.goal)

    def action_more(self) -> None:
        """Try further configurations."""
        from screens.next_round import more

        if self.found is not None:
            more(self.planner, self.found)

    def action_dispatch(self) -> None:
        """Let the sweep begin, or go on where it halted."""
        from screens.repeats import dispatch

        dispatch(self.planner, [self.idea])

    def action_open(self) -> None:
        """Open the run of the highlighted configuration."""
        if self.run is not None and self.run.started_at:
            self.planner.open_run(self.run.id)

    def action_sort(self, step: int) -> None:
        """Order by the next column: the best first, by number, along each param."""
        if self.found is not None:
            there_are = orders(self.found)
            here = there_are.index(self.order) if self.order in there_are else 0
            self.order = there_are[(here + step) % len(there_are)]

    def action_stop(self) -> None:
        """Stop the run of the highlighted configuration; the sweep then halts."""
        if self.run is not None:
            self.planner.tell(partial(self.planner.engine.stop_run, self.run.id))

    def action_read_on(self, page: int) -> None:
        """Read on in the sheet, or back."""
        sheet = self.query_one(SweepSheet)
        sheet.scroll_relative(y=page * max(1, sheet.size.height - 1), animate=False)

    async def action_edit(self) -> None:
        """Change what is searched, in the idea's form."""
        from screens.edit import EditScreen

        if self.row is not None:
            await self.app.push_screen(EditScreen(self.row.idea, "sweep"))

    # -- parts ----------------------------------------------------------------------------------

    @property
    def table(self) -> SweepTable:
        """The configurations."""
        return self.query_one(SweepTable)

    @property
    def row(self) -> RankedIdea | None:
        """The idea where it stands; None when it is gone."""
        rows = self.view.ranked if self.view else ()
        return next((row for row in rows if row.idea.id == self.idea), None)

    @property
    def rests(self) -> bool:
        """Whether the idea is not under way, so that its ranges can move."""
        row = self.row
        return row is not None and (row.idea.dispatch is None or row.idea.dispatch.halted is not None)

    @property
    def goes_on(self) -> bool:
        """Whether a further round would go on with what was tried."""
        found = self.found
        return found is not None and bool(found.tried) and not found.past

    @property
    def run(self) -> Run | None:
        """The newest run of the highlighted configuration."""
        one = next((table.current for table in self.query(SweepTable)), None)
        return self.view.ledger.runs.get(one.run) if one and self.view else None

    def _show(self) -> None:
        sheet, one = self.query_one(SweepSheet), self.table.current
        sheet.display = self.found is not None and bool(self.found.tried)
        if self.found is not None and self.view is not None:
            seeds = self._seeds.get(one.number, ()) if one else ()
            sheet.show(self.found, one, seeds, self.view.settings.goal)
        self.refresh_bindings()

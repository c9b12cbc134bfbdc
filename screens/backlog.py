"""The home screen: the ranked backlog, and why the highlighted idea stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.reactive import reactive
from textual.widgets import Input

from planner.domain.view import RankedIdea, View
from planner.rules.notation.estimating import CRITERIA
from planner.rules.wording.explain import why
from screens.add_line import AddLine
from screens.climbed import live_rungs
from screens.filter import Filter
from screens.ideas_page import IdeasPage
from screens.judging import Judged, can_give_up, judged_row
from screens.widgets.criteria import CriteriaLine
from screens.widgets.entry import Entry
from screens.widgets.idea_table import IdeaTable
from screens.widgets.pulse import Pulse
from screens.widgets.why_panel import WhyPanel

EMPTY = """No ideas yet.

Press a and type the first one, in one line:

  label smoothing 0.1 -t 15m -c 0 -i +0.3pp -l 25% --set label_smoothing=0.1

Only the title is needed; the planner fills in what you leave out."""
NO_MATCH = "No idea matches the filter. Esc clears it."
NUDGE = "Move the chosen criterion of your estimate"
CHOOSE = "Choose the criterion that + and − move"
ON_A_ROW = ("edit", "nudge", "dispatch", "timer", "park", "drop", "mark", "open_run", "criterion")
"""Actions that need an idea."""


class BacklogScreen(IdeasPage):
    """Ideas by score; every action is about the highlighted idea, or about all that are marked."""

    PLACE = "backlog"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-tall")]
    HELP = """
    The ideas still to decide, best first: score is the expected gain per hour, in MEI per 100 h.
    ≈ after a score means the next one is as good: the order inside is noise.
    Below them the finished, of which G is what they gained, the parked and the dropped.
    A rung behind the status is the one the idea is on, or the cheap one that ended it.

    Filter with words, or status:ready  tag:loss  category:data  by:ana  #12; a - before turns it round.
    """
    BINDINGS = [
        Binding("a", "add", "add"),
        Binding("e", "edit", "edit"),
        Binding("d", "dispatch", "dispatch"),
        Binding("w", "sweep", "sweep"),
        Binding("plus,equals_sign", "nudge(1)", "nudge", key_display="+−", tooltip=NUDGE),
        Binding("minus,underscore", "nudge(-1)", "nudge down", key_display="−", show=False, tooltip=NUDGE),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("x", "drop", "drop"),
        Binding("p", "park", "park"),
        Binding("s", "timer", "timer"),
        Binding("left", "criterion(-1)", "criterion before", show=False, tooltip=CHOOSE),
        Binding("right", "criterion(1)", "criterion", key_display="←→", tooltip=CHOOSE),
        *(
            Binding(str(n), f"choose({name!r})", name, show=False, tooltip=f"+ and − move the {name}")
            for n, name in enumerate(CRITERIA, 1)
        ),
        Binding("enter", "open_run", "open run", key_display="⏎"),
        Binding("space", "mark", "mark", key_display="␣"),
        Binding("o", "overrule", "overrule the verdict", show=False),
        Binding("A", "adopt", "adopt the win", show=False),
        Binding("D", "decline", "decline the win", show=False),
        Binding("X", "give_up", "give up as unworkable", show=False),
        Binding("escape", "back", "back", show=False),
    ]

    criterion: reactive[str] = reactive("likelihood", repaint=False)
    """What `+` and `-` move."""
    filter: reactive[Filter] = reactive(Filter(), repaint=False)
    """Which ideas are shown."""

    _wanted: int | None = None
    """The idea to point at as soon as it is there."""
    _explaining = False
    _sweeps = False

    def body(self) -> ComposeResult:
        """The table, and beside or below it the why-panel."""
        with Container(id="desk"):
            yield IdeaTable()
            with Vertical(id="side"):
                yield CriteriaLine(self.planner.engine.who).data_bind(BacklogScreen.criterion)
                yield WhyPanel()

    # -- watchers -------------------------------------------------------------------------------

    def watch_view(self, view: View | None) -> None:
        """Draw the newest ranking."""
        if view is not None:
            self._fill()

    def watch_filter(self) -> None:
        """Show what is asked for."""
        if self.view is not None:
            self._fill()

    def _fill(self) -> None:
        assert self.view is not None
        table, had = self.table, bool(self.table.rows)
        table.empty = NO_MATCH if self.view.ranked else EMPTY
        table.rungs = live_rungs(self.view.runs)
        table.rows = self.filter.select(self.view.ranked)
        self._point_at_wanted()
        for entry in self.query("#filter").results(Entry):
            entry.hint = f"{len(table.rows):,} of {len(self.view.ranked):,}"
        if had != bool(table.rows):
            self.refresh_bindings()
        self._explain_soon()

    def _point_at_wanted(self) -> None:
        """Rest on the idea just added as soon as the view has it, or say why it can't be seen."""
        assert self.view is not None
        if self._wanted is None or self._wanted not in self.view.ledger.ideas:
            return
        if not self.table.point_at(self._wanted):
            self.planner.say(f"#{self._wanted} is added; the filter hides it.")
        self._wanted = None

    # -- handlers -------------------------------------------------------------------------------

    def on_rows_highlighted(self) -> None:
        """Explain another idea once the table is repainted."""
        self._explain_soon()

    def on_criteria_line_chosen(self, event: CriteriaLine.Chosen) -> None:
        """Move what was clicked."""
        self.criterion = event.criterion

    def on_entry_typed(self, event: Entry.Typed) -> None:
        """Filter at once."""
        if event.entry.id == "filter":
            self.filter = Filter.of(event.text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, or take the idea; keys are about the table again."""
        event.stop()
        self.set_focus(self.table)
        for line in self.query(AddLine):
            if line.line is event.input:
                line.capture() if line.text.strip() else self._close(line)

    def on_add_line_captured(self, event: AddLine.Captured) -> None:
        """Point at the new idea as soon as it is seen."""
        self._wanted = event.idea_id
        self.query(AddLine).remove()

    def on_entry_left(self, event: Entry.Left) -> None:
        """Close the line; an idea half typed is still there when it is opened again."""
        if event.entry.id == "filter":
            self.filter = Filter()
        else:
            self.planner.draft = event.text
        self._close(event.entry)

    # -- actions --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """Keys about an idea live only where there is one."""
        if action in ("overrule", "adopt", "decline"):
            return self.can_judge(action)
        if action == "give_up":
            return can_give_up(self.current)
        if action == "sweep":
            return self.current is not None and self.current.idea.change.sweep is not None
        return action not in ON_A_ROW or self.current is not None

    async def action_add(self) -> None:
        """Type an idea in one line."""
        await self._open(AddLine(self.planner.draft))

    async def action_filter(self) -> None:
        """Type what to show."""
        for entry in self.query("#filter").results(Entry):
            self.set_focus(entry.line)
            return
        await self._open(
            Entry("filter", "", "words  status:ready  tag:loss  category:data  by:ana", id="filter")
        )

    def action_back(self) -> None:
        """Back to the table, then clear the filter, then the marks."""
        if self.focused is not self.table:
            self.set_focus(self.table)
        elif self.query("#filter"):
            self.filter = Filter()
            self.query("#filter").remove()
        else:
            self.unmark()

    def action_mark(self) -> None:
        """Mark or unmark, and go on."""
        self.table.toggle_mark()

    def action_criterion(self, step: int) -> None:
        """Choose the criterion beside."""
        self.criterion = CRITERIA[(CRITERIA.index(self.criterion) + step) % len(CRITERIA)]

    def action_choose(self, criterion: str) -> None:
        """Choose a criterion by its place."""
        self.criterion = criterion

    def action_nudge(self, step: int) -> None:
        """Move the chosen criterion of the highlighted idea."""
        if self.current is not None:
            self.planner.nudge(self.current.idea.id, self.criterion, step)

    async def action_edit(self) -> None:
        """Open the whole idea in a form."""
        from screens.edit import EditScreen

        if self.current is not None:
            await self.app.push_screen(EditScreen(self.current.idea, self.criterion))

    # -- parts ----------------------------------------------------------------------------------

    @property
    def table(self) -> IdeaTable:
        """The ranked ideas."""
        return self.query_one(IdeaTable)

    @property
    def current(self) -> RankedIdea | None:
        """The highlighted idea."""
        return next((table.current for table in self.query(IdeaTable)), None)

    def chosen(self) -> list[int]:
        """The marked ideas, or else the highlighted one, by number."""
        return self.table.chosen()

    def step_off(self, ids: Sequence[int]) -> None:
        """Rest on the next idea that stays."""
        self.table.step_off(ids)

    def unmark(self) -> None:
        """Take all marks away."""
        self.table.marked = frozenset()

    @property
    def judged(self) -> Judged | None:
        """The highlighted idea with its verdict."""
        return judged_row(self.current)

    def _explain_soon(self) -> None:
        if not self._explaining:
            self._explaining = True
            self.call_after_refresh(self._explain)

    def _explain(self) -> None:
        self._explaining = False
        row, view = self.current, self.view
        self.query_one("#side").display = row is not None
        if self._sweeps != (row is not None and row.idea.change.sweep is not None):
            self._sweeps = not self._sweeps
            self.refresh_bindings()
        if row is None or view is None:
            self.query_one(WhyPanel).show(None, (), None)
            return
        told = why(row, view.ranked, view.ledger.calibration, reader=self.planner.engine.who)
        self.query_one(WhyPanel).show(row, told, view)
        self.query_one(CriteriaLine).estimate = row.idea.estimates.get(self.planner.engine.who)

    async def _open(self, entry: Entry) -> None:
        """Open a line, ready to take the keys that are already typed."""
        await self.query(f"#{entry.id}").remove()
        await self.mount(entry, before=self.query_one(Pulse))
        self.set_focus(entry.line)

    def _close(self, entry: Entry) -> None:
        entry.remove()
        self.set_focus(self.table)

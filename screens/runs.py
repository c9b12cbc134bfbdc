"""Every run: what trains now, what waits and why, what ended and how."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from planner.domain.run import LIVE
from planner.domain.view import RunView, View
from planner.rules.judging.striking import strikable
from screens.page import Page
from screens.widgets.run_panel import RunPanel
from screens.widgets.run_table import RunTable

EMPTY = """Nothing has run yet.

On the backlog (b), d lets the highlighted idea climb the ladder:
check, tiny, small, full. What runs and what waits is shown here."""


class RunsScreen(Page):
    """The queue as it is, and everything that ran."""

    PLACE = "runs"
    CSS_PATH = "runs.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-tall")]
    HELP = """
    Running runs first, then the queue in its order, then what ended, newest first.
    A run that waits says why. Stopping is polite: the run ends at its next batch and keeps its checkpoint.
    Stopped, failed and crashed runs are no evidence against an idea; R queues one again.
    """
    BINDINGS = [
        Binding("enter", "open", "open", key_display="⏎"),
        Binding("x", "stop", "stop"),
        Binding("R", "requeue", "requeue", key_display="R"),
        Binding("X", "strike", "strike out", key_display="X"),
        Binding("w", "sweep", "sweep"),
        Binding("p", "replay", "replay", show=False),
        Binding("shift+up,K", "move(-1)", "sooner", key_display="⇧↑", tooltip="Move the run up the queue"),
        Binding("shift+down,J", "move(1)", "later", key_display="⇧↓", tooltip="Move the run down the queue"),
        Binding("c", "resume", "resume"),
        Binding("escape", "app.go('backlog')", "backlog", show=False, tooltip="Back to the ideas"),
    ]

    def body(self) -> ComposeResult:
        """The table, and beside or below it the highlighted run."""
        with Container(id="desk"):
            yield RunTable()
            yield RunPanel()

    # -- watchers -------------------------------------------------------------------------------

    def watch_view(self, view: View | None) -> None:
        """Draw the queue as it is now."""
        if view is None:
            return
        table = self.table
        table.empty = EMPTY
        table.metric, table.view = view.settings.goal.metric, view
        table.outcomes = {outcome.idea: outcome for outcome in view.ledger.outcomes}
        table.rows = view.runs
        self._show()

    # -- handlers -------------------------------------------------------------------------------

    def on_rows_highlighted(self) -> None:
        """Show another run."""
        self._show()

    # -- actions --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """Only the keys that would do something to the highlighted run."""
        run = self.current.run if self.current else None
        if action == "resume":
            return bool(self.view and self.view.ledger.paused)
        if action == "open":
            return bool(run and run.started_at)
        if action == "stop":
            return bool(run and run.status in LIVE)
        if action == "requeue":
            return bool(run and run.status not in (*LIVE, "finished"))
        if action == "move":
            return bool(run and run.status == "queued")
        if action == "sweep":
            return bool(run and run.idea is not None and run.config is not None)
        if action == "replay":
            return bool(run and run.status in ("finished", "failed"))
        if action == "strike":
            return bool(run and strikable(run))
        return True

    def action_open(self) -> None:
        """Open the highlighted run."""
        if self.current is not None:
            self.planner.open_run(self.current.run.id)

    def action_sweep(self) -> None:
        """Show the sweep that the highlighted run is a configuration of."""
        if self.current is not None and self.current.run.idea is not None:
            self.planner.open_sweep(self.current.run.idea)

    def action_stop(self) -> None:
        """Ask the highlighted run to stop, or take it out of the queue."""
        if self.current is not None:
            self.planner.tell(partial(self.planner.engine.stop_run, self.current.run.id))

    def action_requeue(self) -> None:
        """Queue the highlighted run once more."""
        if self.current is not None:
            self.planner.tell(partial(self.planner.engine.requeue, self.current.run.id))

    def action_strike(self) -> None:
        """Strike the highlighted run out of the evidence, with the reason, or let it count again."""
        from screens.correcting import strike

        if self.current is not None:
            strike(self.planner, self.current.run, self.current.title)

    def action_replay(self) -> None:
        """Make the highlighted run once more as it was recorded, or say how a replay came out."""
        if self.current is not None:
            self.planner.tell(partial(self.planner.engine.replay, self.current.run.id))

    def action_move(self, step: int) -> None:
        """Move the highlighted run in the queue."""
        if self.current is not None:
            self.planner.tell(partial(self.planner.engine.move_run, self.current.run.id, step))

    def action_resume(self) -> None:
        """Let runs start again after a pause."""
        self.planner.tell(self.planner.engine.resume)

    # -- parts ----------------------------------------------------------------------------------

    @property
    def table(self) -> RunTable:
        """The runs."""
        return self.query_one(RunTable)

    @property
    def current(self) -> RunView | None:
        """The highlighted run."""
        return next((table.current for table in self.query(RunTable)), None)

    def _show(self) -> None:
        panel = self.query_one(RunPanel)
        panel.display = self.current is not None
        panel.show(self.current, self.table.metric, self._beside())
        self.refresh_bindings()

    def _beside(self) -> Mapping[str, object] | None:
        """The params of the baseline that the highlighted run starts from."""
        version = self.current.run.baseline if self.current else None
        baselines = self.view.ledger.baselines if self.view else ()
        return next((one.params for one in baselines if one.version == version), None)

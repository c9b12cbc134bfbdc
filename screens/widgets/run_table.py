"""Runs, one a row: what trains now, what waits and why, what ended and how."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from textual.reactive import reactive

from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.view import RunView, View
from planner.rules.progress import too_quiet
from planner.rules.wording.marks import mark
from screens import numbers, signs
from screens.text import clean
from screens.widgets.rows import Cell, Column, Rows

CURVE = 12
"""Cells of a sparkline."""

SILENT = 20.0
"""Seconds without a word after which a running run is said to be silent; it worries nobody by that alone."""


class RunTable(Rows[RunView]):
    """Running first, then queued in order, then ended, newest first."""

    metric: reactive[str] = reactive("")
    """The goal's metric, whose course is drawn."""
    view: reactive[View | None] = reactive(None, repaint=False)
    """Everything decided, for what sets a run apart."""
    outcomes: reactive[Mapping[int, Outcome]] = reactive(dict, repaint=False)
    """The newest outcome of each idea, by its number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._marks: dict[str, str] = {}

    def watch_view(self) -> None:
        """Work out anew what sets runs apart."""
        self._marks.clear()

    # -- rows -----------------------------------------------------------------------------------

    def key(self, row: RunView) -> Hashable:
        """The run's id."""
        return row.run.id

    def columns(self, width: int) -> Sequence[Column]:
        """A narrow table leaves out the id and the curve."""
        return _columns(width)

    def cell(self, index: int, row: RunView, column: str) -> Cell:  # noqa: ARG002 - a row says it all
        """What a run shows in a column."""
        run = row.run
        if column in ("status", "sign"):
            sign = signs.of_run(run)
            return Cell(str(sign) if column == "status" else sign.sign, sign.tone)
        if column == "idea":
            return Cell(row.title, "" if run.idea is not None else "dim")
        if column == "rung":
            return Cell("lr" if run.rung == "lr" else f"{run.rung}·{run.seed}", "dim")
        if column == "curve":
            return Cell(self._curve(row), "live")
        if column == "value":
            return Cell(numbers.metric(self._value(row)))
        if column in ("note", "brief"):
            return self._note(row, brief=column == "brief")
        return Cell(run.id, "dim")

    def _curve(self, row: RunView) -> str:
        points = row.progress.curves.get(self.metric, ())
        return numbers.sparkline(tuple(value for _, value in points), CURVE)

    def _value(self, row: RunView) -> float | None:
        points = row.progress.curves.get(self.metric, ())
        return row.run.value if row.run.value is not None or not points else points[-1][1]

    def _note(self, row: RunView, *, brief: bool) -> Cell:
        """How long still, why it waits, or how it ended."""
        apart, note = self._apart(row.run), self._usual(row, brief=brief)
        if row.run.replay_of is not None and row.run.ended_at:
            return Cell(apart, note.tone)
        return Cell(f"{apart} · {note.text}", note.tone) if apart else note

    def _apart(self, run: Run) -> str:
        """What sets a run apart, worked out once for each view."""
        if self.view is None or (run.replay_of is None and run.config is None and run.rate is None):
            return ""
        if run.id not in self._marks:
            self._marks[run.id] = clean(mark(run, self.view.ledger, self.view.settings.goal))
        return self._marks[run.id]

    def _usual(self, row: RunView, *, brief: bool) -> Cell:
        run = row.run
        if run.status == "running":
            return going(row, brief=brief)
        if run.status == "queued":
            return Cell(run.waits or "next in line", "dim")
        if run.cause:
            return Cell(run.cause, "bad" if run.status in ("failed", "crashed") else "dim")
        if run.struck is not None:
            return Cell(f"struck out: {run.struck}", "warn")
        outcome = self.outcomes.get(run.idea) if run.idea is not None and run.comparable else None
        if outcome and run.rung == outcome.rung:
            sign = signs.VERDICT[outcome.verdict]
            return Cell(f"{sign} · took {numbers.duration(run.hours * 3600)}", sign.tone)
        return Cell(f"took {numbers.duration(run.hours * 3600)}", "dim")


def going(row: RunView, *, brief: bool = False) -> Cell:
    """How far a running run is, how long it takes still, and what a person should know of it."""
    progress, silent = row.progress, row.silent_seconds
    if row.run.stop_requested and brief:
        told = "stopping"
    elif not progress.epoch:
        told = "starting"
    elif progress.epochs:
        told = "" if brief else f"{numbers.bar(progress.epoch / progress.epochs, 8)} "
        told += f"{progress.epoch}/{progress.epochs} · {numbers.duration(progress.eta_seconds)} left"
    else:
        told = f"epoch {progress.epoch}"
    if silent is not None and silent >= SILENT:
        tone = "warn" if too_quiet(progress, silent) else "live"
        return Cell(f"{told} · silent for {numbers.duration(silent)}", tone)
    return Cell(f"{told} · ! {progress.alerts[-1]}", "warn") if progress.alerts else Cell(told, "live")


_WIDE = 100
"""Cells from which the words of the state, the run's id and its curve are shown."""
_STATUS, _SIGN = Column("status", "status", 10), Column("sign", "", 1)
_RUNG, _VALUE = Column("rung", "rung", 7), Column("value", "value", 7, right=True)
_ID, _CURVE = Column("id", "run", 9), Column("curve", "curve", CURVE)


@lru_cache(maxsize=8)
def _columns(width: int) -> tuple[Column, ...]:
    """A narrow table tells the state by its sign, since the note and the panel have its words."""
    wide = width >= _WIDE
    before, between = ((_STATUS, _ID), (_RUNG, _CURVE, _VALUE)) if wide else ((_SIGN,), (_RUNG, _VALUE))
    room = max(2, width - 3 - sum(column.width + 1 for column in (*before, *between)))
    title = max(1, room * (4 if wide else 5) // 10)
    note = Column("note" if wide else "brief", "", room - title)
    return (*before, Column("idea", "idea", title), *between, note)

"""The configurations of a sweep, one a row: values, metric, seeds, and how each one ended."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from textual.reactive import reactive

from planner.domain.run import Run
from planner.domain.sweep import Axis, Tried
from planner.domain.view import RunView
from planner.rules.sweeping.best import told
from planner.rules.sweeping.ordered import BEST, NUMBER
from screens import numbers, signs
from screens.widgets.rows import Cell, Column, Rows
from screens.widgets.run_table import going

LONGEST, SHORTEST = 14, 5
"""Cells of a param's column: at most, and at least before params are left out."""
NUMBER_CELLS = 8
"""Cells of a number from a range."""
METRIC = 9
"""Cells of the metric, more where there is room for its name."""
STATE = 10
"""Cells of a state with its word; without room there is its sign alone."""
NOTE = 12
"""Cells from which there is room for a note."""
FIXED = 1 + 2 + 5 + 10 + 6
"""Cells of the margin, the mark, the number, the metric and the seeds, with the blank after each."""


class SweepTable(Rows[Tried]):
    """In the order the screen gives; the best one so far is marked with a star."""

    HELP = """
    One configuration a row; * marks the best one so far. The column that gives the order has an arrow.
    seeds: 0 tried it; where there are more, they are the fresh ones on which the verdict rests.
    """

    axes: reactive[tuple[Axis, ...]] = reactive(())
    """The params that are searched."""
    metric: reactive[str] = reactive("")
    """The goal's metric."""
    order: reactive[str] = reactive(BEST)
    """What the rows are ordered by."""
    best: reactive[int | None] = reactive(None)
    """The number of the best configuration."""
    seeds: reactive[Mapping[int, str]] = reactive(dict)
    """The seeds of each configuration that has others than 0, by its number."""
    runs: reactive[Mapping[str, RunView]] = reactive(dict)
    """The run of each configuration, by its id."""

    # -- rows -----------------------------------------------------------------------------------

    def key(self, row: Tried) -> Hashable:
        """The configuration's number."""
        return row.number

    def columns(self, width: int) -> Sequence[Column]:
        """A narrow table has short columns, and last leaves params out: the sheet has them all."""
        return columns_of(self.axes, self.metric, self.order, width)

    def cell(self, index: int, row: Tried, column: str) -> Cell:  # noqa: ARG002 - a row says it all
        """What a configuration shows in a column."""
        here = row.number == self.best
        if column == "":
            return Cell("*" if here else "", "good")
        if column == "number":
            return Cell(str(row.number), "dim")
        if column == "value":
            return Cell("" if row.value is None else numbers.metric(row.value), "good" if here else "")
        if column == "seeds":
            return Cell(self.seeds.get(row.number, "0" if row.value is not None else ""), "dim")
        if column in ("state", "sign"):
            sign = signs.TRIED[row.state]
            return Cell(str(sign) if column == "state" else sign.sign, sign.tone)
        if column == "note":
            return self._note(row)
        return Cell(short(row.values[column.removeprefix("=")]))

    def _note(self, row: Tried) -> Cell:
        run = self.runs.get(row.run)
        if run is not None and run.run.status == "running":
            return going(run)
        if row.cause or run is None:
            return Cell(row.cause, "bad" if row.state in ("failed", "crashed") else "dim")
        return Cell(run.run.waits or f"took {numbers.duration(run.run.hours * 3600)}", "dim")


def short(value: object) -> str:
    """A value for a narrow column: a fraction with three digits; the sheet has them all."""
    return f"{value:.3g}" if isinstance(value, float) and not value.is_integer() else told(value)


def columns_of(axes: Sequence[Axis], metric: str, order: str, width: int) -> tuple[Column, ...]:
    """The columns that fit: first the words of the state go, then the params' columns shrink."""
    widths = _widths(axes, width - FIXED - 2)
    room = width - FIXED - sum(cells + 1 for cells in widths)
    state = Column("state", "state", STATE) if room > STATE else Column("sign", "", 1)
    spare = room - state.width - 2 - NOTE
    value = METRIC + max(0, min(spare, len(metric) + 1 - METRIC, LONGEST - METRIC))
    note = room - state.width - 2 - (value - METRIC)
    return (
        Column("", "", 1),
        Column("number", _headed("#", order == NUMBER), 4, right=True),
        *(
            Column(f"={axis.name}", _headed(axis.name, order == axis.name), cells, right=True)
            for axis, cells in zip(axes, widths, strict=False)
        ),
        Column("value", _headed(metric, order == BEST), value, right=True),
        Column("seeds", "seeds", 5),
        state,
        *([Column("note", "", note)] if note >= NOTE else []),
    )


def _headed(name: str, chosen: bool) -> str:
    return f"↓{name}" if chosen else name


def _widths(axes: Sequence[Axis], room: int) -> list[int]:
    """A width for each param that fits, in order: the widest gives way first, then the last goes."""
    widths = [min(LONGEST, max(len(axis.name) + 1, _longest(axis))) for axis in axes]
    while widths and sum(cells + 1 for cells in widths) > room:
        if max(widths) > SHORTEST:
            widths[widths.index(max(widths))] -= 1
        else:
            widths.pop()
    return widths


def _longest(axis: Axis) -> int:
    """Cells of its values: of a range not those it happens to have so far, so that nothing moves."""
    if axis.choices:
        return max(len(told(choice)) for choice in axis.choices)
    return len(told(axis.high)) if axis.whole else NUMBER_CELLS


def seeds_in_words(fresh: Sequence[Run]) -> str:
    """Seed 0, which tried a configuration, and its fresh ones: `0 1`, or `0-3` of a row of them."""
    seeds = sorted({0, *(run.seed for run in fresh)})
    row = seeds == list(range(len(seeds))) and len(seeds) > 2
    return f"0-{seeds[-1]}" if row else " ".join(map(str, seeds))

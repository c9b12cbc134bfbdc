"""A table of ideas with their outcomes, read row by row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.domain.verdict import Verdict
from planner.imports import cells
from planner.imports.columns import HISTORY, Columns, columns_of, plain_name
from planner.imports.estimates import BadCell, at_fault, estimate
from planner.imports.params import params_from
from planner.imports.past import History, Past
from planner.imports.rows import read_rows
from planner.imports.sheet import Row, Sheet, read_sheet
from planner.imports.tidy import normal, tags, title_and_rest, word

RUN_UNITS = {"run_hours": 1.0, "run_minutes": 1 / 60, "run_seconds": 1 / 3600}
"""The fields that hold how long runs took, with the hours that one of their units is."""
BASELINES = ("baseline", "the baseline")
"""Titles of what is no idea."""


def read_history(
    text: str, name: str, goal: Goal, *, mapped: Mapping[str, str], by: str, metric: str | None = None
) -> History:
    """What a table tells was tried, and the rows that can't be read; a Mistake when it is no table."""
    sheet = read_sheet(text, name)
    columns = columns_of(sheet.columns, _fields(sheet, goal, metric), mapped, name)
    if not any(field in columns for field in ("status", "value", "gain", "gain_mei", "delta")):
        raise Mistake(
            f"{name} has no outcomes: no column says what came of an idea; map one, such as "
            f"--map Verdict=status, or bring its ideas in with --ideas"
        )
    reader = _Reader(columns, goal, by, _metric_of_value(columns, goal, metric))
    pasts, bad = read_rows(sheet, columns, reader.past)
    return History(
        name=name,
        kind="a table of ideas and outcomes",
        pasts=pasts,
        bad=bad,
        columns=columns.read_as,
        unused=columns.unused,
    )


def _fields(sheet: Sheet, goal: Goal, metric: str | None) -> dict[str, tuple[str, ...]]:
    """The fields of a history, with the names that depend on the table itself.

    A column that is just called hours has the runs' where nothing else has, and else the implementation's.
    """
    named = {plain_name(name) for name in sheet.columns}
    others = {name for field in (*RUN_UNITS, "estimated_hours") for name in HISTORY[field]}
    of_hours = "hours" if named & others else "run_hours"
    return {
        **HISTORY,
        of_hours: (*HISTORY[of_hours], "hours"),
        "value": (plain_name(metric or goal.metric), *HISTORY["value"]),
    }


def _metric_of_value(columns: Columns, goal: Goal, metric: str | None) -> str | None:
    """What the column of values is said to measure, where the rows do not say."""
    wanted = metric or goal.metric
    return metric or (wanted if plain_name(columns.name("value")) == plain_name(wanted) else None)


class _Reader:
    """Makes what one row tells of its cells."""

    def __init__(self, columns: Columns, goal: Goal, by: str, metric: str | None) -> None:
        self._columns, self._goal, self._by, self._metric = columns, goal, by, metric

    def past(self, row: Row) -> Past:
        """What a row tells; BadCell when it can't be read."""

        def cell(field: str) -> str:
            return self._columns.of(row, field)

        if not cell("title"):
            raise BadCell("title", "it has no title; every row names its idea")
        title, hypothesis = title_and_rest(cell("title"), cell("hypothesis"))
        verdict = self._verdict(cell("status"))
        value = self._number(row, "value")
        gain, gain_mei = self._gain(row), self._number(row, "gain_mei")
        waiting = verdict is None and bool(cell("status"))
        return Past(
            line=row.line,
            title=title,
            hypothesis=hypothesis,
            category=word(cell("category")) or "other",
            tags=tags(cell("tags")),
            params=self._params(row),
            tried=verdict is not None
            or (not waiting and any(x is not None for x in (value, gain, gain_mei))),
            verdict=verdict,
            said=cell("status"),
            baseline=normal(title) in BASELINES
            or at_fault("baseline", lambda: cells.truth(cell("baseline"))),
            group=cell("group"),
            metric=cell("metric") or self._metric,
            direction=at_fault("direction", lambda: cells.direction(cell("direction"))),
            value=value,
            best_before=self._number(row, "best_before"),
            gain=gain,
            gain_mei=gain_mei,
            hours=at_fault("hours", lambda: cells.hours_of(cell("hours"), 1.0)),
            run_hours=self._run_hours(row),
            at=at_fault("at", lambda: cells.moment(cell("at"))),
            notes=cell("notes"),
            estimate=self._estimate(row),
        )

    def _verdict(self, text: str) -> Verdict | None:
        return at_fault("status", lambda: cells.standing(text))

    def _number(self, row: Row, field: str) -> float | None:
        return at_fault(field, lambda: cells.number(self._columns.of(row, field)))

    def _gain(self, row: Row) -> float | None:
        """What it gained, good is positive; a delta is a change of the metric, whichever way is good."""
        gain = at_fault("gain", lambda: cells.change(self._columns.of(row, "gain")))
        if gain is not None or "delta" not in self._columns:
            return gain
        delta = at_fault("delta", lambda: cells.change(self._columns.of(row, "delta")))
        good = cells.direction(self._columns.of(row, "direction")) or self._goal.direction
        return None if delta is None else delta if good == "max" else -delta

    def _run_hours(self, row: Row) -> float | None:
        for field, unit in RUN_UNITS.items():
            found = at_fault(field, partial(cells.hours_of, self._columns.of(row, field), unit))
            if found is not None:
                return found
        return None

    def _estimate(self, row: Row) -> Estimate | None:
        def cell(field: str) -> str:
            return self._columns.of(row, field)

        at = at_fault("estimated_at", lambda: cells.moment(cell("estimated_at")))
        return estimate(cell, self._goal, by=cell("by") or self._by, at=at or "")

    def _params(self, row: Row) -> dict[str, object]:
        own = {name: row.cells[place] for name, place in self._columns.params.items()}
        return at_fault("params", lambda: params_from(self._columns.of(row, "params"), own))

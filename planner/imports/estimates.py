"""One person's four numbers from the cells of a row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.tidy import one_line
from planner.rules.notation import limits, typed

CRITERIA = {
    "estimated_hours": "hours",
    "complexity": "complexity",
    "impact": "impact",
    "likelihood": "likelihood",
}
"""The fields of a table that hold estimates, each with the criterion it is."""

Read = TypeVar("Read")


class BadCell(Mistake):
    """A cell that can't be read."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        """The field at fault."""


def at_fault(field: str, read: Callable[[], Read]) -> Read:
    """What `read` answers; what it can't read is blamed on a field."""
    try:
        return read()
    except BadCell:
        raise
    except Mistake as mistake:
        raise BadCell(field, str(mistake)) from None


def estimate(cell: Callable[[str], str], goal: Goal, *, by: str, at: str) -> Estimate | None:
    """The estimate that the cells hold, asked for by field; None when all four are empty."""
    texts = {field: text for field in CRITERIA if (text := cell(field).strip()) not in ("", "-", "–", "?")}
    if not texts:
        return None
    ranges: dict[str, tuple[float, float]] = {}
    relative = False
    found: dict[str, float] = {}
    for field, text in texts.items():
        middle, share, ends = at_fault(field, partial(_read, field, text, goal))
        criterion = CRITERIA[field]
        found[criterion], relative = middle, relative or share
        if ends is not None:
            ranges[criterion] = ends
    return Estimate(by=one_line(by)[: limits.NAME], at=at, relative=relative, ranges=ranges, **found)


def _read(field: str, text: str, goal: Goal) -> tuple[float, bool, tuple[float, float] | None]:
    """A criterion's middle, whether it is a share of the baseline's value, and its ends."""
    if field == "impact":
        return typed.impact_range(text, goal)
    read = {
        "estimated_hours": typed.hours_range,
        "complexity": typed.complexity_range,
        "likelihood": typed.likelihood_range,
    }[field]
    middle, ends = read(text)
    return middle, False, ends

"""The calibration that once rested on exactly the evidence there is now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.domain.calibration import Calibration
from planner.domain.operation import Edit, Operation
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.store.encoding import to_document
from planner.store.making import make
from planner.store.tables import TABLES, Tables

Place = tuple[str, int]
"""A table and a number in it."""
Evidence = dict[Place, Outcome | str | None]
"""What can teach: every outcome, and of every run why it is struck out, None while it counts."""

_OUTCOMES, _RUNS, _CALIBRATIONS = TABLES["Outcome"], TABLES["Run"], TABLES["Calibration"]


def evidence(tables: Tables) -> Evidence:
    """All that there is now."""
    outcomes = {(_OUTCOMES, number): one for number, one in tables.numbered(Outcome).items()}
    struck = {(_RUNS, number): one.struck for number, one in tables.numbered(Run).items()}
    return {**outcomes, **struck}


def rested(now: Evidence, before: Evidence, operations: Iterable[Operation]) -> Calibration | None:
    """The newest calibration of the past that was made of the evidence of `now`; None when there is none.

    `operations`, newest first, led to `before`. The search ends where an outcome of now had not landed yet,
    and at a calibration made without any evidence having changed: somebody asked for it, so that what people
    had said until then counts since.
    """
    then = dict(before)
    different = {place for place in now.keys() | then.keys() if _differ(now.get(place), then.get(place))}
    for operation in operations:
        touched = [edit for edit in operation.changes if _is_evidence(edit)]
        made = [edit for edit in operation.changes if edit.table == _CALIBRATIONS]
        if made and not touched:
            return None
        for edit in reversed(touched):
            place = edit.table, edit.key
            then[place] = _earlier(then.get(place), edit)
            different.discard(place)
            if _differ(then[place], now.get(place)):
                different.add(place)
                if then[place] is None and edit.table == _OUTCOMES:
                    return None
        if made and not different:
            return _before(made)
    return None


def _differ(one: Outcome | str | None, other: Outcome | str | None) -> bool:
    """Whether two pieces of evidence teach another thing."""
    return _lesson(one) != _lesson(other)


def _lesson(fact: Outcome | str | None) -> Outcome | str | None:
    """What a piece of evidence teaches; an invalid or withdrawn outcome nothing, as if it had not landed."""
    if isinstance(fact, Outcome) and (fact.verdict == "invalid" or fact.withdrawn):
        return None
    return fact


def _is_evidence(edit: Edit) -> bool:
    if edit.table == _RUNS:
        return edit.old is not None and edit.new is not None and "struck" in {**edit.old, **edit.new}
    return edit.table == _OUTCOMES


def _earlier(fact: Outcome | str | None, edit: Edit) -> Outcome | str | None:
    """What stood there before the edit."""
    if edit.old is None:
        return None
    if edit.table == _RUNS:
        reason = edit.old.get("struck")
        return None if reason is None else str(reason)
    return make(Outcome, _unchanged(fact, edit) | edit.old)


def _unchanged(fact: Outcome | str | None, edit: Edit) -> dict[str, Any]:
    """The fields of an outcome that the edit left alone."""
    document = to_document(fact) if isinstance(fact, Outcome) else {}
    return {name: value for name, value in document.items() if name not in (edit.new or {})}


def _before(made: Iterable[Edit]) -> Calibration:
    """The calibration that was in force before the one made; the priors alone before the first."""
    replaced = [edit.old for edit in made if edit.new is None and edit.old is not None]
    return make(Calibration, replaced[-1]) if replaced else Calibration()

"""Taking changes back and doing them again, with regard to the runs and the verdicts that came since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.operation import Operation, Turned
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.rules.judging.undoing import (
    LEARNED,
    Decided,
    landed,
    queued_for,
    refusal,
    shared,
    stays,
    taken_out,
    way_back,
    wishes,
)
from planner.store.tables import Tables
from planner.store.undo import Turning
from planner.workspace.amendment import Amendment
from planner.workspace.project import Project
from planner.workspace.resting import evidence

NAMED = 2
"""Things that stay which are told one by one."""


class HistoryVerbs:
    """Undo and redo; each takes all that it is asked for, or nothing."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def undo(self, times: int = 1) -> Turned:
        """Take back the newest changes, passing over what has happened.

        NothingToDo when there is none; Mistake when a dispatch goes on, or a change was overtaken by another.
        """
        with self.project.store.turning(by=self.project.who, back=True) as turning, _learning(self, turning):
            staying = _turn_back(turning, times)
            told = _told(turning, staying)
            if not turning.turned:
                raise NothingToDo("; ".join(["there is nothing to undo", *told]))
        return Turned(says=self._said(turning), stays=told, wakes=_wakes(turning))

    def redo(self, times: int = 1) -> Turned:
        """Do again what was undone last; NothingToDo and Mistake as for `undo`."""
        with self.project.store.turning(by=self.project.who, back=False) as turning, _learning(self, turning):
            for operation in turning.waiting[:times]:
                _turn(turning, operation)
            if not turning.turned:
                raise NothingToDo("there is nothing to redo")
        return Turned(says=self._said(turning), wakes=_wakes(turning))

    def _said(self, turning: Turning) -> tuple[str, ...]:
        """What was turned, and whose it was, where it was somebody else's."""
        who = self.project.who
        return tuple(one.says if one.by == who else f"{one.says} (by {one.by})" for one in turning.turned)


# -- turning ------------------------------------------------------------------------------------------


def _turn_back(turning: Turning, times: int) -> dict[int, str]:
    """Take back so many operations, newest first; answers why those that were passed over stay."""
    staying: dict[int, str] = {}
    for operation in turning.waiting:
        if len(turning.turned) == times:
            break
        now = _decided(turning.tables())
        if (why := refusal(operation, now)) is not None:
            raise Mistake(why)
        if (reason := stays(operation, now, in_force=turning.in_force(operation))) is not None:
            staying[operation.seq] = reason
        else:
            _turn(turning, operation)
    return staying


def _turn(turning: Turning, operation: Operation) -> None:
    """Turn one operation; what it taught only where that is what is learned still."""
    if wishes(operation):
        _turn_dispatch(turning, operation)
        return
    if turning.back:
        _want_again(turning.tables(), operation)
    turning.turn(operation, without=() if turning.in_force(operation) else LEARNED)


def _turn_dispatch(turning: Turning, operation: Operation) -> None:
    """Turn a dispatch, whose queued runs leave the queue when it is undone.

    The baseline and the calibration that it made stay where others build on them by now.
    """
    tables = turning.tables()
    now = _decided(tables)
    without = {table for table in ("meta", "baselines") if not turning.fits(operation, table)}
    if not turning.in_force(operation) or (turning.back and shared(operation, now)):
        without |= {*LEARNED}
    if turning.back:
        without |= {"baselines"} if shared(operation, now) else set()
        for run in queued_for(operation, now):
            tables.remove(Run, run.id)
    turning.turn(operation, without=without)


def _want_again(tables: Tables, operation: Operation) -> None:
    """Let the ideas climb on that were halted because a run was taken out of the queue."""
    for run in taken_out(operation, _decided(tables)):
        for idea in tables.all(Idea):
            if idea.dispatch and idea.dispatch.halted and run.id in idea.dispatch.halted:
                tables.put(replace(idea, dispatch=replace(idea.dispatch, halted=None)))


@contextmanager
def _learning(verbs: HistoryVerbs, turning: Turning) -> Iterator[None]:
    """Learn anew where something was turned whose lessons others have built on since."""
    tables, project = turning.tables(), verbs.project
    ledger, was, at = tables.ledger(), evidence(tables), project.now()
    yield
    if any(not wishes(operation) for operation in turning.partly):
        now = turning.tables()
        amendment = Amendment(
            project=project, tables=now, settings=project.settings, ledger=ledger, was=was, at=at
        )
        amendment.learn(turning.says, f"{turning.says}, by {project.who}", of=None, back=True)


# -- telling ------------------------------------------------------------------------------------------


def _told(turning: Turning, staying: Mapping[int, str]) -> tuple[str, ...]:
    """What came after the operations that were taken back and stays as it is, newest first."""
    first = min((operation.seq for operation in turning.turned), default=0)
    now = _decided(turning.tables())
    since = [operation for operation in reversed(turning.past) if operation.seq > first]
    sentences = list(dict.fromkeys(told for one in since for told in _staying(one, now, staying)))
    more = len(sentences) - NAMED
    return tuple(sentences[:NAMED] + ([f"and {more:,} more"] if more > 0 else []))


def _staying(operation: Operation, now: Decided, staying: Mapping[int, str]) -> Iterator[str]:
    found = [now.outcomes[number] for number in landed(operation) if number in now.outcomes]
    yield from (way_back(one, now.ledger) for one in found if not one.withdrawn and not one.overruled)
    if operation.seq in staying:
        yield f"{operation.says} stays: {staying[operation.seq]}"
    asked = not (operation.undoable or operation.undoes or operation.redoes)
    if asked and operation.by != "dispatcher" and not found:
        yield f"{operation.says} stays"


def _decided(tables: Tables) -> Decided:
    return Decided(ledger=tables.ledger(), runs=tables.numbered(Run), outcomes=tables.numbered(Outcome))


def _wakes(turning: Turning) -> bool:
    """Whether what was turned is about runs, and some wait now."""
    ledger = turning.tables().ledger()
    tables = {edit.table for operation in turning.turned for edit in operation.changes}
    about = "runs" in tables or any(map(wishes, turning.turned)) or tables == {"meta"}
    waits = any(run.status == "queued" for run in ledger.runs.values()) or any(
        idea.dispatch and not idea.dispatch.halted for idea in ledger.ideas.values()
    )
    return about and waits and ledger.paused is None

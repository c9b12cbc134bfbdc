"""Taking changes back and doing them again, with regard to the runs and the verdicts that came since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.operation import Operation, Turned
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.rules.judging.comparison import current_baseline
from planner.rules.judging.undoing import (
    LEARNED,
    Decided,
    adoptions,
    asked_to_stop,
    landed,
    queued_for,
    refusal,
    shared,
    stays,
    taken_out,
    way_back,
    wishes,
)
from planner.store.baseline_text import baseline_rewritten
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
        with self._walking(back=True) as walk:
            walk.back(times)
            told = walk.told()
            if not walk.turned:
                raise NothingToDo("; ".join(["there is nothing to undo", *told]))
        return Turned(says=self._said(walk.turned), stays=told, wakes=walk.wakes())

    def redo(self, times: int = 1) -> Turned:
        """Do again what was undone last; NothingToDo and Mistake as for `undo`."""
        with self._walking(back=False) as walk:
            walk.forth(times)
            if not walk.turned:
                raise NothingToDo("there is nothing to redo")
        return Turned(says=self._said(walk.turned), wakes=walk.wakes())

    @contextmanager
    def _walking(self, *, back: bool) -> Iterator[_Walk]:
        """A walk through the past in one transaction; what it leaves to be learned anew is, at its end."""
        with (
            ExitStack() as afterwards,
            self.project.store.turning(by=self.project.who, back=back) as turning,
        ):
            walk = _Walk(self.project, turning)
            was, ledger = evidence(turning.tables()), walk.decided().ledger
            yield walk
            if any(map(adoptions, walk.turned)):
                afterwards.enter_context(_in_the_file(self.project, ledger, walk.decided().ledger))
            if walk.outlived:
                says = turning.says
                Amendment(
                    project=self.project,
                    tables=turning.tables(),
                    settings=self.project.settings,
                    ledger=ledger,
                    was=was,
                    at=self.project.now(),
                ).learn(says, f"{says}, by {self.project.who}", of=None, back=True)

    def _said(self, operations: list[Operation]) -> tuple[str, ...]:
        """What they were, and whose, where they were somebody else's."""
        who = self.project.who
        return tuple(one.says if one.by == who else f"{one.says} (by {one.by})" for one in operations)


def _in_the_file(project: Project, before: Ledger, after: Ledger) -> AbstractContextManager[None]:
    """The params of the baseline that is in force again, put into planner.toml.

    Nothing where a person has changed them there since: the file is theirs.
    """
    old, new = current_baseline(before), current_baseline(after)
    if old is None or new is None or project.settings.baseline.params != old.params:
        return nullcontext()
    return baseline_rewritten(project.layout, new.params)


class _Walk:
    """One undo or redo of several operations, one after another."""

    def __init__(self, project: Project, turning: Turning) -> None:
        self._project, self._turning = project, turning
        self._stay: dict[int, str] = {}
        self._decided: tuple[int, Decided] | None = None

    @property
    def turned(self) -> list[Operation]:
        """What was taken back or done again so far."""
        return self._turning.turned

    @property
    def outlived(self) -> bool:
        """Whether something was turned whose lessons others have built on, so that they stay as they are."""
        return any(not wishes(operation) for operation in self._turning.partly)

    def decided(self) -> Decided:
        """Everything decided by now; looked up once after each turn."""
        turns = len(self.turned)
        if self._decided is None or self._decided[0] != turns:
            self._decided = turns, self._look()
        return self._decided[1]

    def _look(self) -> Decided:
        tables = self._turning.tables()
        ledger, layout = tables.ledger(), self._project.layout
        queued = [run.id for run in ledger.runs.values() if run.status == "queued"]
        claimed = [run for run in queued if layout.run(run).claim.exists()]
        runs, outcomes = tables.numbered(Run), tables.numbered(Outcome)
        return Decided(ledger=ledger, runs=runs, outcomes=outcomes, claimed=claimed)

    # -- turning ------------------------------------------------------------------------------

    def back(self, times: int) -> None:
        """Take back so many operations, newest first, but for those that stay; Mistake where one goes on."""
        for operation in self._turning.waiting:
            if len(self.turned) == times:
                return
            now = self.decided()
            if (why := refusal(operation, now)) is not None:
                raise Mistake(why)
            reason = stays(operation, now, in_force=self._turning.in_force(operation))
            if reason is not None:
                self._stay[operation.seq] = reason
            else:
                self._turn(operation, now)

    def forth(self, times: int) -> None:
        """Do so many operations again, in order."""
        for operation in self._turning.waiting[:times]:
            self._turn(operation, self.decided())

    def _turn(self, operation: Operation, now: Decided) -> None:
        if wishes(operation):
            self._turn_dispatch(operation, now)
            return
        if self._turning.back:
            self._want_again(operation, now)
        self._turning.turn(operation, without=() if self._turning.in_force(operation) else LEARNED)

    def _turn_dispatch(self, operation: Operation, now: Decided) -> None:
        """Turn a dispatch; when it is undone, the runs that wait for it leave the queue.

        The baseline and the calibration that it made stay where others build on them by now.
        """
        turning, back = self._turning, self._turning.back
        without = {table for table in ("meta", "baselines") if not turning.fits(operation, table)}
        if not turning.in_force(operation):
            without |= {*LEARNED}
        if back and shared(operation, now):
            without |= {*LEARNED, "baselines"}
        tables = turning.tables()
        for run in queued_for(operation, now) if back else ():
            tables.remove(Run, run.id)
        turning.turn(operation, without=without)

    def _want_again(self, operation: Operation, now: Decided) -> None:
        """Let the ideas climb on that were halted because a run was taken out of the queue."""
        tables = self._turning.tables()
        for run in taken_out(operation, now):
            for idea in tables.all(Idea):
                if idea.dispatch and idea.dispatch.halted and run.id in idea.dispatch.halted:
                    tables.put(replace(idea, dispatch=replace(idea.dispatch, halted=None)))

    # -- telling ------------------------------------------------------------------------------

    def told(self) -> tuple[str, ...]:
        """What came after the operations that were taken back and stays as it is, newest first."""
        first = min((operation.seq for operation in self.turned), default=0)
        now = self.decided()
        since = [operation for operation in reversed(self._turning.past) if operation.seq > first]
        sentences = list(dict.fromkeys(told for one in since for told in self._staying(one, now)))
        more = len(sentences) - NAMED
        return tuple(sentences[:NAMED] + ([f"and {more:,} more"] if more > 0 else []))

    def _staying(self, operation: Operation, now: Decided) -> Iterator[str]:
        found = [now.outcomes[number] for number in landed(operation) if number in now.outcomes]
        yield from (way_back(one, now.ledger) for one in found if not (one.withdrawn or one.overruled))
        if operation.seq in self._stay:
            yield f"stays: {operation.says} ({self._stay[operation.seq]})"
        yield from asked_to_stop(operation, now)

    def wakes(self) -> bool:
        """Whether what was turned is about runs, and some wait now."""
        ledger = self.decided().ledger
        tables = {edit.table for operation in self.turned for edit in operation.changes}
        about = "runs" in tables or any(map(wishes, self.turned)) or tables == {"meta"}
        waits = any(run.status == "queued" for run in ledger.runs.values()) or any(
            idea.dispatch and not idea.dispatch.halted for idea in ledger.ideas.values()
        )
        return about and waits and ledger.paused is None

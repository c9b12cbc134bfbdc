"""A real project and a plain one side by side, compared after everything that is done to both."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.operation import Operation
from planner.domain.outcome import Revision
from planner.domain.score import Score
from planner.store.journal import chain
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.drills.doors import Hasty, through
from tests.drills.dying import KILLED, run_and_die
from tests.projects import TOML, Clock
from tests.workspace.paper_runs import PaperExecutor, calm, times_started
from tests.workspace.plain import Change, Patch, Plain, back, patch, plain, turned, unlawful

SETTINGS = TOML + "\n[dispatch]\nslots = 2\n"

Verb = Callable[[Workspace], object]

Known = tuple[Ledger, tuple[Revision, ...]]
"""Every fact, whatever number its state has, and every revision wherever it is kept."""


@dataclass(frozen=True)
class Done:
    """A change that can be undone."""

    seq: int
    """Its number in the journal."""
    patch: Patch
    """What it moved."""
    before: Known
    """Every fact before it."""
    after: Known
    """Every fact after it."""


class Both:
    """The two projects; every method leaves them alike or fails."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self._open.enter_context(calm())
        self._open.enter_context(through(Hasty()))
        self.layout, self.clock = Layout(self.folder / "project"), Clock()
        self.layout.project.mkdir()
        self.layout.toml.write_text(SETTINGS)
        Store(self.layout).create()
        self.done: list[Done] = []
        self.undone: list[Done] = []
        self.made: list[Patch] = []
        self.begin_anew()
        self.world = plain(self.ledger)

    def close(self) -> None:
        """Leave nothing behind."""
        self._open.close()

    def begin_anew(self) -> None:
        """A new process for the person and one for the dispatcher, which remember nothing."""
        self.work = Workspace(self.layout, now=self.clock, who="ana")
        self.dispatcher = dispatcher(self.layout, self.clock)

    @property
    def ledger(self) -> Ledger:
        """Everything decided, as it is on the disk."""
        return Store(self.layout).read()

    # -- doing --------------------------------------------------------------------------------

    def do(self, verb: Verb, change: Change | None = None, moves: str = "") -> bool:
        """Do what makes of the world what `change` says, or `moves` only such places; False where refused."""
        before, generation = known(self.layout), self.ledger.generation
        try:
            verb(self.work)
        except Mistake:
            assert self.ledger.generation == generation
            return False
        self._learn(before, generation, change, moves)
        return True

    def tick(self) -> bool:
        """Let the dispatcher look at the world once; whether anything is left to do."""
        return self._dispatch(lambda: self.dispatcher.tick())

    def adopt(self) -> None:
        """Let a dispatcher that has just begun take over."""
        self._dispatch(lambda: self.dispatcher.adopt() or True)

    def _dispatch(self, work: Callable[[], bool]) -> bool:
        more, now = work(), plain(self.ledger)
        assert not unlawful(self.world, now)
        self.world = now
        return more

    def _learn(self, before: Known, generation: int, change: Change | None, moves: str) -> None:
        old, new = self.world, plain(self.ledger)
        if change is not None:
            assert patch(change(old), new) == {}
        else:
            assert {place for place in patch(old, new) if place[0] not in moves.split()} == set()
        self.world = new
        if self.ledger.generation != generation:
            self._remember(Store(self.layout).operations()[-1], old, before)

    def _remember(self, operation: Operation, old: Plain, before: Known) -> None:
        self.made.append(patch(old, self.world))
        if operation.undoes:
            _move(operation.undoes, self.done, self.undone)
        elif operation.redoes:
            _move(operation.redoes, self.undone, self.done)
        elif operation.undoable:
            self.done.append(Done(operation.seq, patch(old, self.world), before, known(self.layout)))
            self.undone.clear()

    # -- undoing ------------------------------------------------------------------------------

    def undo(self, times: int) -> None:
        """Take changes back: exactly, where nothing has come since."""
        self._turn(times, self.done, self.undone, backwards=True)

    def redo(self, times: int) -> None:
        """Do them again, likewise."""
        self._turn(times, self.undone, self.done, backwards=False)

    def _turn(self, times: int, source: list[Done], target: list[Done], *, backwards: bool) -> None:
        chosen = source[::-1][:times]
        wanted = _straight(chosen, known(self.layout), backwards=backwards)
        generation = self.ledger.generation
        try:
            self.work.undo(times) if backwards else self.work.redo(times)
        except Mistake:
            assert self.ledger.generation == generation
            assert wanted is None, "nothing has come since, and it was refused"
            return
        operation = Store(self.layout).operations()[-1]
        numbers = operation.undoes if backwards else operation.redoes
        moved = [one for number in numbers for one in source if one.seq == number]
        assert len(moved) == len(numbers) <= times
        self._follow([back(one.patch) if backwards else one.patch for one in moved])
        if wanted is not None:
            assert moved == chosen
            assert known(self.layout) == wanted
        _move(numbers, source, target)

    def _follow(self, patches: list[Patch]) -> None:
        """Turn the plain world as the real one was; of runs and wishes see to it that nothing else moved."""
        about_runs = any(
            place[0] in ("run", "paused") or place[-1] == "wanted" for one in patches for place in one
        )
        now = plain(self.ledger)
        if not about_runs:
            assert patch(turned(self.world, patches), now) == {}
        else:
            touched = {place for one in patches for place in one}
            moved = {place: ends for place, ends in patch(self.world, now).items() if place not in touched}
            assert {place: ends for place, ends in moved.items() if not _in_the_queue(place, ends)} == {}
        self.world = now

    # -- dying --------------------------------------------------------------------------------

    def die_in(self, verb: Verb, at: int) -> None:
        """Do something in a process that is killed at its `at`-th file call: it has happened or not."""
        old, before, generation = self.world, known(self.layout), self.ledger.generation
        twin = Layout(self.folder / "twin")
        shutil.copytree(self.layout.project, twin.project)
        clocks = replace(self.clock), replace(self.clock)
        with contextlib.suppress(Mistake):
            verb(Workspace(twin, now=clocks[0], who="ana"))
        code = run_and_die(lambda: _quietly(verb, Workspace(self.layout, now=clocks[1], who="ana")), at)
        self.clock.advance(seconds=1)
        self.begin_anew()
        after = known(self.layout)
        assert after in ([before, known(twin)] if code == KILLED else [known(twin)])
        if self.ledger.generation != generation:
            self.world = plain(self.ledger)
            self._remember(Store(twin).operations()[-1], old, before)
        shutil.rmtree(twin.project)

    def die_in_a_tick(self, at: int) -> None:
        """Let a dispatcher be killed at its `at`-th file call, and another one take over."""
        work = dispatcher(self.layout, replace(self.clock))
        run_and_die(lambda: (work.adopt(), work.tick()), at)
        self.clock.advance(seconds=1)
        self.begin_anew()
        self._dispatch(lambda: True)
        self.adopt()

    # -- what always holds --------------------------------------------------------------------

    def check(self) -> None:
        """The two are alike, every score is a number, the journal is unbroken, and no run began twice."""
        assert patch(self.world, plain(self.work.view().ledger)) == {}
        assert all(isfinite(number) for number in scores(self.work))
        store = Store(self.layout)
        operations, newest = store.operations(), store.read().generation
        assert len(operations) in (newest, newest - 1)  # after a kill the newest is in the backlog alone
        assert len(chain(operations, len(operations))) == len(operations)
        assert store.journal.damaged() == 0
        assert all(times_started(RunFolder(path)) <= 1 for path in self.layout.runs.iterdir())


def _move(numbers: tuple[int, ...], source: list[Done], target: list[Done]) -> None:
    for number in numbers:
        (one,) = [one for one in source if one.seq == number]
        source.remove(one)
        target.append(one)


def known(layout: Layout) -> Known:
    """Every fact of a project, as a process that has just begun reads it."""
    store = Store(layout)
    return replace(store.read(), generation=0, revisions=()), store.history()


def dispatcher(layout: Layout, clock: Clock) -> Dispatcher:
    """A dispatcher that has just begun."""
    return Dispatcher(Project(layout, clock, "dispatcher"), PaperExecutor(layout.runs))


def scores(work: Workspace) -> list[float]:
    """Every number that the ranking rests on."""
    rows = work.view().ranked
    return [value for row in rows for value in _terms(row.score)]


def _terms(score: Score) -> tuple[float, ...]:
    return score.value, score.chance.used, score.gain.used, score.hours.used


def _straight(chosen: list[Done], now: Known, *, backwards: bool) -> Known | None:
    """Every fact after turning them, where nothing came in between; None where something did."""
    if not chosen:
        return None
    for one in chosen:
        start, now_after = (one.after, one.before) if backwards else (one.before, one.after)
        if now != start:
            return None
        now = now_after
    return now


def _in_the_queue(place: tuple[Any, ...], ends: tuple[Any, Any]) -> bool:
    """Whether it is a queued run that went, or a wish that was halted for want of one."""
    return (place[0] == "run" and ends[1] == "(nothing)") or (place[-1] == "wanted" and ends == (False, True))


def _quietly(verb: Verb, work: Workspace) -> None:
    with contextlib.suppress(Mistake):
        verb(work)

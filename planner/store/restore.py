"""Bringing a damaged backlog back: the newest good backup, and what the journal has of the time since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.clock import Now, utc_now
from planner.domain.mistake import Mistake, NothingToDo, StoreNeedsAttention
from planner.domain.operation import Operation
from planner.store import backlog as backlogs
from planner.store import backups, files
from planner.store.backlog import Backlog, Damaged
from planner.store.documents import Documents
from planner.store.facts import Facts
from planner.store.journal import Journal
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.refusal import explained
from planner.store.tables import Tables
from planner.store.undo import replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The best state that can be had."""

    state: Backlog
    """It; its generation is the one it was, before the restore makes a new one of it."""
    replayed: int
    """How many operations of the journal were put on top of the backup."""
    newest: int
    """The newest generation there ever was, as far as is known."""

    @property
    def lost(self) -> int:
        """How many generations could not be brought back."""
        return self.newest - self.state.generation


def restore_newest_backup(layout: Layout, *, by: str, now: Now = utc_now) -> str:
    """Put the best earlier state in the place of a damaged backlog; answers what was done in a sentence.

    The damaged file is kept beside the backups. NothingToDo when the backlog is fine, StoreNeedsAttention
    when there is nothing to restore from or a newer release wrote the backlog.
    """
    with explained(layout.home):
        if not layout.home.is_dir():
            raise Mistake(f"{layout.project} has no {layout.home.name}; `planner init` makes one")
        with held(layout.lock):
            _check_damaged(layout)
            rebuilt = rebuild(layout)
            aside = _keep_aside(layout, now())
            _put_in_force(layout, rebuilt, by, now())
    return _sentence(rebuilt, aside)


def rebuild(layout: Layout) -> Rebuilt:
    """The newest state that a good backup and the journal lead to; nothing is written."""
    states = {at: state for at, state in backups.good(layout.backups).items() if understood(state, layout)}
    operations = {operation.seq: operation for operation in Journal(layout.journal).read()}
    tips = sorted({*states, *operations}, reverse=True)
    if any(operation.base == 0 for operation in operations.values()):
        states.setdefault(0, Backlog())  # the journal reaches back to the beginning
    hopeless: set[int] = set()
    for tip in tips:
        way = _way(tip, states, operations, hopeless)
        start = way[0].base if way else tip
        if start in states:
            return _replayed(states[start], way, tips[0], layout)
        hopeless.update(operation.seq for operation in way)
    raise StoreNeedsAttention(
        f"{layout.backups} holds no good backup and {layout.journal} does not reach back to the "
        "beginning; bring the project's folder back from a copy of your own"
    )


def _way(
    tip: int, states: Mapping[int, Backlog], operations: Mapping[int, Operation], hopeless: set[int]
) -> list[Operation]:
    """The operations that lead to a generation from the nearest known state, or from where they break off."""
    way: list[Operation] = []
    while tip not in states and tip in operations and tip not in hopeless:
        way.append(operations[tip])
        tip = min(operations[tip].base, tip - 1)
    return way[::-1]


def understood(state: Backlog, layout: Layout) -> bool:
    """Whether every fact in a state can be read."""
    try:
        Tables(Documents(state.tables), Facts(layout.backlog), "").ledger()
    except Mistake:
        return False
    return True


def _replayed(start: Backlog, way: Sequence[Operation], newest: int, layout: Layout) -> Rebuilt:
    """A state with as many operations on top as can be read afterwards."""
    state, count = start, 0
    for count in range(len(way), -1, -1):
        documents = Documents(start.tables)
        for operation in way[:count]:
            replay(documents, operation)
        generation = way[count - 1].seq if count else start.generation
        state = start._replace(generation=generation, tables=documents.settle())
        if understood(state, layout):
            break
    return Rebuilt(state=state, replayed=count, newest=newest)


def _check_damaged(layout: Layout) -> None:
    try:
        state, _ = backlogs.load(layout.backlog)
    except (FileNotFoundError, Damaged):
        return
    if state.newer:
        raise backlogs.newer(layout.backlog, state.schema)
    if understood(state, layout):
        raise NothingToDo(f"{layout.backlog} is fine; there is nothing to restore")


def _keep_aside(layout: Layout, at: str) -> Path | None:
    if not layout.backlog.exists():
        return None
    files.make_folder(layout.backups)
    stem = "damaged-" + at.replace(":", "").replace(".", "-")
    aside = layout.backups / f"{stem}.json"
    for number in range(2, 100):
        if not aside.exists():
            break
        aside = layout.backups / f"{stem}-{number}.json"
    backups.second_name(layout.backlog, aside)
    return aside


def _put_in_force(layout: Layout, rebuilt: Rebuilt, by: str, at: str) -> None:
    generation = rebuilt.newest + 1
    operation = {
        "seq": generation,
        "base": rebuilt.state.generation,
        "at": at,
        "by": by,
        "says": f"restore generation {rebuilt.state.generation}",
        "undoable": False,
        "undoes": [],
        "redoes": [],
        "changes": [],
    }
    state = rebuilt.state._replace(generation=generation, operation=operation)
    files.write_whole(layout.backlog, backlogs.render(state))
    Journal(layout.journal).append(operation)


def _sentence(rebuilt: Rebuilt, aside: Path | None) -> str:
    text = f"restored generation {rebuilt.state.generation}"
    if rebuilt.replayed:
        text += f" (operations taken from the journal: {rebuilt.replayed})"
    text += f", operations lost: {rebuilt.lost}" if rebuilt.lost else ", nothing is lost"
    return text + (f"; the damaged file is kept as {aside}" if aside else "")

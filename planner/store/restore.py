"""Bringing a damaged backlog back: the newest good backup, and what the journal has of the time since."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.clock import Now, utc_now
from planner.domain.mistake import Mistake, NothingToDo, StoreNeedsAttention
from planner.domain.operation import Operation
from planner.store import backlog as backlogs
from planner.store import backups, files
from planner.store.age import newest_after
from planner.store.backlog import Backlog, Damaged
from planner.store.documents import Documents
from planner.store.facts import Facts
from planner.store.journal import Journal
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.refusal import explained
from planner.store.tables import Tables
from planner.store.undo import replay

UNSURE = (
    "; whether something was changed after it nobody can tell, since the journal's end is damaged or lost"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The best state that can be had."""

    state: Backlog
    """It; its generation is the one it was, before the restore makes a new one of it."""
    replayed: int
    """How many operations of the journal were put on top of the backup."""
    newest: int
    """The newest generation there ever was, as far as is known."""
    certain: bool
    """Whether the journal shows that there was none after it."""

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
    journal = Journal(layout.journal)
    states = _states(layout)
    operations = {operation.seq: operation for operation in journal.read()}
    if journal.only_begun() or any(operation.base == 0 for operation in operations.values()):
        states.setdefault(0, Backlog())  # the journal reaches back to the beginning
    hopeless: set[int] = set()
    for tip in sorted({*states, *operations}, reverse=True):
        way = _way(tip, states, operations, hopeless)
        start = way[0].base if way else tip
        if start in states:
            rebuilt = _replayed(states[start], way, layout)
            if rebuilt.state.generation > 0 or journal.only_begun():  # else it would be empty for want of all
                return rebuilt
        hopeless.update(operation.seq for operation in way)
    raise StoreNeedsAttention(
        f"{layout.backups} holds no good backup and {layout.journal} does not reach back to the "
        "beginning; bring the project's folder back from a copy of your own, or let "
        f"`planner doctor --rebuild` make a new backlog from the runs in {layout.runs}"
    )


def _states(layout: Layout) -> dict[int, Backlog]:
    """Every whole state there is, by generation: the backups, and the backlog where it is an older copy."""
    found = backups.good(layout.backups)
    with contextlib.suppress(OSError, StoreNeedsAttention):
        current, _ = backlogs.load(layout.backlog)
        found[current.generation] = current
    return {at: state for at, state in found.items() if understood(state, layout)}


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


def _replayed(start: Backlog, way: Sequence[Operation], layout: Layout) -> Rebuilt:
    """A state with as many operations on top as can be read afterwards."""
    journal = Journal(layout.journal)
    newest = max(start.generation, journal.last_seq(), *backups.numbered(layout.backups))
    state, count = start, 0
    for count in range(len(way), -1, -1):
        documents = Documents(start.tables)
        for operation in way[:count]:
            replay(documents, operation)
        generation = way[count - 1].seq if count else start.generation
        state = start._replace(generation=generation, tables=documents.settle())
        if understood(state, layout):
            break
    return Rebuilt(state=state, replayed=count, newest=newest, certain=journal.ends_with(newest))


def _check_damaged(layout: Layout) -> None:
    try:
        state, _ = backlogs.load(layout.backlog)
    except (FileNotFoundError, Damaged):
        return
    if state.newer:
        raise backlogs.newer(layout.backlog, state.schema)
    ahead = newest_after(state, layout, Journal(layout.journal))
    if ahead is None and understood(state, layout):
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
    files.sync_folder(layout.backups)
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
    # The header carries the operation, and the next writer adds it if the journal is out of room now. The
    # copy, a file of its own, is for a second mishap before there is a backup of this state.
    with contextlib.suppress(OSError):
        Journal(layout.journal).append(operation)
        files.write_whole(layout.backups / f"{generation:09}.json", backlogs.render(state))


def _sentence(rebuilt: Rebuilt, aside: Path | None) -> str:
    text = f"restored generation {rebuilt.state.generation}"
    if rebuilt.replayed:
        text += f" (operations taken from the journal: {rebuilt.replayed})"
    if rebuilt.lost:
        text += f", operations lost: {rebuilt.lost}" + ("" if rebuilt.certain else " or more")
    else:
        text += ", nothing is lost" if rebuilt.certain else UNSURE
    return text + (f"; the damaged file is kept as {aside}" if aside else "")

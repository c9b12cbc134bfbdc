"""Many processes that write to one project at once, and every change of theirs in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from planner.domain.idea import Idea
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.drills.prepared import TOML, at_work

PROCESSES = 10
"""Writers at once."""
OPERATIONS = 200
"""Changes of each."""
ROUND = 5
"""Changes a writer makes of one idea: it adds it, and changes it four times."""


def many_writers(folder: Path, processes: int = PROCESSES, operations: int = OPERATIONS) -> Figure:
    """Let processes write at once; counts the changes that the journal has and whose effect is there."""
    layout = Layout(folder / "project")
    layout.project.mkdir()
    layout.toml.write_text(TOML)
    Store(layout).create()
    names = [f"p{number}" for number in range(processes)]
    children = [_child(lambda name=name: _write(layout, name, operations)) for name in names]  # type: ignore[misc]  # bound in this turn
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    present = sum(_present(layout, operations, name) for name in names)
    return Figure(
        what=f"changes by {processes} processes at once, {operations} each",
        tried=processes * operations,
        held=present,
        note="no lost update" + (f"; {failed} processes fell" if failed else ""),
    )


def _child(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def _write(layout: Layout, name: str, operations: int) -> None:
    work = at_work(layout, name)
    idea = 0
    for number in range(operations):
        if number % ROUND == 0:
            idea = work.ideas.add(f"{name} {number}", category=name).id
        else:
            _change(work, idea, name, number)


def _change(work: Workspace, idea: int, name: str, number: int) -> None:
    """One of four changes, each of which the idea tells at the end."""
    kind = number % ROUND
    if kind == 1:
        work.ideas.edit(idea, tags=(f"{name} {number}",))
    elif kind == 2:
        work.ideas.estimate(idea, hours=f"{number}h")
    elif kind == 3:
        work.ideas.set_spent(idea, f"{number}h")
    else:
        work.ideas.park(idea)


def _present(layout: Layout, operations: int, name: str) -> int:
    """How many changes of one writer are there: each in the journal, in a chain unbroken, and in its idea."""
    store = Store(layout)
    journal = store.operations()
    if [one.seq for one in journal] != [*range(1, len(journal) + 1)] or journal[
        -1
    ].seq != store.read().generation:
        return 0
    written = Counter(one.by for one in journal)[name]
    own = [idea for idea in store.read().ideas.values() if idea.category == name]
    return min(written, sum(_told(idea, name) for idea in own), operations)


def _told(idea: Idea, name: str) -> int:
    """How many changes an idea tells of, from the one that added it on."""
    first = int(idea.title.removeprefix(f"{name} "))
    hours = idea.estimates[name].hours if name in idea.estimates else None
    return sum(
        (
            1,
            idea.tags == (f"{name} {first + 1}",),
            hours == first + 2,
            idea.spent_hours == first + 3,
            idea.place == "parked",
        )
    )

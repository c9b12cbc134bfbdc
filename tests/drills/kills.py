"""Writers killed at random moments, in the middle of whatever they do."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.domain.operation import Operation
from planner.store import backlog, files
from planner.store.backlog import Backlog, Rows
from planner.store.documents import Documents
from planner.store.encoding import read
from planner.store.layout import Layout
from planner.store.seal import unseal
from planner.store.store import Store
from planner.store.undo import replay
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.drills.prepared import TOML, at_work, calm

PER_PROJECT = 250
"""Kills after which a new project begins, so that the history does not make every writer slow."""
IDEAS = 40
"""Ideas a project has at most, for the same reason."""
CHANGES = 3
"""Changes a writer makes at most before its last moments begin."""
LONGEST = 0.006
"""Seconds its last moments take at most: about two changes."""


def random_kills(times: int, folder: Path, seed: int) -> Figure:
    """Kill a writer so many times, and read everything back after each."""
    chance = random.Random(seed)
    held = acknowledged = 0
    faults: list[str] = []
    with calm():
        for first in range(0, times, PER_PROJECT):
            project = _Project(folder / f"{first:06}")
            for _ in range(min(PER_PROJECT, times - first)):
                try:
                    acknowledged += project.kill(chance)
                    held += 1
                except Exception as error:  # whatever it is, the drill counts it and goes on with another
                    faults.append(f"{type(error).__name__}: {error}")
                    project = _Project(folder / f"{first:06}-{len(faults)}")
    kept = f"{len(faults)} unreadable or lost, {acknowledged:,} changes acknowledged"
    note = "; ".join([kept, *faults[:1]])
    return Figure(what="store writer killed at a random moment", tried=times, held=held, note=note)


class _Project:
    """A project, and what is known of it for certain."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder)
        folder.mkdir()
        self.layout.toml.write_text(TOML)
        Store(self.layout).create()
        for number in range(5):
            at_work(self.layout).ideas.add(f"idea {number}", params=("lift=0.001",))
        for number in range(30):  # here too, so that a child need not load anything
            with contextlib.suppress(Mistake):
                _change(at_work(self.layout), random.Random(number))
        self.known = backlog.load(self.layout.backlog)[0]
        self.told = self.layout.journal.stat().st_size
        """Bytes of the journal that have been looked at."""

    def kill(self, chance: random.Random) -> int:
        """Let a writer work until it is killed; how many changes it had acknowledged, all still there."""
        seed, changes, after = chance.randrange(2**32), chance.randint(0, CHANGES), chance.uniform(0, LONGEST)
        said = _said_until_killed(lambda say: _write(self.layout, random.Random(seed), say), changes, after)
        acknowledged = sorted({int(number) for number in said})
        Store(self.layout).read()  # every fact can be made
        state = backlog.load(self.layout.backlog)[0]
        if acknowledged and state.generation < acknowledged[-1]:
            raise AssertionError(
                f"change {acknowledged[-1]} was acknowledged, and {state.generation} is there"
            )
        self._follows(state)
        return len(acknowledged)

    def _follows(self, state: Backlog) -> None:
        """Whether what is there is what was known, with every change since on top, none left out."""
        with Store(self.layout).transaction("look", by="ana"):
            pass  # a writer that changes nothing brings the journal up to date
        operations = self._operations()
        expected = [*range(self.known.generation + 1, state.generation + 1)]
        if [one.seq for one in operations] != expected:
            raise AssertionError(f"the journal has {[one.seq for one in operations]} and not {expected}")
        if state.tables != _replayed(self.known.tables, operations):
            raise AssertionError(f"generation {state.generation} is not what its changes lead to")
        if files.temporaries(self.layout.home) or files.temporaries(self.layout.backups):
            raise AssertionError("something unfinished lies about")
        self.known = state

    def _operations(self) -> list[Operation]:
        data = files.read(self.layout.journal, self.told)
        self.told += len(data)
        return [read(Operation, unseal(line)) for line in data.splitlines()]


def _replayed(tables: Rows, operations: Sequence[Operation]) -> Rows:
    documents = Documents(tables)
    for operation in operations:
        replay(documents, operation)
    return documents.settle()


def _write(layout: Layout, chance: random.Random, say: Callable[[int], None]) -> None:
    """Change something at random, again and again, and say the number of each change when it is safe."""
    work = at_work(layout)
    while True:
        with contextlib.suppress(Mistake):  # such as that nothing is left to undo
            _change(work, chance)
        say(work.project.store.read().generation)


def _change(work: Workspace, chance: random.Random) -> None:
    ideas = work.project.store.read().ideas
    one = chance.choice(list(ideas.values()))
    kind = chance.randrange(8)
    if kind == 0 and len(ideas) < IDEAS:
        work.ideas.add(f"idea {chance.random()}", hypothesis="why " * chance.randrange(500))
    elif kind == 1:
        work.ideas.estimate(
            one.id, hours="2h", impact=str(chance.randrange(1, 5)), by=f"p{chance.randrange(9)}"
        )
    elif kind == 2:
        (work.ideas.restore if one.place == "parked" else work.ideas.park)(one.id)
    elif kind == 3:
        work.undo(chance.randint(1, 2))
    elif kind == 4 and work.undo():
        work.redo()
    elif kind == 5:
        work.review(write=True)
    else:
        work.ideas.edit(one.id, title=f"idea {chance.random()}", tags=(f"t{chance.randrange(9)}",))


def _said_until_killed(
    write: Callable[[Callable[[int], None]], None], changes: int, after: float
) -> list[bytes]:
    """What a child says, a line each, until it is killed some seconds after so many changes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, b"begun\n")
            write(lambda number: os.write(writing, b"%d\n" % number))
        finally:
            os._exit(1)
    os.close(writing)
    said = b""
    while said.count(b"\n") <= changes and (more := os.read(reading, 100)):
        said += more
    time.sleep(after)  # the moment of death is what is varied here
    os.kill(child, signal.SIGKILL)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        raise AssertionError("the writer ended before it was killed")
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return said.splitlines()[1:]

"""A disk that takes so many bytes and no more, at every 512 bytes of a write."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

from planner.domain.mistake import Failed
from planner.store.door import Door
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.workspace import Workspace
from tests.drills.doors import through
from tests.drills.facts import Answer, Decided, decided
from tests.drills.figure import Figure
from tests.drills.prepared import at_work

BLOCK = 512
"""Bytes."""

IDEAS = 300
"""Ideas of the project that is written, which make 250 kB."""


class Room(Door):
    """Takes so many bytes in all; as a real disk does, a part of what is written and then nothing."""

    def __init__(self, room: int) -> None:
        self.left = room
        """Bytes that still fit."""

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:
        """Write what fits; OSError when nothing does."""
        if not self.left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        done = super().write(descriptor, data[: self.left], path)
        self.left -= done
        return done

    def sync(self, descriptor: int, path: Path) -> None:
        """At once: what counts here is room."""


def large_project(folder: Path) -> Layout:
    """A project with a few hundred ideas."""
    layout = Layout(folder)
    folder.mkdir()
    layout.toml.write_text('[goal]\nmetric = "val_accuracy"\n')
    Store(layout).create()
    rows = "\n".join(f"idea {number},2h,30%,{'because ' * 40}" for number in range(IDEAS))
    (folder / "ideas.csv").write_text(f"title,hours,likelihood,hypothesis\n{rows}\n")
    at_work(layout).import_ideas(folder / "ideas.csv")
    return layout


def full_disk(folder: Path, block: int = BLOCK) -> Figure:
    """Let a change run out of room at every block of what it writes, until there is enough."""
    layout = large_project(folder / "project")
    before, whole, held = decided(layout), layout.backlog.read_bytes(), 0
    work = at_work(layout)
    for tried in count(1):
        if _with_room((tried - 1) * block, work):
            held += _kept(before, decided(layout))
            break
        held += layout.backlog.read_bytes() == whole and not list(layout.home.glob(".*.part"))
    return Figure(
        what=f"disk full at every {block} bytes of a write",
        tried=tried,
        held=held,
        note=f"a backlog of {tried * block // 1000} kB; nothing lost, a sentence each",
    )


def _with_room(room: int, work: Workspace) -> bool:
    """Whether a change succeeds where so many bytes fit; anything but a sentence ends the drill."""
    with through(Room(room)):
        try:
            work.ideas.park(7)
        except Failed as refusal:
            if "is full, nothing was changed; make room and try again" in str(refusal):
                return False
            raise
    return True


def _kept(before: Answer, now: Answer) -> bool:
    """Whether the change is there and nothing else is: what has no room in the journal is in the backlog."""
    assert isinstance(before, Decided)
    assert isinstance(now, Decided)
    moved = {number for number, idea in now.ledger.ideas.items() if before.ledger.ideas[number] != idea}
    return moved == {7} and now.ledger.ideas[7].place == "parked"


def in_a_child(work: Callable[[], object], prepare: Callable[[], object] = lambda: None) -> bool:
    """Whether a child process does the work after it has prepared itself; its own files stay as they are."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            prepare()
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

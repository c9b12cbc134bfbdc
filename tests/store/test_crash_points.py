"""Every file call of every operation, killed before it and half-way: the old state or the new one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from planner.store import files
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.corrections import Corrections
from planner.workspace.ideas import IdeaVerbs
from planner.workspace.queue import QueueVerbs
from tests.drills.crash_points import crash_points
from tests.drills.figure import Figure
from tests.drills.operations import EVERY, by_name
from tests.drills.refusals import refusals
from tests.store.conftest import titles

LOOKS = {"top", "ready", "confirmable", "codeless", "has_merged"}
"""Verbs that change nothing."""


def test_whoever_is_killed_at_any_file_call_leaves_the_old_state_or_the_new(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(crash_points(memory))


def test_whatever_the_disk_refuses_leaves_the_old_state_and_a_sentence(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(refusals(memory))


def test_every_verb_that_changes_something_is_among_the_operations() -> None:
    verbs = {
        name
        for room in (IdeaVerbs, QueueVerbs, Corrections)
        for name, _ in inspect.getmembers(room, inspect.isfunction)
        if not name.startswith("_")
    }
    tried = {word for one in EVERY for word in re.findall(r"\w+", one.name)}
    assert verbs - LOOKS <= tried


def test_the_drills_see_a_store_that_writes_over_its_own_file(memory: Path) -> None:
    def in_place(path: Path, data: bytes, ready: Callable[[], None] | None = None, mode: int = 0o600) -> None:
        if ready is not None:
            ready()
        path.unlink(missing_ok=True)
        files.write_new(path, data, mode)

    with patch.object(files, "write_whole", in_place):
        for drill in (crash_points, refusals):
            (memory / drill.__name__).mkdir()
            figure = drill(memory / drill.__name__, [by_name("park")])
            assert 0 < figure.held < figure.tried


def check_in_order(layout: Layout, expected: list[str]) -> None:
    """The state is as expected, the journal leads to it unbroken, and nothing unfinished lies about."""
    store = Store(layout)
    assert titles(store) == expected
    operations = store.operations()
    assert [operation.base for operation in operations] == [operation.seq - 1 for operation in operations]
    assert operations[-1].seq == store.read().generation
    assert files.temporaries(layout.home) == files.temporaries(layout.backups) == []

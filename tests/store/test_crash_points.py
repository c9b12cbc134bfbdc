"""Every file call of every store operation, killed before it and half-way: old state or new state."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.store import backups, files
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from tests.store.conftest import add, noon, titles
from tests.store.dying import KILLED, run_and_die


def prepared(folder: Path) -> Layout:
    """A project with some history, and so many backups that the next write lets one go."""
    layout = Layout(folder)
    folder.mkdir()
    store = Store(layout, now=noon)
    store.create()
    for _ in range(backups.KEPT):
        with store.transaction("pause", by="ana", undoable=False) as tables:
            tables.set_paused(None if store.read().paused else "lunch")
    for title in ("a", "b", "c"):
        add(store, title)
    store.undo(by="ana")
    return layout


OPERATIONS: dict[str, tuple[Callable[[Store], object], list[str]]] = {
    "capture": (lambda store: add(store, "d"), ["a", "b", "d"]),
    "undo": (lambda store: store.undo(by="ana"), ["a"]),
    "redo": (lambda store: store.redo(by="ana"), ["a", "b", "c"]),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_writer_killed_at_any_file_call_leaves_the_old_state_or_the_new(
    operation: str, tmp_path: Path
) -> None:
    work, new = OPERATIONS[operation]
    before = prepared(tmp_path / "before")
    at, code = 0, KILLED
    while code == KILLED:
        at += 1
        layout = Layout(tmp_path / f"at-{at}")
        shutil.copytree(before.project, layout.project)
        store = Store(layout, now=noon)
        code = run_and_die(lambda store=store: work(store), at)  # type: ignore[misc]  # bound in this turn
        found = titles(Store(layout))
        assert found in ([["a", "b"], new] if code == KILLED else [new])
        add(Store(layout, now=noon), "after")
        check_in_order(layout, [*found, "after"])
    assert code == 0
    assert at > 14


def test_a_project_killed_while_it_is_made_can_be_made_again(tmp_path: Path) -> None:
    at, code = 0, KILLED
    while code == KILLED:
        at += 1
        layout = Layout(tmp_path / f"at-{at}")
        layout.project.mkdir()
        code = run_and_die(Store(layout).create, at)
        if not layout.backlog.exists():
            Store(layout).create()
        add(Store(layout, now=noon), "a")
        check_in_order(layout, ["a"])
    assert code == 0


def test_a_restore_killed_at_any_file_call_can_be_asked_for_again(tmp_path: Path) -> None:
    before = prepared(tmp_path / "before")
    before.backlog.write_bytes(b"{")
    at, code = 0, KILLED
    while code == KILLED:
        at += 1
        layout = Layout(tmp_path / f"at-{at}")
        shutil.copytree(before.project, layout.project)
        code = run_and_die(lambda layout=layout: restore_newest_backup(layout, by="ana"), at)  # type: ignore[misc]  # bound in this turn
        if layout.backlog.read_bytes() == b"{":
            restore_newest_backup(layout, by="ana")
        add(Store(layout, now=noon), "after")
        check_in_order(layout, ["a", "b", "after"])
        assert Store(layout).undo(2, by="ana") == ["add 'after'", "add 'b'"]
    assert code == 0


def check_in_order(layout: Layout, expected: list[str]) -> None:
    """The state is as expected, the journal leads to it unbroken, and nothing unfinished lies about."""
    store = Store(layout)
    assert titles(store) == expected
    operations = store.operations()
    assert [operation.base for operation in operations] == [operation.seq - 1 for operation in operations]
    assert operations[-1].seq == store.read().generation
    assert files.temporaries(layout.home) == files.temporaries(layout.backups) == []

"""An older copy in the place of the backlog is known as such, and what it lacks comes back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from planner.domain.mistake import StoreNeedsAttention
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import add, noon, titles
from tests.store.damaged import restored


@pytest.mark.parametrize("older", [0, 1, 2])
def test_an_older_copy_in_the_place_of_the_backlog_is_refused_and_what_it_lacks_comes_back(
    older: int, store: Store, layout: Layout
) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    whole = store.read()
    shutil.copy(layout.backups / f"{older:09}.json", layout.backlog)
    for attempt in (store.read, Store(layout).read, lambda: add(store, "d"), lambda: store.undo(by="ana")):
        with pytest.raises(
            StoreNeedsAttention, match=rf"ends with change {older}, .* go on to 3; `planner doc"
        ):
            attempt()
    assert "nothing is lost" in restored(layout)
    assert store.read() == replace(whole, generation=4)
    assert store.undo(by="ana") == ["add 'c'"]


def test_an_older_copy_comes_back_where_the_backups_are_gone_too(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    shutil.copy(layout.backups / "000000001.json", layout.backlog)
    shutil.rmtree(layout.backups)
    lines = layout.journal.read_bytes().splitlines(keepends=True)
    layout.journal.write_bytes(b"".join(lines[2:]))
    assert "nothing is lost" in restored(layout)
    assert titles(store) == ["a", "b", "c"]


def test_another_projects_journal_says_nothing_of_this_backlog(
    store: Store, layout: Layout, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Store(Layout(tmp_path / "other"), now=noon)
    other.create()
    for title in ("x", "y", "z"):
        add(other, title)
    add(store, "a")
    shutil.copy(other.journal.path, layout.journal)
    assert titles(Store(layout)) == ["a"]
    add(store, "b")
    assert titles(Store(layout)) == ["a", "b"]


@pytest.mark.parametrize("left", ["", "damaged\n"])
def test_an_older_copy_is_known_by_the_backups_alone(store: Store, layout: Layout, left: str) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    shutil.copy(layout.backups / "000000001.json", layout.backlog)
    layout.journal.write_text(left)
    with pytest.raises(StoreNeedsAttention, match=r"older copy: it ends with change 1, .* go on to 2; `plan"):
        Store(layout).read()
    assert "restored generation 2; whether something was changed after it nobody can tell" in restored(layout)
    assert titles(store) == ["a", "b"]


def test_the_newest_backup_in_the_place_of_the_backlog_is_known_by_a_journal_that_breaks_off(
    store: Store, layout: Layout
) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    shutil.copy(layout.backups / "000000002.json", layout.backlog)
    *before, last = layout.journal.read_bytes().splitlines(keepends=True)
    layout.journal.write_bytes(b"".join(before) + last.swapcase())
    with pytest.raises(StoreNeedsAttention, match=r"older copy: it ends with change 2, .* end is damaged"):
        Store(layout).read()
    assert "nobody can tell" in restored(layout)
    assert titles(store) == ["a", "b"]


def test_a_copy_without_its_journal_and_backups_goes_on_from_there(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    shutil.copy(layout.backups / "000000001.json", layout.backlog)
    layout.journal.unlink()
    shutil.rmtree(layout.backups)
    add(store, "d")
    assert titles(store) == ["a", "d"]
    layout.backlog.write_bytes(b"")
    assert "nothing is lost" in restored(layout)
    assert titles(store) == ["a", "d"]

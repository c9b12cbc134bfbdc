"""A backlog that is restored comes back whole, or it is said what is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.domain.mistake import NothingToDo, StoreNeedsAttention
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from tests.store.conftest import add, noon, titles
from tests.store.damaged import DAMAGE, restored


def test_a_backlog_that_is_fine_is_not_restored(store: Store, layout: Layout) -> None:
    add(store, "a")
    with pytest.raises(NothingToDo, match="is fine"):
        restore_newest_backup(layout, by="ana")


def test_without_a_journal_the_newest_good_backup_comes_back(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c", "d"):
        add(store, title)
    layout.journal.unlink()
    (layout.backups / "000000003.json").write_bytes(b"{")
    layout.backlog.write_bytes(b"")
    sentence = restore_newest_backup(layout, by="ana", now=noon)
    assert "generation 2, operations lost: 1 or more" in sentence
    assert titles(store) == ["a", "b"]


def test_without_backups_the_journal_alone_brings_everything_back(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    store.undo(by="ana")
    shutil.rmtree(layout.backups)
    layout.backlog.write_bytes(b"")
    assert "nothing is lost" in restore_newest_backup(layout, by="ana", now=noon)
    assert titles(store) == ["a", "b"]


def test_what_a_broken_journal_cannot_bring_back_is_said(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c", "d"):
        add(store, title)
    lines = layout.journal.read_bytes().splitlines(keepends=True)
    layout.journal.write_bytes(b"".join([*lines[:3], b"{damaged}\n", lines[4]]))
    for generation in (2, 3):
        (layout.backups / f"{generation:09}.json").unlink()
    layout.backlog.write_bytes(b"")
    assert "operations lost: 2" in restore_newest_backup(layout, by="ana", now=noon)
    assert titles(store) == ["a", "b"]
    assert add(store, "e").id == 3
    assert store.undo(by="ana") == ["add 'e'"]


def test_a_restored_backlog_that_is_damaged_at_once_comes_back_without_a_journal(
    store: Store, layout: Layout
) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    layout.backlog.write_bytes(b"")
    restored(layout)
    layout.backlog.write_bytes(b"")
    layout.journal.unlink()
    restored(layout)
    assert titles(store) == ["a", "b", "c"]


def test_what_a_lost_journal_cannot_vouch_for_is_said(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    layout.journal.write_bytes(b"")
    layout.backlog.write_bytes(b"")
    assert "generation 2; whether something was changed after it nobody can tell" in restored(layout)
    assert titles(store) == ["a", "b"]


IN_PLACE = {name: damage for name, damage in DAMAGE.items() if name != "gone"}


def test_a_backlog_that_went_before_anything_was_changed_is_made_again(store: Store, layout: Layout) -> None:
    layout.backlog.unlink()
    Store(layout).create()
    assert add(store, "a").id == 1


@pytest.mark.parametrize("damage", IN_PLACE.values(), ids=IN_PLACE.keys())
def test_a_backlog_damaged_before_anything_was_changed_comes_back(
    damage: Callable[[Path], object], store: Store, layout: Layout
) -> None:
    layout.backlog.write_bytes(layout.backlog.read_bytes() + b'"title":"b"')
    damage(layout.backlog)
    with pytest.raises(StoreNeedsAttention, match=r"backlog\.json.*planner doctor --restore"):
        store.read()
    assert "restored generation 0, nothing is lost" in restored(layout)
    assert add(store, "a").id == 1


@pytest.mark.parametrize("journal", [None, b"", b"{", b"{}\n", b"\n"])
def test_a_project_that_has_lost_everything_is_not_restored_as_an_empty_one(
    journal: bytes | None, store: Store, layout: Layout
) -> None:
    add(store, "a")
    layout.backlog.write_bytes(b"")
    layout.journal.unlink() if journal is None else layout.journal.write_bytes(journal)
    with pytest.raises(StoreNeedsAttention, match="holds no good backup"):
        restored(layout)
    layout.backlog.unlink()
    with pytest.raises(StoreNeedsAttention, match=r"backlog\.json is missing"):
        Store(layout).create()
    assert not layout.backlog.exists()


def test_a_fact_of_the_wrong_type_is_found_and_taken_out_again(store: Store, layout: Layout) -> None:
    idea = add(store, "a")
    with store.transaction("wrong", by="ana") as tables:
        tables.put(replace(idea, spent_hours="many"))  # type: ignore[arg-type]  # what a defect would write
    with pytest.raises(StoreNeedsAttention, match=r"in its table ideas: 1\.spent_hours"):
        Store(layout).read()
    restore_newest_backup(layout, by="ana", now=noon)
    assert store.read().ideas == {1: idea}

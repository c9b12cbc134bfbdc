"""Undo and redo, field by field, whoever has written in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.run import Run
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import NOON, add, noon, titles


def edit(store: Store, number: int, *, undoable: bool = True, **fields: Any) -> None:
    with store.transaction(f"edit {number}", by="bo", undoable=undoable) as tables:
        idea = tables.get(Idea, number)
        assert idea is not None
        tables.put(replace(idea, **fields))


def test_undo_and_redo_walk_back_and_forth(store: Store) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    assert store.undo(2, by="ana") == ["add 'c'", "add 'b'"]
    assert titles(store) == ["a"]
    assert store.redo(by="ana") == ["add 'b'"]
    assert titles(store) == ["a", "b"]
    assert store.redo(5, by="ana") == ["add 'c'"]
    assert titles(store) == ["a", "b", "c"]


def test_undo_works_after_a_restart(store: Store, layout: Layout) -> None:
    add(store, "a")
    edit(store, 1, title="b")
    assert Store(layout, now=noon).undo(by="ana") == ["edit 1"]
    assert titles(store) == ["a"]
    assert Store(layout, now=noon).redo(by="ana") == ["edit 1"]
    assert titles(store) == ["b"]


def test_there_may_be_nothing_to_undo_or_redo(store: Store) -> None:
    with pytest.raises(NothingToDo, match="nothing to undo"):
        store.undo(by="ana")
    with pytest.raises(NothingToDo, match="nothing to redo"):
        store.redo(by="ana")
    with pytest.raises(Mistake, match="give 1 or more"):
        store.undo(0, by="ana")


def test_a_new_operation_ends_redo_and_a_run_does_not(store: Store) -> None:
    add(store, "a")
    store.undo(by="ana")
    with store.transaction("queue", by="dispatcher", undoable=False) as tables:
        tables.put(
            Run(id="r1", idea=None, baseline=1, rung="tiny", seed=1, params={}, queued_at=NOON, order=0.0)
        )
    store.redo(by="ana")
    store.undo(by="ana")
    add(store, "b")
    with pytest.raises(NothingToDo):
        store.redo(by="ana")


def test_what_happened_is_passed_over(store: Store) -> None:
    add(store, "a")
    edit(store, 1, spent_hours=2.0)
    with store.transaction("settle", by="dispatcher", undoable=False) as tables:
        tables.set_paused("a run vanished")
    assert store.undo(by="ana") == ["edit 1"]
    assert store.read().ideas[1].spent_hours == 0.0
    assert store.read().paused == "a run vanished"


def test_fields_that_others_have_changed_since_survive_an_undo(store: Store) -> None:
    add(store, "a")
    edit(store, 1, title="b")
    edit(store, 1, undoable=False, spent_hours=3.0)
    store.undo(by="ana")
    assert (store.read().ideas[1].title, store.read().ideas[1].spent_hours) == ("a", 3.0)


def test_an_undo_that_was_overtaken_is_refused_and_names_the_idea(store: Store) -> None:
    add(store, "a")
    edit(store, 1, title="b")
    edit(store, 1, undoable=False, title="c")
    with pytest.raises(Mistake, match=r"cannot undo “edit 1”: idea 1 has been changed since"):
        store.undo(by="ana")
    with pytest.raises(Mistake):
        store.undo(2, by="ana")
    assert titles(store) == ["c"]


def test_a_capture_whose_idea_has_been_changed_since_is_not_undone(store: Store) -> None:
    add(store, "a")
    edit(store, 1, undoable=False, spent_hours=3.0)
    with pytest.raises(Mistake, match="idea 1"):
        store.undo(by="ana")


def test_a_redo_that_was_overtaken_is_refused(store: Store) -> None:
    add(store, "a")
    edit(store, 1, title="b")
    store.undo(by="ana")
    edit(store, 1, undoable=False, title="c")
    with pytest.raises(Mistake, match="cannot redo"):
        store.redo(by="ana")
    assert titles(store) == ["c"]


def test_a_removal_can_be_undone(store: Store) -> None:
    idea = add(store, "a")
    with store.transaction("remove", by="ana") as tables:
        tables.remove(Idea, 1)
    store.undo(by="ana")
    assert store.read().ideas == {1: idea}
    store.redo(by="ana")
    assert store.read().ideas == {}


def test_an_undo_takes_back_every_document_of_an_operation_or_none(store: Store) -> None:
    add(store, "a")
    add(store, "b")
    with store.transaction("swap", by="ana") as tables:
        for number, title in ((1, "b"), (2, "a")):
            idea = tables.get(Idea, number)
            assert idea is not None
            tables.put(replace(idea, title=title))
    edit(store, 1, undoable=False, title="c")
    with pytest.raises(Mistake):
        store.undo(by="ana")
    assert titles(store) == ["c", "a"]


def test_undoing_a_pause_leaves_the_numbers_alone(store: Store) -> None:
    with store.transaction("pause", by="ana") as tables:
        tables.set_paused("lunch")
    store.undo(by="ana")
    assert store.read().paused is None
    store.redo(by="ana")
    assert store.read().paused == "lunch"


def test_the_journal_tells_who_took_back_what(store: Store) -> None:
    add(store, "a")
    store.undo(by="bo")
    store.redo(by="bo")
    operations = store.operations()
    assert [operation.seq for operation in operations] == [1, 2, 3]
    assert [(operation.undoes, operation.redoes) for operation in operations] == [
        ((), ()),
        ((1,), ()),
        ((), (1,)),
    ]
    assert operations[1].by == "bo"
    assert operations[1].says == "undo: add 'a'"

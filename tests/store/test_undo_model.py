"""Any mixture of changes, undo, redo and restarts, against a plain model of what must be there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from planner.domain.idea import Idea
from planner.domain.mistake import NothingToDo
from planner.store.backlog import Damaged
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from tests.store.conftest import NOON, noon

State = dict[int, str]


class StoreMachine(RuleBasedStateMachine):
    """Every state before an undoable operation is kept, so that undo must lead back to exactly it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.layout = Layout(Path(self.folder.name))
        self.store = Store(self.layout, now=noon)
        self.store.create()
        self.now: State = {}
        self.past: list[State] = []
        self.future: list[State] = []
        self.given = 0

    def _happened(self, state: State) -> None:
        self.past.append(self.now)
        self.now = state
        self.future.clear()

    @rule(names=st.lists(st.text('ab\N{SNOWMAN}"\\\n', max_size=3), min_size=1, max_size=3))
    def capture(self, names: list[str]) -> None:
        state = dict(self.now)
        with self.store.transaction("capture", by="ana") as tables:
            for name in names:
                self.given += 1
                number = tables.next_id(Idea)
                assert number == self.given
                tables.put(Idea(id=number, title=name, created_at=NOON, created_by="ana"))
                state[number] = name
        self._happened(state)

    @rule(pick=st.integers(min_value=0), name=st.text(max_size=2))
    def rename(self, pick: int, name: str) -> None:
        if not self.now:
            return
        number = sorted(self.now)[pick % len(self.now)]
        with self.store.transaction("rename", by="ana") as tables:
            tables.put(Idea(id=number, title=name, created_at=NOON, created_by="ana"))
        if self.now[number] != name:
            self._happened({**self.now, number: name})

    @rule(pick=st.integers(min_value=0))
    def remove(self, pick: int) -> None:
        if not self.now:
            return
        number = sorted(self.now)[pick % len(self.now)]
        with self.store.transaction("remove", by="ana") as tables:
            tables.remove(Idea, number)
        self._happened({key: value for key, value in self.now.items() if key != number})

    @rule(reason=st.one_of(st.none(), st.just("lunch"), st.just("night")))
    def pause(self, reason: str | None) -> None:
        with self.store.transaction("pause", by="dispatcher", undoable=False) as tables:
            tables.set_paused(reason)

    @rule(n=st.integers(min_value=1, max_value=4))
    def undo(self, n: int) -> None:
        if not self.past:
            with pytest.raises(NothingToDo):
                self.store.undo(n, by="ana")
            return
        for _ in self.store.undo(n, by="ana"):
            self.future.append(self.now)
            self.now = self.past.pop()

    @rule(n=st.integers(min_value=1, max_value=4))
    def redo(self, n: int) -> None:
        if not self.future:
            with pytest.raises(NothingToDo):
                self.store.redo(n, by="ana")
            return
        for _ in self.store.redo(n, by="ana"):
            self.past.append(self.now)
            self.now = self.future.pop()

    @rule()
    def restart(self) -> None:
        self.store = Store(self.layout, now=noon)

    @rule(keep=st.integers(min_value=0, max_value=30))
    def damage_and_restore(self, keep: int) -> None:
        self.layout.backlog.write_bytes(self.layout.backlog.read_bytes()[:keep])
        with pytest.raises(Damaged):
            self.store.read()
        if self.given:
            restore_newest_backup(self.layout, by="ana", now=noon)
        else:
            self.folder.cleanup()
            self.begin()

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        if hasattr(self, "store"):
            assert {key: idea.title for key, idea in self.store.read().ideas.items()} == self.now

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)

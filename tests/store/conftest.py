"""A store in a folder of its own, at a time that stands still."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.domain.idea import Idea
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.released import FROZEN, copied

NOON = "2026-11-21T12:00:00.000Z"


def noon() -> str:
    return NOON


def add(store: Store, title: str, *, by: str = "ana") -> Idea:
    """Capture one idea in a transaction of its own."""
    with store.transaction(f"add {title!r}", by=by) as tables:
        return tables.put(Idea(id=tables.next_id(Idea), title=title, created_at=NOON, created_by=by))


def titles(store: Store) -> list[str]:
    return [idea.title for idea in store.read().ideas.values()]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


@pytest.fixture
def store(layout: Layout) -> Store:
    store = Store(layout, now=noon)
    store.create()
    return store


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, in memory where the system has a place there: what kills nothing need not wait."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as name:
        yield Path(name)


@pytest.fixture(params=FROZEN)
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Layout:
    """A project that a release left behind, one after the other."""
    return copied(request.param, tmp_path)

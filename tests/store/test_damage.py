"""A damaged backlog is named, never read as data, and never overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.store import backlog
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.seal import seal
from planner.store.store import Store
from tests.store.conftest import NOON, add, noon, titles
from tests.store.damaged import DAMAGE

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_backlog_is_named_left_alone_and_restored_whole(
    damage: Callable[[Path], object], store: Store, layout: Layout
) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    damage(layout.backlog)
    damaged = layout.backlog.read_bytes() if layout.backlog.exists() else None
    for attempt in (store.read, Store(layout).read, lambda: add(store, "d"), lambda: store.undo(by="ana")):
        with pytest.raises(StoreNeedsAttention, match=r"backlog\.json.*planner doctor --restore"):
            attempt()
    with pytest.raises(StoreNeedsAttention if damaged is None else Mistake):
        Store(layout).create()
    assert (layout.backlog.read_bytes() if layout.backlog.exists() else None) == damaged
    sentence = restore_newest_backup(layout, by="ana", now=noon)
    assert "nothing is lost" in sentence
    assert titles(store) == ["a", "b", "c"]
    kept = list(layout.backups.glob("damaged-*.json"))
    assert [path.read_bytes() for path in kept] == ([] if damaged is None else [damaged])
    assert add(store, "d").id == 4
    assert store.undo(2, by="ana") == ["add 'd'", "add 'c'"]


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_flipped_bit_is_refused_with_a_sentence(
    place: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    layout = Layout(tmp_path_factory.getbasetemp() / "flipped")
    if not layout.home.exists():
        layout.project.mkdir(exist_ok=True)
        Store(layout).create()
        add(Store(layout), "a")
        shutil.copy(layout.backlog, layout.project / "good.json")
    data = bytearray((layout.project / "good.json").read_bytes())
    data[place % len(data)] ^= 1 << bit
    layout.backlog.write_bytes(data)
    with pytest.raises(StoreNeedsAttention, match="planner doctor --restore"):
        Store(layout).read()


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bytes_that_are_no_backlog_are_refused(data: bytes) -> None:
    with pytest.raises(StoreNeedsAttention):
        backlog.parse(data, Path("backlog.json"))


@pytest.mark.parametrize(
    "rest",
    [
        b'"schema":1,"generation":1,"operation":null}',
        b'"schema":"1","generation":1,"operation":null,"tables":{}}',
        b'"schema":1,"generation":-1,"operation":null,"tables":{}}',
        b'"schema":1,"generation":1,"operation":3,"tables":{}}',
        b'"schema":1,"generation":1,"operation":null,"tables":[]}',
        b'"schema":1,"generation":1,"operation":null,"tables":{"ideas":[]}}',
        b'"schema":1,"generation":1,"operation":null,"tables":{"ideas":{"x":{}}}}',
        b'"schema":1,"generation":1,"operation":null,"tables":{"ideas":{"1":[]}}}',
        b'"schema":1,"generation":1,"operation":null,"tables":{"ideas":{"1":{"id":1}}}}',
        b'"schema":1,"generation":1,',
    ],
)
def test_a_sealed_file_of_another_shape_is_refused(rest: bytes, store: Store, layout: Layout) -> None:
    layout.backlog.write_bytes(seal(b"{" + rest))
    with pytest.raises(StoreNeedsAttention, match=r"backlog\.json"):
        store.read()


def test_a_newer_releases_backlog_can_be_read_and_not_changed(store: Store, layout: Layout) -> None:
    add(store, "a")
    state, _ = backlog.load(layout.backlog)
    layout.backlog.write_bytes(backlog.render(state._replace(schema=2)))
    before = layout.backlog.read_bytes()
    assert titles(store) == ["a"]
    assert "newer release" in (store.read_only or "")
    for attempt in (
        lambda: add(store, "b"),
        lambda: store.undo(by="ana"),
        lambda: restore_newest_backup(layout, by="ana"),
    ):
        with pytest.raises(StoreNeedsAttention, match="newer release"):
            attempt()
    assert layout.backlog.read_bytes() == before


def test_a_newer_releases_backlog_of_another_shape_is_left_alone(store: Store, layout: Layout) -> None:
    layout.backlog.write_bytes(seal(b'{"schema":7,"pages":[]}'))
    with pytest.raises(StoreNeedsAttention, match=r"newer release \(schema 7, this one knows 1\)"):
        store.read()


def test_the_file_of_the_first_release_loads_for_ever(tmp_path: Path) -> None:
    shutil.copytree(DATA / "schema-1", tmp_path / ".planner")
    store = Store(Layout(tmp_path))
    ledger = store.read()
    assert ledger.ideas[1].title == "label smoothing 0.1"
    assert ledger.ideas[1].estimates["ana"].likelihood == 0.25
    assert ledger.runs["r1-3fa9"].metrics == {"val_accuracy": 0.97}
    assert ledger.outcomes[0].evidence is not None
    assert ledger.calibration.usual["ana"].said == 3
    assert ledger.paused == "a run vanished"
    assert [operation.seq for operation in store.operations()] == [1, 2]
    assert store.undo(by="ana") == ["add 'mixup'"]


def test_the_table_of_an_idea_alone_is_read_in_full(store: Store) -> None:
    add(store, "a")
    with store.transaction("many", by="ana") as tables:
        for _ in range(300):
            tables.put(Idea(id=tables.next_id(Idea), title="x", created_at=NOON, created_by="ana"))
    assert list(store.read().ideas) == list(range(1, 302))

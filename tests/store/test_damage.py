"""A damaged backlog is named, never read as data, never overwritten, and comes back whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo, StoreNeedsAttention
from planner.store import backlog, backups
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.seal import seal
from planner.store.store import Store
from tests.store.conftest import NOON, add, noon, titles

DATA = Path(__file__).parent / "data"

DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(b"\xff\x00garbage"),
    "other JSON": lambda path: path.write_text('{"ideas": {}}'),
    "no object": lambda path: path.write_text("[]"),
    "changed by hand": lambda path: path.write_bytes(
        path.read_bytes().replace(b'"title":"b"', b'"title":"x"')
    ),
    "gone": lambda path: path.unlink(),
}


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


def restored(layout: Layout) -> str:
    return restore_newest_backup(layout, by="ana", now=noon)


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


def test_the_newest_twenty_states_are_kept(store: Store, layout: Layout) -> None:
    for number in range(backups.KEPT + 5):
        add(store, str(number))
    assert sorted(backups.numbered(layout.backups)) == list(range(5, backups.KEPT + 5))
    assert len(backups.good(layout.backups)) == backups.KEPT


def test_a_torn_last_line_of_the_journal_is_trimmed_by_the_next_writer(store: Store, layout: Layout) -> None:
    add(store, "a")
    whole = layout.journal.read_bytes()
    add(store, "b")
    line = layout.journal.read_bytes()[len(whole) :]
    for cut in range(len(line)):
        layout.journal.write_bytes(whole + line[:cut])
        assert [operation.seq for operation in store.operations()] == [1]
    for cut in range(0, len(line), 20):
        layout.journal.write_bytes(whole + line[:cut])
        with store.transaction("nothing", by="ana"):
            pass
        assert layout.journal.read_bytes() == whole + line


def test_a_damaged_line_of_the_journal_hides_no_other(store: Store, layout: Layout) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    lines = layout.journal.read_bytes().splitlines(keepends=True)
    layout.journal.write_bytes(b"".join([*lines[:2], lines[2][:20], b"\n", lines[3]]))
    assert [operation.seq for operation in store.operations()] == [1, 3]
    assert store.undo(5, by="ana") == ["add 'c'"]


def test_the_table_of_an_idea_alone_is_read_in_full(store: Store) -> None:
    add(store, "a")
    with store.transaction("many", by="ana") as tables:
        for _ in range(300):
            tables.put(Idea(id=tables.next_id(Idea), title="x", created_at=NOON, created_by="ana"))
    assert list(store.read().ideas) == list(range(1, 302))

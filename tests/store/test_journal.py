"""The journal and the backups: twenty states are kept, and a bad line hides no other."""

from __future__ import annotations

from planner.store import backups
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import add


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

"""Old revisions leave the backlog, and whoever asks for history finds each of them once."""

from __future__ import annotations

import errno
import os
import random
import shutil
import stat
from pathlib import Path

import pytest

from planner.domain.calibration import Calibration
from planner.domain.outcome import Revision
from planner.store import archive, files
from planner.store.check import check_store
from planner.store.door import Door
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from tests.drills.doors import Watched
from tests.drills.dying import KILLED, run_and_die
from tests.store.conftest import NOON, add, noon
from tests.store.test_full_disk import refusal


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST", 6)
    monkeypatch.setattr(archive, "KEPT", 3)


def learn(store: Store, count: int = 2, *, at: str = NOON, undoable: bool = True) -> None:
    """A calibration that moves the scores of ideas 1, 2 and so on."""
    with store.transaction("learn", by="ana", undoable=undoable) as tables:
        number = tables.calibration().number + 1
        tables.put_calibration(Calibration(number=number, at=at))
        for idea in range(1, count + 1):
            tables.put(
                Revision(
                    id=tables.next_id(Revision),
                    at=at,
                    idea=idea,
                    before=0.1,
                    after=0.2,
                    rank_before=2,
                    rank_after=1,
                    because=f'calibration {number} of "idea":{idea},',
                    calibration=number,
                )
            )
        tables.archive_revisions()


def stays(store: Store) -> list[int]:
    return [one.id for one in store.read().revisions]


def told(store: Store) -> list[int]:
    return [one.id for one in store.history()]


def lines(layout: Layout) -> int:
    return sum(path.read_bytes().count(b"\n") for path in layout.archive.glob("*.jsonl"))


def prepared(folder: Path) -> Layout:
    """A project whose next calibration archives, and which has archived before."""
    layout = Layout(folder)
    folder.mkdir()
    store = Store(layout, now=noon)
    store.create()
    for _ in range(5):
        learn(store)
    assert (stays(store), told(store)) == ([6, 7, 8, 9, 10], list(range(1, 11)))
    return layout


def test_the_oldest_leave_and_history_tells_all_in_order(store: Store, layout: Layout) -> None:
    for _ in range(3):
        learn(store)
    assert not layout.archive.exists()
    learn(store)
    assert stays(store) == [6, 7, 8]
    assert told(store) == list(range(1, 9))
    assert [one.id for one in Store(layout).history(ideas=[2])] == [2, 4, 6, 8]
    assert store.history(ideas=[1])[0].because == 'calibration 1 of "idea":1,'


def test_the_newest_calibration_stays_whole(store: Store) -> None:
    learn(store, 4)
    learn(store, 20)
    assert stays(store) == list(range(5, 25))
    learn(store, 20)
    assert stays(store) == list(range(25, 45))
    assert told(store) == list(range(1, 45))


def test_each_month_has_its_file_and_only_the_months_asked_for_are_opened(
    store: Store, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = ("2026-09", "2026-10", "2026-11")
    for month in months:
        for _ in range(3):
            learn(store, at=f"{month}-03T12:00:00.000Z")
    learn(store)
    assert sorted(path.name for path in layout.archive.iterdir()) == [f"{month}.jsonl" for month in months]
    opened: list[str] = []
    read = files.read

    def noticed(path: Path, offset: int = 0, limit: int | None = None) -> bytes:
        opened.append(path.name)
        return read(path, offset, limit)

    monkeypatch.setattr(files, "read", noticed)
    assert [one.id for one in store.history(since="2026-10-03T12:00:00.000Z")] == list(range(7, 21))
    assert opened == ["2026-10.jsonl", "2026-11.jsonl"]
    opened.clear()
    assert [one.id for one in store.history(since=NOON)] == [19, 20]
    assert opened == []


def test_nothing_but_history_touches_the_archive(
    store: Store, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        learn(store)

    def refuse(self: object, *_: object) -> None:
        raise AssertionError("the archive was opened")

    monkeypatch.setattr(archive, "Archive", refuse)
    assert add(Store(layout), "a").id == 1
    learn(store)
    assert stays(Store(layout)) == [6, 7, 8, 9, 10]


def test_the_journal_does_not_hold_what_left_again(store: Store) -> None:
    for _ in range(4):
        learn(store)
    tables = [(edit.table, edit.new is None) for edit in store.operations()[-1].changes]
    assert ("archive", False) in tables
    assert ("revisions", True) not in tables


def test_undo_brings_back_what_left_and_then_takes_away_what_it_made(store: Store, layout: Layout) -> None:
    for _ in range(4):
        learn(store)
    store.undo(by="ana")
    assert stays(store) == told(store) == [1, 2, 3, 4, 5, 6]
    store.undo(2, by="ana")
    assert stays(store) == told(store) == [1, 2]
    store.redo(3, by="ana")
    assert stays(store) == told(store) == list(range(1, 9))
    learn(store)
    assert (stays(store), told(store)) == ([8, 9, 10], list(range(1, 11)))
    store.undo(5, by="ana")
    assert stays(store) == told(store) == []
    learn(store, 9)
    learn(store, 1)
    assert (stays(store), told(store)) == ([18, 19, 20], list(range(11, 21)))
    assert lines(layout) == 5 + 7 + 7


def test_what_was_undone_does_not_come_back_when_later_ones_are_archived(store: Store) -> None:
    for _ in range(5):
        learn(store)
    store.undo(4, by="ana")
    for _ in range(4):
        learn(store)
    assert told(store) == [1, 2, *range(11, 19)]


def test_a_writer_killed_at_any_file_call_leaves_every_revision_to_be_told_once(tmp_path: Path) -> None:
    before = prepared(tmp_path / "before")
    old, new, at, code = list(range(1, 11)), list(range(1, 13)), 0, KILLED
    for at in range(1, 60):
        layout = Layout(tmp_path / f"at-{at}")
        shutil.copytree(before.project, layout.project)
        store = Store(layout, now=noon)
        code = run_and_die(lambda store=store: learn(store), at)  # type: ignore[misc]  # bound in this turn
        found = told(Store(layout))
        assert found in ([old, new] if code == KILLED else [new])
        learn(Store(layout, now=noon))
        assert told(Store(layout)) == [*found, len(found) + 1, len(found) + 2]
        assert "damaged" not in archive_finding(layout)
        if code != KILLED:
            break
    assert code == 0
    assert at > 20


def test_an_undo_killed_at_any_file_call_leaves_every_revision_to_be_told_once(tmp_path: Path) -> None:
    before = prepared(tmp_path / "before")
    learn(Store(before, now=noon))
    for at in range(1, 60):
        layout = Layout(tmp_path / f"at-{at}")
        shutil.copytree(before.project, layout.project)
        store = Store(layout, now=noon)
        code = run_and_die(lambda store=store: store.undo(by="ana"), at)  # type: ignore[misc]  # bound in this turn
        found = told(Store(layout))
        assert found in ([list(range(1, 13)), list(range(1, 11))] if code == KILLED else [list(range(1, 11))])
        learn(Store(layout, now=noon))
        assert told(Store(layout)) == [*found, 13, 14]
        if code != KILLED:
            break
    assert code == 0


def test_a_disk_that_fills_up_at_any_write_loses_no_revision(tmp_path: Path) -> None:
    before = prepared(tmp_path / "before")
    for at in range(1, 20):
        layout = Layout(tmp_path / f"at-{at}")
        shutil.copytree(before.project, layout.project)
        store = Store(layout, now=noon)
        count = 0

        def full(call: str, path: Path, at: int = at) -> None:
            nonlocal count
            count += call in {"write", "half", "mkdir"}
            if count >= at and call in {"write", "half", "mkdir"}:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

        files.door = Watched(full)
        sentence = refusal(lambda store=store: learn(store))  # type: ignore[misc]  # bound in this turn
        files.door = Door()
        refused = "is full, nothing was changed" in sentence
        assert refused == bool(sentence)
        found = told(store)
        assert found == list(range(1, 11 if refused else 13))
        learn(store)
        assert told(Store(layout)) == [*found, len(found) + 1, len(found) + 2]


@pytest.mark.parametrize("seed", range(5))
def test_history_is_what_was_done_and_not_undone(seed: int, store: Store, layout: Layout) -> None:
    chance = random.Random(seed)
    done: list[list[int]] = []
    undone: list[list[int]] = []
    number = 1
    for _ in range(60):
        choice = chance.random()
        if choice < 0.3 and done:
            store.undo(by="ana")
            undone.append(done.pop())
        elif choice < 0.45 and undone:
            store.redo(by="ana")
            done.append(undone.pop())
        else:
            count = chance.choice([0, 1, 3, 8])
            learn(store, count)
            done.append(list(range(number, number + count)))
            number += count
            undone.clear()
        store = Store(layout, now=noon)
        assert told(store) == [one for made in done for one in made]


def test_a_torn_line_is_passed_over_and_trimmed_by_the_next_writer(tmp_path: Path) -> None:
    layout = prepared(tmp_path / "project")
    month = layout.archive / "2026-11.jsonl"
    month.write_bytes(month.read_bytes() + b'{"sum":"0123')
    store = Store(layout, now=noon)
    assert told(store) == list(range(1, 11))
    learn(store)
    assert told(store) == list(range(1, 13))
    assert all(line.endswith(b"}") for line in month.read_bytes().splitlines())


def test_a_restored_backlog_finds_its_own_history(tmp_path: Path) -> None:
    layout = prepared(tmp_path / "project")
    store = Store(layout, now=noon)
    store.undo(3, by="ana")
    for _ in range(5):
        learn(store)
    expected, kept = told(store), stays(store)
    layout.backlog.write_bytes(b"{")
    restore_newest_backup(layout, by="ana", now=noon)
    assert (told(Store(layout)), stays(Store(layout))) == (expected, kept)
    for backup in layout.backups.glob("0*.json"):
        backup.unlink()
    layout.backlog.write_bytes(b"{")
    restore_newest_backup(layout, by="ana", now=noon)
    assert (told(Store(layout)), stays(Store(layout))) == (expected, kept)


def test_a_backlog_brought_back_from_an_earlier_backup_tells_nothing_twice(tmp_path: Path) -> None:
    layout = prepared(tmp_path / "project")
    shutil.copy(layout.backups / "000000003.json", layout.backlog)
    layout.journal.unlink()
    shutil.rmtree(layout.backups)  # what came after it is given up on purpose
    store = Store(layout, now=noon)
    assert told(store) == stays(store) == list(range(1, 7))
    learn(store)
    assert told(store) == list(range(1, 9))


def archive_finding(layout: Layout) -> str:
    finding = next(one for one in check_store(layout) if one.name == "archive")
    return f"{finding.state}: {finding.text}"


def test_the_doctor_counts_what_is_there_and_what_is_missing(tmp_path: Path) -> None:
    layout = prepared(tmp_path / "project")
    assert archive_finding(layout) == "ok: 5 older revisions"
    month = layout.archive / "2026-11.jsonl"
    month.write_bytes(month.read_bytes().replace(b"calibration 1 ", b"calibration 7 ", 1))
    assert archive_finding(layout).startswith("warning: 1 of 5 older revisions")
    assert told(Store(layout)) == list(range(2, 11))
    month.unlink()
    assert archive_finding(layout).startswith("warning: 5 of 5 older revisions")
    assert stays(Store(layout)) == [6, 7, 8, 9, 10]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_the_archive_is_the_owners_alone_under_any_umask(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        (tmp_path / "up").mkdir(0o700)
        (tmp_path / "up").chmod(0o700)
        layout = Layout(tmp_path / "up")
        store = Store(layout, now=noon)
        store.create()
        for _ in range(4):
            learn(store)
    finally:
        os.umask(before)
    assert stat.S_IMODE(layout.archive.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in layout.archive.iterdir()] == [0o600]

"""A disk that is full, or that only lets itself be read: nothing is lost, and a sentence says so."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planner.domain.mistake import Failed, Mistake, StoreNeedsAttention
from planner.store import files
from planner.store.config import load_settings
from planner.store.door import Door
from planner.store.layout import Layout
from planner.store.store import Store
from tests.drills.doors import Watched
from tests.drills.figure import Figure
from tests.drills.full_disk import full_disk, in_a_child, large_project
from tests.drills.prepared import at_work
from tests.store.conftest import add, noon, titles
from tests.store.test_crash_points import check_in_order


@pytest.fixture(autouse=True)
def nobody_observes() -> Iterator[None]:
    yield
    files.door = Door()


def refuse_from(at: int, number: int) -> None:
    """Let every call that needs room fail, from the `at`-th on."""
    count = 0

    def observe(call: str, path: Path) -> None:
        nonlocal count
        count += call in {"write", "half", "mkdir", "link", "fsync"}
        if count >= at and call in {"write", "half", "mkdir", "link"}:
            raise OSError(number, os.strerror(number), str(path))

    files.door = Watched(observe)


def test_a_disk_that_fills_up_at_every_512_bytes_loses_nothing(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(full_disk(memory))


@pytest.mark.parametrize("room", [0, 100, 512, 4096, 20_000, 200_000])
def test_a_file_that_may_really_not_grow_is_refused_with_a_sentence(room: int, memory: Path) -> None:
    layout = large_project(memory / "project")
    before = layout.backlog.read_bytes()

    def no_larger() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    assert in_a_child(lambda: refused(layout), no_larger)
    assert layout.backlog.read_bytes() == before
    assert files.temporaries(layout.home) == []
    assert at_work(layout).ideas.park(7).place == "parked"


def refused(layout: Layout) -> None:
    with pytest.raises(Failed, match="nothing was changed"):
        at_work(layout).ideas.park(7)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk of its own")
def test_a_small_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("this system lets nobody mount")
    try:
        store = Store(Layout(disk), now=noon)
        store.create()
        captured = until_full(store)
        assert len(captured) > 5
        assert titles(Store(store.layout)) == captured
        shutil.rmtree(store.layout.backups)
        add(store, "after")
        check_in_order(store.layout, [*captured, "after"])
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def until_full(store: Store) -> list[str]:
    """Capture ideas until the disk takes no more; their titles, of which each was acknowledged."""
    captured: list[str] = []
    while "is full, nothing was changed" not in (sentence := refusal(lambda: add(store, "x" * 500))):
        assert sentence == ""
        captured.append("x" * 500)
    return captured


def refusal(attempt: Callable[[], object]) -> str:
    """The sentence something is refused with; empty when it is not."""
    try:
        attempt()
    except Mistake as mistake:
        return str(mistake)
    return ""


def test_a_journal_out_of_room_is_caught_up_before_anything_else_is_written(
    store: Store, layout: Layout
) -> None:
    def no_room_for_the_journal(call: str, path: Path) -> None:
        if call == "half" and path == layout.journal:
            raise OSError(errno.ENOSPC, "No space left on device")

    files.door = Watched(no_room_for_the_journal)
    assert add(store, "a").id == 1
    with pytest.raises(Failed, match="is full"):
        add(store, "b")
    assert titles(store) == ["a"]
    files.door = Door()
    add(store, "b")
    check_in_order(layout, ["a", "b"])


def test_a_read_only_disk_is_read_and_not_written(store: Store, layout: Layout) -> None:
    add(store, "a")
    refuse_from(0, errno.EROFS)
    with pytest.raises(StoreNeedsAttention, match="the project can only be read"):
        add(Store(layout), "b")
    assert titles(Store(layout)) == ["a"]


def test_a_disk_that_fails_is_named(store: Store) -> None:
    refuse_from(0, errno.EIO)
    with pytest.raises(Failed, match="planner doctor"):
        add(store, "b")


def test_a_backup_is_copied_where_a_disk_has_no_links(store: Store, layout: Layout) -> None:
    def no_links(call: str, path: Path) -> None:
        if call == "link":
            raise OSError(errno.EPERM, "Operation not permitted", str(path))

    files.door = Watched(no_links)
    add(store, "a")
    add(store, "b")
    assert (layout.backups / "000000001.json").stat().st_nlink == 1
    check_in_order(layout, ["a", "b"])


def test_a_folder_of_somebody_else_can_be_read_and_not_written() -> None:
    """Really without the right to write, as another user where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layout = Layout(folder)
        Store(layout).create()
        add(Store(layout), "a")
        layout.toml.write_text('[goal]\nmetric = "val_accuracy"\n')
        (layout.backlog).chmod(0o444)
        (layout.lock).chmod(0o444)
        layout.home.chmod(0o555)
        folder.chmod(0o555)
        try:
            assert in_a_child(lambda: _only_reads(layout), without_rights)
        finally:
            folder.chmod(0o755)
            layout.home.chmod(0o755)


def without_rights() -> None:
    if os.geteuid() == 0:
        os.setuid(65534)


def _only_reads(layout: Layout) -> None:
    assert titles(Store(layout)) == ["a"]
    assert load_settings(layout).goal.metric == "val_accuracy"
    for attempt in (lambda: add(Store(layout), "b"), lambda: Store(layout).undo(by="ana")):
        assert "can only be read" in refusal(attempt)


def test_an_unreadable_backlog_is_named_and_not_taken_for_a_missing_one(
    store: Store, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *args: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreNeedsAttention, match=r"backlog\.json does not let you"):
        Store(layout).read()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_everything_is_the_owners_alone_under_any_umask(umask: int, layout: Layout) -> None:
    layout.toml.write_text('[goal]\nmetric = "val_accuracy"\n')
    modes: dict[Path, int] = {}

    def look(call: str, path: Path) -> None:
        if call in {"write", "half"}:
            modes[path] = path.stat().st_mode

    before = os.umask(umask)
    files.door = Watched(look)
    try:
        store = Store(layout, now=noon)
        store.create()
        load_settings(layout)
        add(store, "a")
        add(store, "b")
    finally:
        os.umask(before)
    found = [layout.home, *layout.home.rglob("*")]
    assert len(found) > 8
    for path in found:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path
    assert {stat.S_IMODE(mode) for mode in modes.values()} == {0o600}


def test_a_symbolic_link_in_the_place_of_the_lock_is_not_followed(
    store: Store, layout: Layout, tmp_path: Path
) -> None:
    layout.lock.unlink()
    layout.lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Mistake):
        add(store, "a")
    assert not (tmp_path / "elsewhere").exists()

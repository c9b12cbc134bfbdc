"""The store's lock: whose it is, what becomes of it when its holder dies, and when it is taken away."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planner import flock
from planner.domain.mistake import Failed, StoreNeedsAttention
from planner.gpu.lease import Leases
from planner.kernel import boot_id, pid_space
from planner.store import backlog as backlogs
from planner.store import holders
from planner.store.layout import Layout
from planner.store.lock import Busy, acquired, held
from planner.store.store import Store
from planner.workspace.standing import dispatcher_holds
from tests.drills.figure import Figure
from tests.drills.locks import GPU, killed_holders
from tests.executors.waiting import until
from tests.store.conftest import add, noon, titles
from tests.store.test_many_writers import HOLD


@pytest.fixture
def holder(layout: Layout, store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that holds the store's lock."""
    command = [sys.executable, "-c", HOLD, str(layout.lock)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_killed_holders_lock_is_taken_over_at_once(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(killed_holders(15, tmp_path, seed=1))


def test_a_holder_is_known_by_host_number_and_birth(layout: Layout, holder: subprocess.Popen[bytes]) -> None:
    signer = holders.signer(layout.lock)
    assert signer is not None
    assert (signer.pid, signer.host, signer.boot) == (holder.pid, os.uname().nodename, boot_id())
    assert signer.lives
    assert holders.processes(layout.lock) == (holder.pid,)
    assert str(holder.pid) in holders.named(holder.pid)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not signer.lives
    assert holders.processes(layout.lock) == ()


@pytest.mark.parametrize(
    ("identity", "lives", "may_live"),
    [
        ("{boot}/{pid}/1 in {space}", False, False),  # its number is somebody else's by now
        ("another/{pid}/{created} in {space}", False, False),  # from before the machine was started
        ("{boot}/{pid}/{created} in 1", False, True),  # in a container of this machine
        ("{boot}/{pid}/{created} in {space}", True, True),
    ],
)
def test_a_stranger_with_the_holders_number_is_not_the_holder(
    tmp_path: Path, identity: str, lives: bool, may_live: bool
) -> None:
    own = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    told = identity.format(boot=boot_id(), pid=os.getpid(), created=own, space=pid_space())
    lock = tmp_path / "lock"
    lock.write_text(f"process {os.getpid()} on somewhere since 2026-11-21T12:00:00.000Z ({told})")
    signer = holders.signer(lock)
    assert signer is not None
    assert (signer.lives, signer.may_live_here) == (lives, may_live)


def test_a_lock_that_nobody_signed_has_no_known_holder(tmp_path: Path) -> None:
    assert holders.signer(tmp_path / "none") is None
    (tmp_path / "lock").write_bytes(b"\xff\x00process 1 on")
    assert holders.signer(tmp_path / "lock") is None


def test_those_who_only_look_do_not_take_each_other_for_the_holder(layout: Layout, store: Store) -> None:
    layout.dispatcher_lock.touch(0o600)
    descriptor = os.open(layout.dispatcher_lock, os.O_RDONLY)
    assert flock.take(descriptor, shared=True)  # another who looks at this very moment
    assert not dispatcher_holds(layout)
    os.close(descriptor)


def test_whoever_waited_for_a_lock_that_was_taken_away_waits_for_the_new_one(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    inside = threading.Event()

    def wait() -> None:
        with held(layout.lock):
            inside.set()

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: _stands_in_queue(layout.lock))
    layout.lock.unlink()
    with held(layout.lock):  # the one who came after the unlocking
        holder.kill()  # lets go of the file that nobody finds any more
        holder.wait()
        assert not inside.wait(0.2)
    assert inside.wait(600)
    thread.join()


def _stands_in_queue(lock: Path) -> bool:
    """Whether somebody waits for a lock, as the kernel sees it."""
    waiting = [line for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
    return any(f":{lock.stat().st_ino} " in line for line in waiting)


def test_a_writer_whose_lock_was_taken_away_overwrites_nobody(store: Store, layout: Layout) -> None:
    def overtaken() -> None:
        with store.transaction("slow", by="ana") as tables:
            tables.set_paused("slow")
            layout.lock.unlink()
            add(Store(layout, now=noon), "quick")

    with pytest.raises(StoreNeedsAttention, match="lock was taken away"):
        overtaken()
    assert titles(store) == ["quick"]
    assert store.read().paused is None
    assert add(store, "afterwards").id == 2
    assert [operation.says for operation in store.operations()] == ["add 'quick'", "add 'afterwards'"]


def test_a_writer_whose_lock_was_taken_away_for_nothing_goes_through(store: Store, layout: Layout) -> None:
    with store.transaction("slow", by="ana") as tables:
        tables.set_paused("slow")
        layout.lock.unlink()
    assert store.read().paused == "slow"


def test_a_change_that_no_clock_and_no_size_shows_is_noticed(store: Store, layout: Layout) -> None:
    add(store, "one")
    before = layout.backlog.stat()
    state, _ = backlogs.load(layout.backlog)
    row = {**state.tables["ideas"]["1"], "title": "two"}
    changed = backlogs.render(state._replace(tables={**state.tables, "ideas": {"1": row}}))
    with layout.backlog.open("r+b") as file:
        file.write(changed)
    os.utime(layout.backlog, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = layout.backlog.stat()
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (
        before.st_mtime_ns,
        before.st_size,
        before.st_ino,
    )
    assert titles(store) == ["two"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_that_cannot_lock_is_named(
    store: Store, layout: Layout, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    add(store, "a")
    layout.dispatcher_lock.touch(0o600)

    def refuse(_descriptor: int, _kind: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("planner.flock.fcntl.flock", refuse)
    with pytest.raises(StoreNeedsAttention, match=r"cannot lock files .*local disk"):
        add(store, "b")
    assert titles(store) == ["a"]
    assert not dispatcher_holds(layout)
    with pytest.raises(Failed, match="can't hold leases"):
        Leases(layout.project / "leases").take(GPU)


def test_a_lock_is_let_go_however_waiting_for_it_ends(layout: Layout, store: Store) -> None:
    hold = acquired(layout.lock)
    with pytest.raises(Busy, match=f"process {os.getpid()} on"):
        acquired(layout.lock, patience=0.01)
    hold.release()
    acquired(layout.lock, patience=1).release()

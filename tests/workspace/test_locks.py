"""Who holds a project's locks, and when one may be taken away."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import flock
from planner.clock import utc_now
from planner.domain.finding import Finding
from planner.domain.mistake import Failed, NothingToDo
from planner.gpu.lease import Leases
from planner.store.filesystem import Mount
from planner.store.layout import Layout
from planner.workspace import locks
from planner.workspace.locks import examine_locks, unlock
from planner.workspace.workspace import Workspace
from tests.drills.locks import GPU
from tests.projects import Clock

HOLD = """
import signal, sys
from pathlib import Path
from planner.store.lock import acquired
kept = [acquired(Path(path)) for path in sys.argv[1:]]
print("held", flush=True)
signal.pause()
"""


def hold(*paths: Path) -> subprocess.Popen[bytes]:
    """A process that holds locks until it is ended."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, *map(str, paths)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.fixture(autouse=True)
def own_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))


@pytest.fixture
def layout(work: Workspace) -> Layout:
    return work.layout


@pytest.fixture
def holder(layout: Layout) -> Iterator[subprocess.Popen[bytes]]:
    process = hold(layout.lock, layout.dispatcher_lock)
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def elsewhere(
    layout: Layout, holder: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> subprocess.Popen[bytes]:
    """The locks as another machine's process leaves them on a file system that both see."""
    for path in (layout.lock, layout.dispatcher_lock):
        path.write_text("process 77 on far.example since 2026-11-16T08:00:00.000Z (boot/77/5 in 4)")
    monkeypatch.setattr("planner.store.holders.processes", lambda _path: ())
    monkeypatch.setattr(locks, "mount_of", lambda _folder: Mount("/", "nfs4"))
    return holder


def found(layout: Layout) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine_locks(layout, Clock())}


def test_free_locks_are_fine_and_there_is_nothing_to_take_away(layout: Layout) -> None:
    assert {finding.state for finding in examine_locks(layout, utc_now)} == {"ok"}
    assert found(layout)["store lock"].text == "free"
    with pytest.raises(NothingToDo, match="no lock"):
        unlock(layout, utc_now)


def test_a_live_holder_of_this_machine_is_named_and_keeps_its_locks(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    findings = {finding.name: finding for finding in examine_locks(layout, utc_now)}
    for name in ("store lock", "dispatcher lock"):
        assert findings[name].state == "ok"
        assert f"held by process {holder.pid} (" in findings[name].text
    with pytest.raises(Failed, match=rf"process {holder.pid} .* alive: `kill -9 {holder.pid}`"):
        unlock(layout, utc_now)
    assert flock.taken(layout.lock)


def test_a_holder_that_never_lets_go_is_a_problem_and_ending_it_mends_that(
    layout: Layout, holder: subprocess.Popen[bytes]
) -> None:
    later = Clock()
    later.advance(days=400)
    finding = next(one for one in examine_locks(layout, later) if one.name == "store lock")
    assert (finding.state, finding.command) == ("problem", f"kill -9 {holder.pid}")
    subprocess.run(finding.command.split(), check=True)
    holder.wait()
    assert found(layout)["store lock"].text == "free"


def test_a_lock_of_another_machine_is_shown_with_how_long_and_taken_away(
    layout: Layout, elsewhere: subprocess.Popen[bytes], work: Workspace
) -> None:
    findings = found(layout)
    assert findings["store lock"].state == "problem"
    assert "process 77 on far.example for 1h 00m" in findings["store lock"].text
    assert findings["dispatcher lock"].state == "warning"
    assert {findings[name].command for name in findings} == {"planner doctor --unlock"}
    done = unlock(layout, Clock())
    assert [one.partition(" away from ")[0] for one in done] == [
        "took the store lock",
        "took the dispatcher lock",
    ]
    assert found(layout)["store lock"].text == "free"
    assert work.ideas.add("written again").id == 1
    with pytest.raises(NothingToDo):
        unlock(layout, Clock())


def test_on_a_disk_of_this_machine_nobody_elses_lock_is_taken_away(
    layout: Layout, elsewhere: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "mount_of", lambda _folder: Mount("/", "ext4"))
    finding = found(layout)["store lock"]
    assert (finding.state, finding.command) == ("problem", None)
    with pytest.raises(Failed, match="can't be seen from here"):
        unlock(layout, Clock())
    assert flock.taken(layout.lock)


def test_on_a_network_file_system_a_live_process_of_this_machine_keeps_its_lock(
    layout: Layout, holder: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.holders.processes", lambda _path: ())  # of another user
    monkeypatch.setattr(locks, "mount_of", lambda _folder: Mount("/", "nfs4"))
    with pytest.raises(Failed, match=f"process {holder.pid} on {os.uname().nodename}"):
        unlock(layout, utc_now)


def test_a_gpu_lease_is_shown_with_its_holder(layout: Layout) -> None:
    leases = Leases()
    assert leases.take(GPU)
    assert f"{GPU} is held by process {os.getpid()} (" in found(layout)["GPU lease"].text
    leases.release(GPU)
    assert "GPU lease" not in found(layout)


def test_a_file_system_without_locks_is_a_problem(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    layout.lock.touch(0o600)

    def refuse(_descriptor: int, _kind: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("planner.flock.fcntl.flock", refuse)
    finding = found(layout)["locks"]
    assert finding.state == "problem"
    assert "cannot lock files" in finding.text

"""Leases: one run a GPU, across every process of a user."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from planner.domain.mistake import Failed
from planner.gpu.lease import Leases
from tests.gpu.waiting import until

UUID = "GPU-5fe9a1c2-0000-4000-8000-000000000000"
HOLDS = """
import sys
import threading
from pathlib import Path
from planner.gpu.lease import Leases
leases = Leases(Path(sys.argv[1]))
print(leases.take(sys.argv[2]), flush=True)
input()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run" / "planner"


def test_a_gpu_is_leased_once(folder: Path) -> None:
    here, there = Leases(folder), Leases(folder)
    assert here.take(UUID)
    assert not there.take(UUID)
    assert not here.take(UUID)
    assert there.held_by_anyone() == here.held_by_anyone() == {UUID}


def test_a_lease_given_back_can_be_taken_by_another(folder: Path) -> None:
    here, there = Leases(folder), Leases(folder)
    here.take(UUID)
    here.release(UUID)
    assert there.held_by_anyone() == set()
    assert there.take(UUID)


def test_giving_back_what_is_not_held_is_no_mistake(folder: Path) -> None:
    Leases(folder).release(UUID)


def test_a_lease_ends_with_the_process_that_holds_it(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder), UUID], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"True\n"
    here = Leases(folder)
    assert here.held_by_anyone() == {UUID}
    assert not here.take(UUID)
    holder.kill()
    holder.communicate()
    assert here.held_by_anyone() == set()
    assert here.take(UUID)


def test_a_child_does_not_keep_its_parent_s_lease(folder: Path) -> None:
    here = Leases(folder)
    here.take(UUID)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    here.release(UUID)
    assert Leases(folder).held_by_anyone() == set()
    child.communicate(b"\n")


def test_whoever_only_looks_keeps_nobody_from_taking(folder: Path) -> None:
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            Leases(folder).held_by_anyone()

    leases = Leases(folder)
    leases.take(UUID)
    leases.release(UUID)
    looking = threading.Thread(target=look)
    looking.start()
    try:
        until(lambda: leases.take(UUID))
    finally:
        done.set()
        looking.join()


def test_nothing_is_made_by_looking(folder: Path) -> None:
    assert Leases(folder).held_by_anyone() == set()
    assert not folder.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folder_and_files_are_private_under_any_umask(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        Leases(folder).take(UUID)
    finally:
        os.umask(before)
    (file,) = folder.iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, file)] == [0o700, 0o600]


def test_a_name_that_is_a_path_never_becomes_one(folder: Path) -> None:
    with pytest.raises(Failed, match="no UUID"):
        Leases(folder).take("../../GPU-1")


def test_a_folder_that_is_somebody_s_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "planner").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Failed, match="belongs to somebody else"):
        Leases(tmp_path / "planner").take(UUID)


def test_a_runtime_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="XDG_RUNTIME_DIR"):
        Leases(tmp_path / "file" / "planner").take(UUID)


def test_leases_lie_in_the_user_s_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    Leases().take(UUID)
    assert (tmp_path / "planner" / f"{UUID}.lease").exists()


def test_every_process_leases_in_the_same_folder_also_when_the_first_has_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    assert Leases().take(UUID)
    assert Leases().held_by_anyone() == {UUID}

"""A worker that the kernel ends for want of memory, in a memory group of its own where one can be made."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.domain.event import Ended
from tests.worker.making import prepare

LIMIT = 400 << 20
PLACES = (
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
    (Path("/sys/fs/cgroup"), "memory.max"),
)
"""Where the kernel keeps memory groups, older and newer, and the file with the limit of one."""
GREEDY = """
def recipe(params, run):
    run.log(1, val_accuracy=0.5)
    held = []
    while True:
        held.append(bytearray(b"x" * (32 << 20)))
"""
SCRIPT = """
held = []
while True:
    held.append(bytearray(b"x" * (32 << 20)))
"""
SUBMIT = """
import os, sys
from pathlib import Path
from planner.executors.inline import InlineExecutor
from planner.executors.death import death_cause
from planner.store.runfolder import RunFolder

Path(sys.argv[1], "cgroup.procs").write_text(str(os.getpid()))
folder = RunFolder(Path(sys.argv[2]))
job = InlineExecutor().submit(folder)
print(job.exit_code(), death_cause(job.exit_code(), folder))
"""


@pytest.fixture
def group() -> Iterator[Path]:
    """A group whose processes may have LIMIT bytes together."""
    name = f"planner-test-{os.getpid()}"
    for root, limit in PLACES:
        place = root / name
        with contextlib.suppress(OSError):
            place.mkdir()
            if (place / limit).exists():
                (place / limit).write_text(str(LIMIT))
                break
            place.rmdir()
    else:
        pytest.skip("no memory group can be made here: that takes root and a kernel that lets it")
    yield place
    place.rmdir()


def test_a_worker_that_the_kernel_ends_for_memory_is_told_from_any_other_kill(
    tmp_path: Path, group: Path
) -> None:
    folder = prepare(tmp_path, GREEDY, params={"batch_size": 128})
    done = subprocess.run(
        [sys.executable, "-c", SUBMIT, str(group), str(folder.path)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout.strip() == (
        "-9 out of memory on the host: killed by the kernel; a smaller batch_size than 128 may fit"
    ), done.stderr
    assert len(folder.read_events()[0]) == 2


def test_a_command_that_the_kernel_ends_for_memory_is_told_so_too(tmp_path: Path, group: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    folder = prepare(tmp_path, command=("python", str(script)), params={"batch_size": 128})
    command = [sys.executable, "-c", SUBMIT, str(group), str(folder.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    ended = folder.read_events()[0][-1]
    assert isinstance(ended, Ended), done.stderr
    assert (ended.status, ended.cause) == (
        "failed",
        "out of memory on the host: the kernel ended the command (SIGKILL); "
        "a smaller batch_size than 128 may fit",
    )

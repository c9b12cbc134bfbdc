"""A log of any size and content is told in little memory, without a control sign of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.domain.run import Run
from planner.store.layout import Layout
from planner.store.store import Store
from tests.projects import make_project

MOST = 80 << 10
"""Kilobytes of memory the command may have at its peak; without any log it has 40,000."""
SCRIPT = """
import sys
from planner.cli.main import main
status = main(sys.argv[1:])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak.split()[1], file=sys.stderr)
sys.exit(status)
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A project with a run that has ended."""
    layout = make_project(tmp_path_factory.mktemp("logs") / "project")
    run = Run(
        id="r1-abcd", idea=None, baseline=1, rung="full", seed=0, params={}, queued_at="2026-11-16T09:00:00Z",
        order=0.0, status="finished",
    )  # fmt: skip
    with Store(layout).transaction("a run", by="ana", undoable=False) as tables:
        tables.put(run)
    layout.runs.mkdir(exist_ok=True)
    layout.run(run.id).path.mkdir()
    return layout


def sparse(log: Path) -> None:
    with log.open("wb") as file:
        file.truncate(2 << 30)
        file.seek(2 << 30)
        file.write(b"\nthe last line\n")


def one_line(log: Path) -> None:
    log.write_bytes(b"x" * (100 << 20) + b"\n")


def progress(log: Path) -> None:
    log.write_bytes(
        b"".join(b"\r%d/1000000 [====>....] loss: 0.1" % step for step in range(1_000_000)) + b"\n"
    )


def binary(log: Path) -> None:
    log.write_bytes(b"\x1b]0;title\x07\x1b[2J\x9b31m" + os.urandom(8 << 20))


def lines(log: Path) -> None:
    log.write_bytes(b"a line\n" * (30 << 20 >> 3))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak")
@pytest.mark.parametrize("follow", [(), ("-f",)], ids=["end", "follow"])
@pytest.mark.parametrize("fill", [sparse, one_line, progress, binary, lines])
def test_the_end_of_any_log_takes_little_memory(
    ended: Layout, fill: Callable[[Path], None], follow: tuple[str, ...]
) -> None:
    log = ended.run("r1-abcd").log
    fill(log)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "-C", str(ended.project), "logs", "r1", *follow], capture_output=True
    )
    log.unlink()
    assert done.returncode == 0, done.stderr
    assert int(done.stderr.split()[-1]) < MOST
    told = done.stdout.decode("utf-8")
    assert len(told) < 200_000
    assert not [sign for sign in told if sign != "\n" and (sign < " " or "\x7f" <= sign < "\xa0")]

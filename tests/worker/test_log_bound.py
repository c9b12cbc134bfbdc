"""Logs that flood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.store.runfolder import RunFolder
from planner.worker import log_bound
from tests.worker.making import make


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("MOST", 10_000), ("HEAD", 1_000), ("TAIL", 4_000), ("LOOK", 0.01)):
        monkeypatch.setattr(log_bound, name, size)


def test_the_beginning_and_the_end_of_a_long_log_stay(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with folder.log.open("ab", buffering=0) as log:
        log.write(b"".join(b"line %d\n" % number for number in range(5_000)))
        log_bound.cut(folder)
        log.write(b"and on\n")
    text = folder.log.read_text()
    assert text.startswith("line 0\n")
    assert text.endswith("\nline 4999\nand on\n")
    assert "bytes of this log were left out here\nline 4" in text
    assert len(text) < 6_000


def test_a_log_of_the_usual_length_is_left_alone(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.log.write_bytes(b"x" * 10_000)
    log_bound.cut(folder)
    assert folder.log.stat().st_size == 10_000


def test_a_command_that_floods_its_log_leaves_a_short_one(tmp_path: Path) -> None:
    text = "yes | head -c 3000000; sleep 0.2; echo '{\"val_accuracy\": 0.5}'; echo done"
    run = make(tmp_path, command=("sh", "-c", text), logged=True)
    assert run.ended.metrics == {"val_accuracy": 0.5}
    assert run.folder.log.stat().st_size < 100_000
    assert run.folder.tail().endswith("done\n")


def test_a_worker_ends_whatever_threads_it_is_left_with() -> None:
    text = (
        "import threading; from planner.worker.__main__ import end_within; "
        "threading.Thread(target=threading.Event().wait, name='loader').start(); end_within(0.01, 7)"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    assert done.returncode == 7
    assert done.stdout == "planner: the process has not ended by itself; its threads: loader\n"

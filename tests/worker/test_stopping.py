"""A run that is asked to stop has stopped in time, whatever it is doing and without anybody's force."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from planner.domain.event import Ended
from planner.executors.local import LocalExecutor
from planner.executors.process import carries
from tests.worker.making import prepare

GRACE = 4.0
"""Seconds the runs of these tests have; 20 unless planner.toml says otherwise."""
PATIENCE = 60.0
READY = "open('ready', 'w').close()"

BUSY = {
    "importing": f"import time\n{READY}\ntime.sleep(600)",
    "loading": f"def recipe(params):\n  import time\n  {READY}\n  time.sleep(600)",
    "looping": f"def recipe(params, run):\n  {READY}\n  while True: pass",
    "deaf to all but itself": (
        f"def recipe(params, run):\n  import time\n  {READY}\n  while True:\n    try: time.sleep(600)\n"
        "    except Exception: pass"
    ),
    "reporting": (
        f"def recipe(params, run):\n  import time\n  for epoch in range(10**6):\n    time.sleep(0.01)\n"
        f"    run.log(epoch, val_accuracy=1)\n    {READY}"
    ),
    "waiting in a library": (
        "def recipe(params, run):\n  import ctypes\n  lock = (ctypes.c_char * 64)()\n"
        f"  take = ctypes.CDLL(None).pthread_mutex_lock\n  take(lock)\n  {READY}\n  take(lock)"
    ),
}
"""What a recipe may be at when it is asked."""
COMMAND = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"])
open("ready", "w").close()
time.sleep(600)
"""


def asked(where: Path, recipe: str, numbers: tuple[int, ...], **how: object) -> tuple[int | None, Ended]:
    """Start a run, ask it to stop when it is ready, and see how it has ended."""
    folder = prepare(where, recipe, grace=GRACE, **how)
    job = LocalExecutor().submit(folder)
    until(lambda: (where / "project/ready").exists())
    for number in numbers:
        os.kill(int(job.id.split("/")[1]), number)
    until(lambda: not job.alive())
    last = folder.read_events()[0][-1]
    assert isinstance(last, Ended), folder.tail()
    return job.exit_code(), last


def until(holds: object) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():  # type: ignore[operator]  # a function of no arguments
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.01)


@pytest.mark.parametrize("phase", BUSY)
def test_a_preempted_run_stops_by_itself(tmp_path: Path, phase: str) -> None:
    code, last = asked(tmp_path, BUSY[phase], (signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM, signal.SIGTERM))
    assert (code, last.status) == (143, "stopped")
    assert last.cause.startswith("stopped by SIGTERM ")
    assert last.seconds < PATIENCE


def test_an_interrupt_asks_for_the_same(tmp_path: Path) -> None:
    code, last = asked(tmp_path, BUSY["loading"], (signal.SIGINT,))
    assert (code, last.status) == (130, "stopped")
    assert last.cause == "stopped by SIGINT before the first epoch ended"


def test_a_command_that_does_not_listen_is_ended_with_all_it_started(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/train.py").write_text(COMMAND)
    code, last = asked(tmp_path, "", (signal.SIGTERM,), command=("python", "train.py"))
    assert (code, last.status) == (143, "stopped")
    mark = str(tmp_path / "runs/r1-test")
    assert not [pid for pid in psutil.pids() if carries(pid, mark)]

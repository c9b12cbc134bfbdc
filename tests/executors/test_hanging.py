"""Workers that hang: each is ended after its grace, with everything it has started."""

from __future__ import annotations

import os
import signal

import pytest

from planner.executors.local import LocalExecutor
from planner.executors.process import ProcessIdentity, identity_of
from planner.store.runfolder import RunFolder
from tests.executors.conftest import Prepare
from tests.executors.waiting import epochs, until

START = """
    import hashlib, signal, subprocess, sys, threading, time

    def recipe(params, run):
        forever = [sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"]
        away = subprocess.Popen(forever, start_new_session=True)
        run.log(1, val_accuracy=0.5, child=away.pid)
"""
WAYS = {
    "deaf": """
        while True:
            try:
                time.sleep(0.01)
            except BaseException:
                pass
    """,
    "in native code": "        hashlib.pbkdf2_hmac('sha256', b'', b'', 2**31 - 1)",
    "waiting for itself": """
        lock = threading.Lock()
        lock.acquire()
        while True:
            try:
                lock.acquire()
            except BaseException:
                pass
    """,
    "stopped": "        signal.pause()",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_hangs_is_ended_with_what_left_its_session(prepared: Prepare, way: str) -> None:
    folder = prepared(START + WAYS[way], grace=0.0)
    job = LocalExecutor().submit(folder)
    until(lambda: epochs(folder) == 1)
    away = _away(folder)
    if way == "stopped":
        os.kill(int((folder.read_claim() or {})["pid"]), signal.SIGSTOP)
    job.stop()  # politely first
    until(lambda: not job.alive() or job.stop())
    until(lambda: identity_of(away.pid) != away)
    # By force, or by the worker's own watcher where that comes first: without any grace both set out at once.
    assert job.exit_code() in (-signal.SIGKILL, 128 + signal.SIGTERM)


def test_a_stranger_beside_a_run_is_never_ended_with_it(prepared: Prepare) -> None:
    ours = prepared(
        "def recipe(params, run):\n        import signal; run.log(1, val_accuracy=0.5); signal.pause()"
    )
    other = prepared(
        "def recipe(params, run):\n        import signal; run.log(1, val_accuracy=0.5); signal.pause()"
    )
    jobs = [LocalExecutor().submit(folder) for folder in (ours, other)]
    until(lambda: epochs(ours) == epochs(other) == 1)
    os.kill(int((ours.read_claim() or {})["pid"]), signal.SIGKILL)
    until(lambda: not jobs[0].alive())
    assert jobs[1].alive()
    jobs[1].stop()
    until(lambda: not jobs[1].alive())


def _away(folder: RunFolder) -> ProcessIdentity:
    pid = int(next(event.metrics["child"] for event in folder.read_events()[0] if hasattr(event, "epoch")))
    identity = identity_of(pid)
    assert identity is not None
    return identity

"""A disk that fills up under a running worker: the training goes on and keeps what it has to say."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from planner.domain.event import Alert, Ended, Epoch
from planner.executors.local import LocalExecutor
from planner.store.door import Door
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from tests.drills.doors import through
from tests.worker.making import prepare

pytestmark = pytest.mark.keras
PATIENCE = 120.0
RECIPE = """
import os, sys
from pathlib import Path
import keras
import numpy as np
from planner import Trial

RUNS = Path(__file__).parent.parent / "runs"


class Fill(keras.callbacks.Callback):
    def on_train_end(self, logs=None):
        fill()
        (events,) = RUNS.glob("*/events.jsonl")
        Path("seen").write_text(str(events.read_bytes().count(b'"event":"epoch"')))

    def on_epoch_end(self, epoch, logs=None):
        if epoch:
            fill()
        print("p" * 100_000)
        print("e" * 100_000, file=sys.stderr)


def fill():
    with open(RUNS / "filler", "ab", buffering=0) as filler:
        size = 1 << 16
        while size:
            try:
                filler.write(bytes(size))
            except OSError:
                size //= 2
    open("full", "w").close()


def recipe(params):
    x, y = np.eye(3, dtype="float32").repeat(20, 0), np.arange(3).repeat(20)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return Trial(model, (x, y), (x, y), fit={"epochs": 40, "verbose": 2, "callbacks": [Fill()]})
"""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A place whose folder `runs` is a disk of 2 MiB."""
    runs = tmp_path / "runs"
    runs.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(runs)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be made here: that takes root")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(runs)], check=True)


def until(holds: object) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():  # type: ignore[operator]  # a function of no arguments
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.02)


def test_a_training_outlives_a_full_disk_with_all_its_metrics(small: Path) -> None:
    folder = prepare(small, RECIPE)
    job = LocalExecutor().submit(folder)
    worker = psutil.Process(int(job.id.split("/")[1]))
    until(lambda: (small / "project/full").exists() or not job.alive())
    # The sampler is collected after the checkpoint and the evaluation, and before the last word.
    until(lambda: not job.alive() or ((small / "project/seen").exists() and not worker.children()))
    (small / "runs/filler").unlink()
    until(lambda: not job.alive())
    assert int((small / "project/seen").read_text()) < 40, "the disk was not full"
    events, _ = folder.read_events()
    last = events[-1]
    assert isinstance(last, Ended)
    assert (job.exit_code(), last.status) == (0, "finished")
    assert [event.epoch for event in events if isinstance(event, Epoch)] == [*range(1, 41)]
    alerts = [event.text for event in events if isinstance(event, Alert)]
    assert any(text.startswith("the checkpoint could not be saved (") for text in alerts), alerts
    assert any(text.startswith("the evaluation failed (") for text in alerts), alerts
    assert not list(folder.path.glob(".*.part"))


class Narrow(Door):
    """A disk that takes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = super().write(descriptor, data[: self.room], path)
        self.room -= done
        return done


@pytest.mark.parametrize("room", range(0, 200, 7))
def test_a_log_opened_again_goes_on_with_its_own_half_line(tmp_path: Path, room: int) -> None:
    path = tmp_path / "events.jsonl"
    log, full = EventLog(path), Narrow(room)
    told = [Alert(at="2026-11-21T00:00:00Z", text=f"word {number}") for number in range(4)]
    with through(full), log:
        for event in told:
            log.write(event)
    with log:
        pass
    assert log.waiting == 0
    assert RunFolder(tmp_path).read_events()[0] == told

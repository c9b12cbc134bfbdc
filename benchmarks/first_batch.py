"""From the wish to the end of the first batch: a cold worker, one that stood by, and the bare trace."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil

from planner.domain.run import LIVE, Run
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.standing import dispatcher_holds, ensure_dispatcher

ROUNDS = 5
"""Runs of each kind."""
AIM = 1.0
"""Seconds that a standby's first batch may come later than that of the bare trace."""
PATIENCE = 300.0
"""Seconds after which a batch that does not come is a failure."""

RECIPE = '''
"""A convolutional network on random images; says when its first batch has ended."""

import time
from pathlib import Path

import keras
import numpy as np

from planner import Trial


class Tells(keras.callbacks.Callback):
    """Leaves the time of the first batch's end, of the clock that all processes share."""

    def __init__(self, place):
        super().__init__()
        self.place = Path(place)

    def on_train_batch_end(self, batch, logs=None):
        if batch == 0:
            part = self.place.with_suffix(".part")
            part.write_text(str(time.monotonic()))
            part.rename(self.place)


def images(params):
    chance = np.random.default_rng(0)
    x = chance.random((256, 32, 32, 3), np.float32)
    y = chance.integers(0, 10, 256)
    layers = [keras.Input((32, 32, 3)), keras.layers.Rescaling(2.0, -1.0)]
    for filters in (16, 32, 64):
        layers += [
            keras.layers.Conv2D(filters, 3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.MaxPooling2D(),
        ]
    layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dropout(0.2), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    fit = {"epochs": 1, "batch_size": 32, "verbose": 0, "callbacks": [Tells(params["place"])]}
    return Trial(model, (x, y), (x, y), fit=fit)
'''
TOML = """
[goal]
metric = "val_accuracy"

[recipe]
entry = "experiment:images"

[dispatch]
standby = {standby}
"""
BARE = """
import json, sys, time
from pathlib import Path
import keras
from experiment import images

def seconds():
    place = Path("bare.time")
    place.unlink(missing_ok=True)
    start = time.monotonic()
    trial = images({"place": str(place)})
    trial.model.fit(*trial.train, validation_data=trial.validation, **trial.fit)
    return float(place.read_text()) - start

print(json.dumps([seconds() for _ in range(int(sys.argv[1]))]))
"""


def main() -> None:
    """Print the three, and what the standby adds to the bare trace."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / "project"
        folder.mkdir()
        (folder / "experiment.py").write_text(RECIPE)
        layout = Layout(folder)
        layout.toml.write_text(TOML.format(standby="false"))
        Store(layout).create()
        first, *bare = _bare(folder)
        cold = [_cold(layout) for _ in range(ROUNDS)]
        layout.toml.write_text(TOML.format(standby="true"))
        _dispatched(layout)  # after this one somebody stands by
        warm = [_warm(layout) for _ in range(ROUNDS)]
        _let_go(layout)
    print(f"  cold: from the wish to the first batch    {_told(cold)}")
    print(f"  standby: the same                         {_told(warm)}")
    print(f"  bare, in a process that has just begun    {first:6.2f} s")
    print(f"  bare, in a process that has trained       {_told(bare)}")
    added = median(warm) - median(bare)
    print(f"  the standby adds to the bare trace        {added:+6.2f} s     (aim: at most {AIM:.0f})")
    print(f"  cold / standby                            {median(cold) / median(warm):6.1f}")


def _bare(folder: Path) -> list[float]:
    """Seconds from the call to the first batch's end, once as a process begins and then as it has trained."""
    command = [sys.executable, "-c", BARE, str(1 + ROUNDS)]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(command, cwd=folder, env=quiet, check=True, capture_output=True, text=True)
    seconds: list[float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _cold(layout: Layout) -> float:
    """Nobody stands by, and the dispatcher has left."""
    _until(lambda: not dispatcher_holds(layout))
    return _dispatched(layout)


def _warm(layout: Layout) -> float:
    """The dispatcher is there, and somebody has stood by for long enough to be ready."""
    _until(lambda: _stands_by(layout))
    return _dispatched(layout)


def _dispatched(layout: Layout) -> float:
    """Seconds from the wish, a run in the queue, to the end of its first batch."""
    number = 1 + len(Store(layout).read().runs)
    place = layout.project / f"first-batch-{number}"
    run = Run(
        id=f"r{number}-bench", idea=None, baseline=1, rung="full", seed=number, params={"place": str(place)},
        queued_at="2026-11-21T00:00:00.000Z", order=float(number),
    )  # fmt: skip
    start = time.monotonic()
    with Store(layout).transaction("a run", by="benchmark") as tables:
        tables.put(run)
    ensure_dispatcher(layout)
    _until(place.exists)
    _until(lambda: Store(layout).read().runs[run.id].status not in LIVE)
    return float(place.read_text()) - start


def _stands_by(layout: Layout) -> bool:
    """Whether a process that waits for this project's runs shows that it is ready."""
    return any("ready" in " ".join(child.cmdline()) for child in _children(layout))


def _children(layout: Layout) -> list[psutil.Process]:
    dispatcher = _dispatcher(layout)
    with contextlib.suppress(psutil.Error):
        return dispatcher.children() if dispatcher else []
    return []


def _dispatcher(layout: Layout) -> psutil.Process | None:
    words = ["-m", "planner.dispatcher", str(layout.project)]
    return next((one for one in psutil.Process().children() if one.cmdline()[1:] == words), None)


def _let_go(layout: Layout) -> None:
    if dispatcher := _dispatcher(layout):
        dispatcher.terminate()
    _until(lambda: not dispatcher_holds(layout))


def _until(holds: Callable[[], object]) -> None:
    start = time.monotonic()
    while not holds():
        if time.monotonic() - start > PATIENCE:
            raise TimeoutError(f"nothing came in {PATIENCE:.0f} s")
        time.sleep(0.05)


def _told(seconds: list[float]) -> str:
    return f"{median(seconds):6.2f} s     ({min(seconds):.2f} to {max(seconds):.2f})"

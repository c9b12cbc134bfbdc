"""Real Keras trainings broken off at random moments: what goes on from there against one without a break."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from planner.domain.event import Progress
from planner.rules.progress import fold
from planner.store.runfolder import RunFolder
from tests.drills.figure import Figure
from tests.worker.making import make, prepare

KINDS = ("dense", "plateau", "dataset", "convolutional", "schedule")
"""Trainings that depend on different things: see RECIPE."""
EPOCHS, STEPS = 8, 6
"""Of each training."""
NEAR = 1e-6
"""How far a metric may be from that of the training without a break."""
SPEC = {"rung": "small"}
"""Trained as on the last rung, which would only look at the model more closely afterwards."""
TRIP = "TRIP"
"""The environment variable that says at which step which signal comes."""

RECIPE = '''
import os
import signal

import keras
import numpy as np
from keras import layers

from planner import Trial

draw = np.random.default_rng(0)
X = draw.normal(size=(96, 8, 8, 1)).astype("float32")
Y = (X.mean((1, 2, 3)) > 0).astype("int32")


class Trip(keras.callbacks.Callback):
    """Sends this process the signal that the environment asks for, after the step that it names."""

    def on_train_batch_end(self, batch, logs=None):
        name, _, step = os.environ.get("TRIP", "").partition(":")
        if name and int(self.model.optimizer.iterations) == int(step):
            os.kill(os.getpid(), getattr(signal, name))

    def on_epoch_end(self, epoch, logs):
        logs["rate"] = float(self.model.optimizer.learning_rate)


def network(kind):
    if kind == "convolutional":
        augmented = [layers.RandomFlip(), layers.RandomTranslation(0.1, 0.1)]
        return [*augmented, layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Flatten()]
    return [layers.Flatten(), layers.Dense(16, "relu"), layers.Dropout(0.4)]


def optimizer(kind):
    if kind == "plateau":
        return keras.optimizers.SGD(0.1, momentum=0.9)
    rate = keras.optimizers.schedules.CosineDecay(0.05, 40) if kind == "schedule" else 0.01
    return keras.optimizers.Adam(rate)


def callbacks(kind):
    if kind == "plateau":
        yield keras.callbacks.ReduceLROnPlateau("loss", factor=0.7, patience=1, min_delta=0.2)
        yield keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
    if kind == "schedule":
        yield keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(odd=epoch % 2))
    yield Trip()


def recipe(params):
    kind = params["kind"]
    model = keras.Sequential([keras.Input((8, 8, 1)), *network(kind), layers.Dense(2, "softmax")])
    model.compile(optimizer(kind), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit = {"epochs": 8, "callbacks": list(callbacks(kind))}
    train = X, Y
    if kind == "dataset":
        import tensorflow as tf

        train = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(96).batch(16).prefetch(2)
    else:
        fit["batch_size"] = 16
    return Trial(model, train, (X[:32], Y[:32]), fit=fit)
'''

EAGER = """
import sys
from planner.worker import keeper
keeper.COPYING = keeper.WRITING = 0.0
from planner.worker.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""The worker, keeping the state of every epoch: these trainings end before it would be worth its while."""


def resumed_trainings(times: int, folder: Path, seed: int) -> Figure:
    """Break trainings off, by SIGKILL or politely in the middle of an epoch, and let another run go on."""
    draw, whole, faults = random.Random(seed), dict[str, Progress](), list[str]()
    (folder / "project").mkdir(parents=True, exist_ok=True)
    (folder / "project/experiment.py").write_text(RECIPE)
    for number in range(times):
        kind = KINDS[number % len(KINDS)]
        if kind not in whole:
            whole[kind] = _story(_made(folder, kind))
        # Each kind is killed once in as many rounds as there are kinds: a process with Keras takes its time.
        killed = (number + number // len(KINDS)) % len(KINDS) == 0
        step = draw.randrange(STEPS + 1, whole[kind].epoch * STEPS + 1)
        made = _in_a_process if killed else _made
        with tripping(f"{'SIGKILL' if killed else 'SIGTERM'}:{step}"):
            broken = made(folder, kind)
        ended = _story(broken).ended
        assert ended is None if killed else ended is not None and ended.status == "stopped", ended
        again = made(folder, kind, resume_from=broken.id)
        if not _same(whole[kind], _story(again), (step - 1) // STEPS):
            faults.append(f"{kind} {'killed' if killed else 'stopped'} after step {step}")
    return Figure(
        what="resumed trainings with the history of an uninterrupted one",
        tried=times,
        held=times - len(faults),
        note=f"every metric of every epoch within {NEAR:g}; "
        + (f"not: {faults}" if faults else ", ".join(KINDS)),
    )


def _same(whole: Progress, again: Progress, epoch: int) -> bool:
    """Whether it went on after that epoch, and every value of every epoch is what it is without a break."""
    if again.ended is None or again.ended.status != "finished":
        return False
    if again.resumed is None or again.resumed.epoch != epoch or whole.curves.keys() != again.curves.keys():
        return False
    return all(
        [epoch for epoch, _ in points] == [epoch for epoch, _ in again.curves[metric]]
        and all(
            abs(one - other) <= NEAR
            for (_, one), (_, other) in zip(points, again.curves[metric], strict=True)
        )
        for metric, points in whole.curves.items()
    )


def _story(run: RunFolder) -> Progress:
    return fold(Progress(), run.read_events()[0])


def _made(folder: Path, kind: str, **asked: object) -> RunFolder:
    """A run made in this process, where Keras is loaded already."""
    with eager():
        return make(folder, **SPEC, params={"kind": kind}, **asked).folder


def _in_a_process(folder: Path, kind: str, **asked: object) -> RunFolder:
    """A run made in a process of its own, which may be killed."""
    run = prepare(folder, **SPEC, params={"kind": kind}, **asked)
    done = subprocess.run([sys.executable, "-c", EAGER, str(run.path)], capture_output=True)
    assert done.returncode in (0, -9), done.stderr.decode()
    return run


@contextlib.contextmanager
def tripping(trip: str) -> Iterator[None]:
    """Let the recipe send itself a signal, such as `SIGTERM:17` after the 17th step."""
    os.environ[TRIP] = trip
    try:
        yield
    finally:
        del os.environ[TRIP]


@contextlib.contextmanager
def eager() -> Iterator[None]:
    """Keep the state of every epoch, in this process."""
    from planner.worker import keeper

    before = keeper.COPYING, keeper.WRITING
    keeper.COPYING = keeper.WRITING = 0.0
    try:
        yield
    finally:
        keeper.COPYING, keeper.WRITING = before

"""`python -m benchmarks.watched FOLDER ROUNDS`: seconds of trainings that are watched, and of bare ones.

All train one model of a million weights in one process, which has traced its graph before the first is timed.
Seconds of the training itself are told apart from what comes once a run, before and after it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np

from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.runfolder import EventLog, RunFolder
from planner.trial import Trial
from planner.worker.context import Context
from planner.worker.fit import fit
from planner.worker.report import Report
from planner.worker.sampling import sampled
from planner.worker.signals import Signals
from planner.worker.task import Task

EPOCHS = 3
"""Epochs of a block."""
EXAMPLES = 16_384
"""Examples of an epoch."""

Seconds = dict[str, float]
"""What a block took: `wall` and `cpu` of the training, the second of the process's processors; `once`."""
Block = Callable[[], Seconds]
"""Trains once."""


class _Clock(keras.callbacks.Callback):
    """Stands first among the callbacks, and times what lies between the first and the last of a training."""

    def on_train_begin(self, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        self.began = time.perf_counter(), time.process_time()

    def on_train_end(self, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        self.took = time.perf_counter() - self.began[0], time.process_time() - self.began[1]


class _Work:
    """One model with its data, and the ways to train it."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._made = 0
        chance = np.random.default_rng(0)
        self._x = chance.random((EXAMPLES, 256), np.float32)
        self._y = chance.integers(0, 10, EXAMPLES)
        self.model = keras.Sequential(
            [
                keras.Input((256,)),
                keras.layers.Dense(896, "relu"),
                keras.layers.Dense(832, "relu"),
                keras.layers.Dense(10),
            ]
        )
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile("adam", loss, metrics=["accuracy"])

    def bare(self) -> Seconds:
        """`fit` alone."""
        return self._trained([])

    def csv(self) -> Seconds:
        """Keras's own file of the curves."""
        return self._trained([keras.callbacks.CSVLogger(str(self._new("csv")))])

    def tensorboard(self) -> Seconds:
        """Keras's own callback as it comes."""
        return self._trained([keras.callbacks.TensorBoard(str(self._new("board")))])

    def mlflow(self) -> Seconds:
        """MLflow's own callback as it comes, into a folder."""
        import mlflow
        from mlflow.keras import MlflowCallback

        mlflow.set_tracking_uri(f"sqlite:///{self._scratch / 'mlflow.db'}")
        with mlflow.start_run():
            return self._trained([MlflowCallback()])

    def planner(self) -> Seconds:
        """All that a worker does around a training of the rung `full`, from its folder to its last epoch."""
        spec = Spec(
            format=SPEC_FORMAT, run=self._new("r").name, project=str(self._scratch), rung="full", seed=0,
            params={}, metric="val_accuracy", direction="max", entry="experiment:build",
        )  # fmt: skip
        folder = RunFolder.create(self._scratch, spec)
        clock, start = _Clock(), time.perf_counter()
        with EventLog(folder.events) as log:
            task = Task(spec, folder, Report(log), Signals())
            task.report.started()
            context = Context(task)
            context.begin()
            with task.signals.heard(), sampled(task):
                trial = Trial(
                    self.model, (self._x, self._y), (self._x[:512], self._y[:512]), fit=self._fit([clock])
                )
                context.trial(trial)
                fit(task, trial)
                context.end()
            task.report.ended("finished", "", task.report.metrics)
        return _seconds(clock, start)

    def _trained(self, callbacks: list[Any]) -> Seconds:
        clock, start = _Clock(), time.perf_counter()
        validation = self._x[:512], self._y[:512]
        self.model.fit(self._x, self._y, validation_data=validation, **self._fit([clock, *callbacks]))
        return _seconds(clock, start)

    def _fit(self, callbacks: list[Any]) -> dict[str, Any]:
        return {"epochs": EPOCHS, "batch_size": 64, "verbose": 0, "callbacks": callbacks}

    def _new(self, kind: str) -> Path:
        self._made += 1
        return self._scratch / f"{kind}{self._made}"


def _seconds(clock: _Clock, start: float) -> Seconds:
    return {"wall": clock.took[0], "cpu": clock.took[1], "once": time.perf_counter() - start - clock.took[0]}


def main(scratch: Path, rounds: int) -> None:
    """Train in turn, and leave the seconds in the folder."""
    work = _Work(scratch)
    kinds: dict[str, Block] = {"bare": work.bare, "planner": work.planner, "csv": work.csv}
    if find_spec("tensorboard"):
        kinds["tensorboard"] = work.tensorboard
    if find_spec("mlflow"):
        kinds["mlflow"] = work.mlflow
    for block in kinds.values():  # the first of each traces and imports
        block()
    took: dict[str, list[Seconds]] = {kind: [] for kind in kinds}
    for number in range(rounds):
        turn = number % len(kinds)
        for kind in [*list(kinds)[turn:], *list(kinds)[:turn]]:
            took[kind].append(kinds[kind]())
    told = {"took": took, "weights": work.model.count_params(), "epochs": EPOCHS}
    (scratch / "seconds.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""`python -m benchmarks.watched FOLDER ROUNDS`: seconds of trainings that are watched, and of bare ones.

All train one model of a million weights in one process, which has traced its graph before the first is timed.
Told apart are the seconds of whole epochs, by the clock and of CPU; those between two epochs, where callbacks
work; those of Python's other threads; and what comes once a run, before and after its training.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np

from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.trial import Trial
from planner.worker.context import Context
from planner.worker.fit import fit
from planner.worker.log_bound import STANDARD_OUTPUT, log_bounded
from planner.worker.report import Report
from planner.worker.sampling import sampled
from planner.worker.signals import Signals
from planner.worker.silence import bounded
from planner.worker.task import Task

EPOCHS = 20
"""Epochs of a block: enough for the state of the training to be taken, and written."""
EXAMPLES = 4_096
"""Examples of an epoch: about a second on two cores, so that what comes once an epoch weighs a lot."""

Seconds = dict[str, list[float]]
"""What a block took: each `epoch` from its begin to the next's, its `cpu` on all threads of the process,
each gap `between` two, the CPU of other threads of Python `beside` each, `once` the rest."""
Block = Callable[[], Seconds]
"""Trains once."""


class _Clock(keras.callbacks.Callback):
    """Stands first among the callbacks: what the others do as an epoch ends comes after its own look."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[float] = []
        self.used: list[float] = []
        self.beside: list[float] = []
        self.ended: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        self.begun.append(time.perf_counter())
        self.used.append(time.process_time())
        self.beside.append(_of_other_threads())

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002  # likewise
        self.ended.append(time.perf_counter())


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
            params={}, metric="val_accuracy", direction="max", entry="experiment:build", silence=10.0,
        )  # fmt: skip
        folder = RunFolder.create(self._scratch, spec)
        clock, start = _Clock(), time.perf_counter()
        with _printing_to(folder.log), EventLog(folder.events) as log:
            task = Task(spec, folder, Report(log), Signals())
            task.report.started()
            context = Context(task)
            context.begin()
            with (
                task.signals.heard(), sampled(task), log_bounded(folder),
                task.signals.within(spec.grace, _nothing), bounded(task),
            ):  # fmt: skip
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


def _nothing() -> None:
    """Nobody asks this run to stop."""


@contextlib.contextmanager
def _printing_to(log: Path) -> Iterator[None]:
    """Within the block standard output is the log, as a worker's is."""
    before = os.dup(STANDARD_OUTPUT)
    with log.open("ab") as file:
        os.dup2(file.fileno(), STANDARD_OUTPUT)
    try:
        yield
    finally:
        os.dup2(before, STANDARD_OUTPUT)
        os.close(before)


def _of_other_threads() -> float:
    """Seconds of CPU that Python's threads but this one have used; TensorFlow's own are not among them."""
    others = [
        thread.native_id for thread in threading.enumerate() if thread is not threading.current_thread()
    ]
    return sum(int(Path(f"/proc/self/task/{one}/schedstat").read_text().split()[0]) for one in others) / 1e9


def _seconds(clock: _Clock, start: float) -> Seconds:
    begun, whole = clock.begun, time.perf_counter() - start
    return {
        "epoch": [after - before for before, after in pairwise(begun)],
        "cpu": [after - before for before, after in pairwise(clock.used)],
        "beside": [after - before for before, after in pairwise(clock.beside)],
        "between": [after - before for before, after in zip(clock.ended, begun[1:], strict=False)],
        "once": [whole - (clock.ended[-1] - begun[0])],
    }


def main(scratch: Path, rounds: int) -> None:
    """Train in turn, and leave the seconds in the folder."""
    work = _Work(scratch)
    kinds: dict[str, Block] = {
        "bare": work.bare, "again": work.bare, "planner": work.planner, "csv": work.csv
    }  # fmt: skip
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
    told = {"took": took, "weights": work.model.count_params()}
    (scratch / "seconds.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

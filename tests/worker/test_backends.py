"""Keras on its other backends, where they are installed: the whole of a run, broken off and gone on with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.domain.event import Ended, Epoch, Resumed
from planner.store.runfolder import RunFolder
from tests.worker.making import prepare

RECIPE = """
    import os, signal
    import keras, numpy as np
    from planner import Trial

    class Breaks(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2 and os.environ["PLANNER_RUN"] == "broken":
                os.kill(os.getpid(), signal.SIGTERM)

    def recipe(params):
        x = np.random.default_rng(0).normal(size=(256, 12)).astype("float32")
        y = (x[:, 0] + x[:, 1] > 0).astype("int64")
        model = keras.Sequential([
            keras.Input((12,)), keras.layers.Dense(16, "relu"), keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.3), keras.layers.Dense(2, "softmax"),
        ])
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
        return Trial(
            model, train=(x[:192], y[:192]), validation=(x[192:], y[192:]), slices={"few": np.arange(10)},
            fit={"epochs": 5, "batch_size": 32, "callbacks": [Breaks()], "verbose": 0},
        )
"""


def worked(folder: RunFolder, name: str = "") -> tuple[Ended, list[dict[str, float]]]:
    """How a run ended in a process of its own, and the metrics of its epochs."""
    command = [sys.executable, "-m", "planner.worker", str(folder.path)]
    subprocess.run(command, env={"PATH": "/usr/bin:/bin", "PLANNER_RUN": name}, check=False, timeout=240)
    events, _ = folder.read_events()
    assert isinstance(events[-1], Ended)
    return events[-1], [event.metrics for event in events if isinstance(event, Epoch)]


@pytest.mark.keras
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_training_on_another_backend_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, backend: str
) -> None:
    pytest.importorskip(backend)
    checked, _ = worked(prepare(tmp_path, RECIPE, rung="check", backend=backend))
    assert (checked.status, checked.cause) == ("finished", "")
    _, whole = worked(prepare(tmp_path, RECIPE, backend=backend))
    broken = prepare(tmp_path, RECIPE, backend=backend)
    ended, first = worked(broken, "broken")
    assert (ended.cause, first) == ("stopped by SIGTERM after epoch 2", whole[:2])
    again = prepare(tmp_path, RECIPE, backend=backend, resume_from=broken.id)
    ended, metrics = worked(again)
    assert (ended.status, metrics) == ("finished", whole)
    assert any(isinstance(event, Resumed) for event in again.read_events()[0])
    assert (again.read_context() or {})["backend"] == backend
    assert again.evaluation.exists()
    assert again.histograms.exists()

"""A check that climbs on: what `tiny` asks is asked in the process that has Keras and the data already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.dispatcher.settle import settled
from planner.domain.event import Progress
from planner.domain.run import Run
from planner.rules.progress import fold
from planner.rules.wording.ran_on import ran_on
from tests.worker.making import Made, make

RECIPE = """
    import keras
    import numpy as np
    from planner import Trial

    CENTRES = np.random.default_rng(9).normal(0, 2, (3, 6))

    def blobs(seed):
        draw = np.random.default_rng(seed)
        y = draw.integers(0, 3, 240)
        return (CENTRES[y] + draw.normal(0, 1, (240, 6))).astype("float32"), y

    def recipe(params):
        (x, y), units = blobs(0), 2 if params["bug"] == "units" else 3
        if params["bug"] == "shuffled":
            y = np.random.default_rng(1).permutation(y)
        layers = [keras.Input((6,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(units, "softmax")]
        model = keras.Sequential(layers)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return Trial(model, (x, y), blobs(2), fit={"epochs": 1})
    """


@pytest.mark.keras
def test_a_check_that_passes_goes_on_with_tiny(tmp_path: Path) -> None:
    run = as_settled(made := climbed(tmp_path, "none"))
    assert (run.status, run.rung, run.covers) == ("finished", "tiny", ("check",))
    assert ("rung", "check and tiny, seed 1") in ran_on(made.folder.read_context() or {})
    asked = [check.name for check in made.checks]
    assert asked.index("training step") < asked.index("overfit")


@pytest.mark.keras
def test_what_tiny_finds_ends_the_run_on_tiny(tmp_path: Path) -> None:
    run = as_settled(climbed(tmp_path, "shuffled"))
    assert (run.status, run.rung, run.covers) == ("failed", "tiny", ())
    assert "labels" in run.cause


@pytest.mark.keras
def test_what_check_finds_ends_the_run_on_check(tmp_path: Path) -> None:
    made = climbed(tmp_path, "units")
    run = as_settled(made)
    assert (run.status, run.rung, run.covers) == ("failed", "check", ())
    assert "overfit" not in [check.name for check in made.checks]


def test_a_loop_of_its_own_stays_on_check_whatever_was_asked(tmp_path: Path) -> None:
    loop = "def recipe(params, run):\n    run.log(1, val_accuracy=0.5)\n"
    run = as_settled(make(tmp_path, loop, rung="check", through="tiny"))
    assert (run.status, run.rung, run.covers) == ("finished", "check", ("tiny",))


def climbed(where: Path, bug: str) -> Made:
    params: dict[str, Any] = {"bug": bug}
    return make(where, RECIPE, rung="check", through="tiny", params=params)


def as_settled(made: Made) -> Run:
    """The run's record once the dispatcher has read its last word."""
    folder = made.folder
    at = "2026-11-02T09:00:00.000Z"
    queued = Run(
        id=folder.id, idea=1, baseline=1, rung="check", seed=0, params={}, queued_at=at, order=1.0,
        status="running", started_at=at,
    )  # fmt: skip
    return settled(
        queued, fold(Progress(), made.events), metric="val_accuracy", exit_code=0, folder=folder, at=at
    )

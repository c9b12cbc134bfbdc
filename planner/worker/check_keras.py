"""Does a Keras trial work at all? One batch forward, its loss, one training step, the metric's name."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.check import ask, ask_for_metric
from planner.worker.data import Arrays, arrays_of, first_batch, leaves
from planner.worker.fit import BATCH, fit_arguments, listed
from planner.worker.task import Task


def check(task: Task, trial: Trial) -> None:
    """Put every question, cheapest first; raises what the first failing one raised."""
    model, train = trial.model, _batch(trial, trial.train, "train")
    validation = _batch(trial, trial.validation, "validation") if trial.validation is not None else train
    with task.signals.abruptly():
        ask(task, "forward pass", lambda: _forward(model, train))
        ask(task, "loss", lambda: _loss(model, train))
        ask(task, "training step", lambda: _step(model, train))
        ask_for_metric(task, _reported(task, trial, train, validation))


def _batch(trial: Trial, data: Any, name: str) -> Arrays:
    arrays = arrays_of(data, name)
    return first_batch(data if arrays is None else arrays, int((trial.fit or {}).get("batch_size") or BATCH))


def _forward(model: Any, batch: Arrays) -> str:
    answers = leaves(model.predict_on_batch(batch.x))
    if not all(np.isfinite(np.asarray(answer, dtype=np.float64)).all() for answer in answers):
        raise Mistake(
            "the untrained model's answers to one batch are not finite: look for overflow in the input"
        )
    shapes = ", ".join(str(tuple(np.shape(answer))) for answer in answers)
    return f"one batch of {len(batch)} gives answers of shape {shapes}"


def _loss(model: Any, batch: Arrays) -> str:
    return f"the loss before training is {_finite_loss(model, batch, 'before training'):.4g}"


def _step(model: Any, batch: Arrays) -> str:
    model.train_on_batch(batch.x, batch.y, sample_weight=batch.weight)
    return f"after one training step it is {_finite_loss(model, batch, 'after one training step'):.4g}"


def _finite_loss(model: Any, batch: Arrays, when: str) -> float:
    loss = float(_test(model, batch)["loss"])
    if not isfinite(loss):
        raise Mistake(
            f"the loss {when} is {loss}: look at the learning rate, the scale of the data, the labels"
        )
    return loss


def _test(model: Any, batch: Arrays) -> dict[str, Any]:
    found: dict[str, Any] = model.test_on_batch(
        batch.x, batch.y, sample_weight=batch.weight, return_dict=True
    )
    return found


def _reported(task: Task, trial: Trial, train: Arrays, validation: Arrays) -> set[str]:
    """The names that `fit` will report; callbacks, which may add some, are asked if the metric is missing."""
    names = set(_test(trial.model, train))
    judged = trial.validation is not None or (trial.fit or {}).get("validation_split")
    reported = names | ({f"val_{name}" for name in names} if judged else set())
    if task.spec.metric in reported or not listed((trial.fit or {}).get("callbacks")):
        return reported
    return reported | _from_callbacks(task, trial, train, validation)


def _from_callbacks(task: Task, trial: Trial, train: Arrays, validation: Arrays) -> set[str]:
    arguments = {
        **fit_arguments(task, trial),
        "x": train.x,
        "y": train.y,
        "sample_weight": train.weight,
        "validation_data": validation.tuple(),
        "epochs": 1,
        "initial_epoch": 0,
        "steps_per_epoch": None,
        "validation_steps": None,
        "validation_split": 0.0,
        "verbose": 0,
    }
    history = trial.model.fit(**arguments)
    return set(history.history)

"""A Keras training that goes on where an earlier run's state was taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker import resume
from planner.worker.data import advanced, pick, rows
from planner.worker.keras_state import State, Training
from planner.worker.task import Task

REPLAYED = (
    "the batches go on as their own shuffling has them; what else the {kind} draws at random may differ "
    "from a training without a break"
)
"""What to say of data that is no arrays."""


def walks() -> int:
    """How often Keras begins to walk through a dataset in an epoch: with TensorFlow, at its end once more."""
    return 2 if keras.config.backend() == "tensorflow" else 1


class GoingOn:
    """A state that is put back as soon as the training has begun."""

    def __init__(self, training: Training, state: State, alert: Callable[[str], None]) -> None:
        self._training = training
        self._state = state
        self._alert = alert

    def put_back(self) -> None:
        """Make the training what it was, and say what of the recipe's callbacks could not be kept."""
        if left := self._training.put_back(self._state):
            self._alert(f"could not be kept, and begins anew: {', '.join(left)}")


def go_on(
    task: Task, training: Training, model: Any, arguments: dict[str, Any], agrees: dict[str, str]
) -> GoingOn | None:
    """Set the arguments of `fit` to go on from the run that the spec names; None to train from the start."""
    found = resume.earlier(task, agrees)
    if found is None:
        return None
    folder, marker = found
    try:
        state = resume.read_state(folder, marker)
        told = resume.epochs_before(folder, marker.epoch)
        if not told or told[-1].epoch != marker.epoch:
            raise Mistake(f"its events do not reach epoch {marker.epoch}")
        _build(model, arguments["x"])
        if not training.fits(state):
            raise Mistake("its state is not one of this model and optimizer")
    except Mistake as why:
        resume.begin_anew(task, str(why))
        return None
    task.report.inherit(folder.id, told)
    _move(task, arguments, state)
    return GoingOn(training, state, task.report.alert)


def _move(task: Task, arguments: dict[str, Any], state: State) -> None:
    """Let `fit` begin with the next epoch and its data; with none where training was over."""
    # Keras counts from 0, so the number of the epoch that ended is that of the next.
    arguments["initial_epoch"] = arguments.get("epochs", 1) if state.plain["over"] else state.epoch
    data = arguments["x"]
    if "y" not in arguments:
        arguments["x"] = advanced(data, state.epoch, arguments.get("steps_per_epoch"), walks())
        task.report.alert(REPLAYED.format(kind=type(data).__name__))


def _build(model: Any, data: Any) -> None:
    """Give a model that is built by its first batch its variables; Mistake where there is no telling how."""
    if model.built:
        return
    try:
        model(_a_row(data))
    except Exception as error:
        # The project's own layers may raise anything; the training itself will say it better.
        raise Mistake(f"the model can't be built before its first batch ({type(error).__name__})") from error


def _a_row(data: Any) -> Any:
    """Something of the shape of one example; no dataset is walked through for it."""
    if hasattr(data, "element_spec"):
        import tensorflow

        inputs = data.element_spec[0]
        return tensorflow.nest.map_structure(
            lambda spec: np.zeros([1 if size is None else size for size in spec.shape], spec.dtype.name),
            inputs,
        )
    if rows(data):
        return pick(data, slice(0, 1))
    raise Mistake("its data can't be looked at")

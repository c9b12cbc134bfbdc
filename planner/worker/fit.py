"""Fit a Keras model, saying after each epoch how it went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.agreement import agreement
from planner.worker.checkpoint import Checkpoints
from planner.worker.data import Arrays, arrays_of, share, share_of_batches
from planner.worker.going_on import GoingOn, go_on
from planner.worker.keeper import Keeper
from planner.worker.keras_state import Training
from planner.worker.signals import Signals
from planner.worker.task import Task

OWNED = ("x", "y", "sample_weight", "validation_data")
"""Arguments of `fit` that the trial's data fill."""
BATCH = 32
"""Examples in a batch where the recipe does not say, as Keras has it."""


def fit(task: Task, trial: Trial) -> None:
    """Train the model as the recipe says; a polite stop ends it at the next batch.

    Then the model is kept as it stands, mid-epoch, and to go on from, the end of the epoch before.
    """
    model, arguments = trial.model, fit_arguments(task, trial)
    checkpoints = Checkpoints(model, task.folder.checkpoints, task.report)
    own = listed(arguments.get("callbacks"))
    training, agrees = Training(model, own), agreement(task)
    begun = go_on(task, training, model, arguments, agrees)
    keeper = Keeper(task, agrees, training.taken, training.size)
    arguments["callbacks"] = [*own, _AfterEpoch(task, checkpoints, keeper, begun)]
    task.report.training()
    with task.signals.reacting(lambda: _stop(model)):
        model.fit(**arguments)
    if task.signals.stopping:
        keeper.write()
    if task.signals.stopping or task.spec.rung == "full":
        checkpoints.save()
    task.signals.obey()


def fit_arguments(task: Task, trial: Trial) -> dict[str, Any]:
    """Everything `fit` is called with, but the planner's own callback."""
    asked = dict(trial.fit or {})
    if owned := [name for name in OWNED if name in asked]:
        raise Mistake(f"the Trial's fit must not hold {owned[0]}; give the data as train and validation")
    arguments = {"verbose": 2, **asked, **_training_data(task, trial, asked)}
    if trial.validation is not None:
        validation = arrays_of(trial.validation, "validation")
        arguments["validation_data"] = validation.tuple() if validation else trial.validation
    return arguments


def listed(callbacks: Any) -> list[Any]:
    """The recipe's callbacks as a list, however it gave them."""
    if callbacks is None:
        return []
    inner = getattr(callbacks, "callbacks", callbacks)  # a CallbackList holds them
    return list(inner) if isinstance(inner, tuple | list) else [inner]


def _training_data(task: Task, trial: Trial, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that carry the training data, cut to the rung's share."""
    arrays = arrays_of(trial.train, "train")
    fraction = task.spec.fraction
    if arrays is None:
        return _training_batches(task, trial.train, asked, fraction)
    return _named(arrays if fraction is None else share(arrays, fraction, task.spec.seed))


def _named(arrays: Arrays) -> dict[str, Any]:
    return {"x": arrays.x, "y": arrays.y, "sample_weight": arrays.weight}


def _training_batches(
    task: Task, data: Any, asked: Mapping[str, Any], fraction: float | None
) -> dict[str, Any]:
    """A dataset is cut; what can't be cut gets shorter epochs, where its length is known."""
    if fraction is None:
        return {"x": data}
    if (cut := share_of_batches(data, fraction)) is not None:
        return {"x": cut}
    steps = asked.get("steps_per_epoch") or (len(data) if hasattr(data, "__len__") else None)
    if steps is None:
        task.report.alert(f"training uses all of the data: {type(data).__name__} has no length to cut")
        return {"x": data}
    return {"x": data, "steps_per_epoch": max(1, round(steps * fraction))}


def _stop(model: Any) -> None:
    model.stop_training = True
    model.stop_evaluating = True


class _AfterEpoch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """The planner's only hook. No batch hooks: a single one would cost Keras its asynchronous dispatch."""

    def __init__(
        self, task: Task, checkpoints: Checkpoints, keeper: Keeper, going_on: GoingOn | None
    ) -> None:
        super().__init__()
        self._report = task.report
        self._signals: Signals = task.signals
        self._checkpoints = checkpoints
        self._keeper = keeper
        self._going_on = going_on

    def on_train_begin(self, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        """Put back what an earlier run left, and repeat a request that came before `fit` reset its flag.

        The recipe's callbacks have begun by now, and begin with nothing of what they knew.
        """
        if self._going_on is not None:
            self._going_on.put_back()
        self._obey()

    def on_test_begin(self, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        """Likewise: the validation after a stop ends at its first batch."""
        self._obey()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:
        """Say how the epoch went; one that was cut short counts for nothing."""
        if self._signals.stopping:
            return
        self._report.epoch(epoch + 1, self.params.get("epochs"), logs or {})
        if self._report.diverged:
            self._report.alert("training ends here: nothing can come of a loss that is not finite")
            self.model.stop_training = True
            return
        self._keeper.epoch_ended(epoch + 1)
        self._checkpoints.save_when_due()

    def _obey(self) -> None:
        if self._signals.stopping:
            _stop(self.model)

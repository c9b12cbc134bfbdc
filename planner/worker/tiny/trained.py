"""The recipe's own training, from the start and on all of its data: does anything come of it?

What a few examples cannot show, the training itself can, where it is short enough to be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import keras
import numpy as np

from planner.trial import Trial
from planner.worker.data import Arrays
from planner.worker.fit import fit_arguments, listed
from planner.worker.spent import Spent
from planner.worker.task import Task
from planner.worker.tiny.carrying import association
from planner.worker.tiny.costs import costs_of
from planner.worker.tiny.lesson import loss_of
from planner.worker.tiny.outputs import Output, of_keras, outputs_of
from planner.worker.tiny.plain import cut, has_own_step
from planner.worker.tiny.pool import learnt_batch

SECONDS = 120.0
"""Seconds of its own work that a training may take to be tried, and that it gets."""
FIRST = 2.0
"""Seconds of its steps from which the rest of them are estimated."""
LOOKS = 20
"""Epochs after which it is looked at, at most, evenly spread; and at the end."""
EXAMPLES = 1000
"""Examples of each set that are looked at, at most."""
WATCHING = ("BackupAndRestore", "CSVLogger", "ModelCheckpoint", "RemoteMonitor", "TensorBoard")
"""Callbacks of Keras's that only write something down; they are left out."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the model says at some time of its training."""

    validation: float
    """By how many standard deviations its answers to validation examples go with their labels; or 0."""
    ahead: float
    """What validation examples cost, over the cost of the best constant answer, both above the floor."""
    loss: float
    """What training examples cost, without penalties."""
    left: float
    """The same over the cost of the best constant answer, both above the floor; or as `fit` reports it."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A training, as far as it went."""

    looks: tuple[Look, ...]
    """What was seen, in order."""
    epochs: int
    """Epochs that ended."""
    whole: bool
    """Whether it went to its end as the recipe has it."""

    @property
    def validation(self) -> float:
        """The most that was seen of the validation examples."""
        return max((look.validation for look in self.looks), default=0.0)

    @property
    def ahead(self) -> float:
        """The least that the validation examples have cost."""
        return min((look.ahead for look in self.looks), default=inf)

    @property
    def left(self) -> float:
        """The least that the training examples have cost."""
        return min((look.left for look in self.looks), default=inf)


def train(
    task: Task, trial: Trial, pool: Arrays, validation: Arrays | None, enough: Callable[[Look], bool]
) -> Trained | None:
    """Fit a fresh trial until a look is `enough` or it ends; None where it can't be tried.

    A training that takes longer than SECONDS is given up as soon as that is foreseen.
    """
    callbacks = listed((trial.fit or {}).get("callbacks"))
    if has_own_step(trial.model) or any(_is_own(one) for one in callbacks):
        return None
    watching = _Watching(task, learnt_batch(trial), pool, validation, enough)
    kept = [one for one in callbacks if type(one).__name__ not in WATCHING]
    arguments = {**fit_arguments(task, trial), "verbose": 0, "callbacks": [*kept, watching]}
    if not kept:
        arguments.pop("validation_data", None)
    trial.model.fit(**arguments)
    return Trained(tuple(watching.looks), watching.epochs, watching.whole)


def _is_own(callback: Any) -> bool:
    """Whether a callback may do anything at all: one of the project's, or a function of it."""
    return not type(callback).__module__.startswith("keras.") or type(callback).__name__ == "LambdaCallback"


class _Watching(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Looks at the model now and then, and ends a training that has shown enough or takes too long."""

    def __init__(
        self,
        task: Task,
        batch: int,
        pool: Arrays,
        validation: Arrays | None,
        enough: Callable[[Look], bool],
    ) -> None:
        super().__init__()
        self.looks: list[Look] = []
        self.epochs = 0
        self.whole = True
        self._task = task
        self._batch = batch
        self._pool, self._others = pool.take(slice(0, EXAMPLES)), validation
        self._enough = enough
        self._steps = 0
        self._spent: Spent | None = None

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:  # noqa: ARG002  # Keras's signature
        """Mind the clock; the first step does not count, since all is built for it."""
        self._steps += 1
        if self._spent is None:
            self._spent = Spent()
        elif self._spent.over(SECONDS) or self._foreseen(self._spent.seconds) > SECONDS:
            self._end(whole=False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look, unless the next epoch is as good."""
        self._task.signals.obey()
        if not self.whole:
            return
        self.epochs = epoch + 1
        every = -(-int(self.params.get("epochs") or 1) // LOOKS)
        if self.epochs % every == 0 and self._look(logs or {}):
            self._end(whole=True)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """A last look, at what the recipe would keep."""
        if self.whole:
            self._look(logs or {})

    def _end(self, *, whole: bool) -> None:
        self.whole, self.model.stop_training = whole, True

    def _foreseen(self, seconds: float) -> float:
        """Seconds that all of it will take; those so far where nobody knows how many steps there are."""
        if seconds < FIRST:
            return 0.0
        each = seconds / (self._steps - 1)
        steps = self.params.get("steps") or self._steps
        return each * float(steps) * float(self.params.get("epochs") or 1)

    def _look(self, logs: dict[str, Any]) -> bool:
        """Look; answers whether that was enough."""
        _, loss, left = self._seen(self._pool, float(logs.get("loss", inf)))
        others, _, ahead = (0.0, inf, inf) if self._others is None else self._seen(self._others, inf)
        self.looks.append(Look(others, ahead, loss, left))
        return self._enough(self.looks[-1])

    def _seen(self, examples: Arrays, told: float) -> tuple[float, float, float]:
        """How far answers go with labels; what they cost; that, or `told` if less, over the best constant."""
        outputs, seen, answers = self._answered(examples)

        def cost(tried: Any) -> float:
            return loss_of(self.model, seen, tried)

        costs, loss = costs_of(cost, outputs, answers, known=of_keras(self.model)), cost(answers)
        # Statistics of batches may lag behind, so that it answers worse than it does in training.
        return association(outputs), loss, min(costs.left(loss), costs.left(told))

    def _answered(self, examples: Arrays) -> tuple[list[Output], Arrays, Any]:
        """The outputs for as many examples as fill batches, those examples, and the answers as they come."""
        many = len(examples)
        many -= many % self._batch if many >= self._batch else 0  # some models take no other number
        seen = examples.take(slice(0, many))
        parts = [
            self.model.predict_on_batch(cut(seen, start, self._batch).x)
            for start in range(0, many, self._batch)
        ]
        answers = keras.tree.map_structure(lambda *leaves: np.concatenate(leaves), *parts)
        return outputs_of(self.model, seen, answers), seen, answers

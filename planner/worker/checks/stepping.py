"""Takes a few real training steps on one batch, the way `fit` takes them."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import keras
import numpy as np

from planner.worker.checks.subject import Subject
from planner.worker.spent import Spent

STEPS = 6
"""Training steps taken."""
ENOUGH = 3
"""Steps after which a slow model is left alone."""
LONG = 15.0
"""Seconds of its own work after which no further step is taken, the first and what is built for it apart."""


class Stepping:
    """What a few training steps have come to so far."""

    def __init__(self, after_first: Callable[[], None], most: int) -> None:
        self.losses: list[float] = []
        """The loss before each step, as far as the model reports one."""
        self.names: set[str] = set()
        """Everything that a step reports."""
        self.taken = 0
        """How many steps were taken."""
        self._after_first = after_first
        self._most = most
        self.late = False
        """Whether it was left alone for want of time."""
        self._spent = Spent()

    def take(self, logs: dict[str, Any]) -> bool:
        """Note what a step has reported; answers whether that is enough."""
        self.taken += 1
        self.names.update(logs)
        if "loss" in logs:
            self.losses.append(float(np.mean(logs["loss"])))
        if self.taken == 1:
            self._after_first()
            self._spent = Spent()
        broken = bool(self.losses) and not isfinite(self.losses[-1])
        ended = broken or self.taken == self._most
        self.late = not ended and self.taken > ENOUGH and self._spent.over(LONG)
        return ended or self.late


def step(subject: Subject, after_first: Callable[[], None], most: int = STEPS) -> Stepping:
    """Train the subject's model for up to `most` steps, `after_first` being called after the first of them.

    A `train_step` of the project's own, and weights of classes, get their data from `fit` as in training.
    """
    model, stepping = subject.model, Stepping(after_first, most)
    eagerly = model.run_eagerly
    model.run_eagerly = eagerly or not subject.slow
    try:
        (_by_batch if subject.plain and not _by_class(subject) else _by_fit)(subject, stepping)
    finally:
        model.run_eagerly, model.train_function = eagerly, None
    return stepping


def one_step(subject: Subject) -> float:
    """The loss that a training step of the subject's model reports, as it was before that step."""
    return step(subject, lambda: None, most=1).losses[0]


def _by_class(subject: Subject) -> Any:
    return (subject.trial.fit or {}).get("class_weight")


def _by_batch(subject: Subject, stepping: Stepping) -> None:
    batch, enough = subject.batch, False
    while not enough:
        logs = subject.model.train_on_batch(batch.x, batch.y, sample_weight=batch.weight, return_dict=True)
        enough = stepping.take(logs)


def _by_fit(subject: Subject, stepping: Stepping) -> None:
    batch = subject.batch
    subject.model.fit(
        batch.x,
        batch.y,
        sample_weight=batch.weight,
        class_weight=_by_class(subject),
        batch_size=len(batch),
        epochs=STEPS,
        shuffle=False,
        verbose=0,
        callbacks=[_EachStep(stepping)],
    )


class _EachStep(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Notes each epoch of a single step."""

    def __init__(self, stepping: Stepping) -> None:
        super().__init__()
        self._stepping = stepping

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  # Keras's signature
        if self._stepping.take(logs or {}):
            self.model.stop_training = True

"""Fit a scikit-learn estimator, and score it."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, share
from planner.worker.judge import Floats, Style
from planner.worker.task import Task
from planner.worker.worst import TINY, own_losses

OF_KERAS = frozenset({
    "batch_size", "epochs", "verbose", "callbacks", "validation_split", "shuffle", "class_weight",
    "initial_epoch", "steps_per_epoch", "validation_steps", "validation_batch_size", "validation_freq",
})  # fmt: skip
"""Arguments of Keras's `fit`: a recipe that builds now a network, now an estimator, may give them to both."""


def fit(task: Task, trial: Trial) -> None:
    """Fit the estimator and report its metrics as one epoch."""
    train, validation = arrays(trial)
    if task.spec.fraction is not None:
        train = share(train, task.spec.fraction, task.spec.seed)
    task.report.training()
    with task.signals.abruptly():
        fit_estimator(trial, trial.model, train)
        task.report.epoch(1, 1, score(trial.model, train, validation))


def arrays(trial: Trial) -> tuple[Arrays, Arrays | None]:
    """Training and validation data; Mistake when they are no arrays."""
    train = arrays_of(trial.train, "train")
    validation = arrays_of(trial.validation, "validation") if trial.validation is not None else None
    if train is None or (validation is None and trial.validation is not None):
        raise Mistake("a scikit-learn estimator needs its data as arrays: Trial(model, train=(x, y), ...)")
    return train, validation


def fit_estimator(trial: Trial, estimator: Any, train: Arrays) -> None:
    """Call `fit` with the arguments that are meant for it."""
    known = inspect.signature(estimator.fit).parameters
    asked = {key: value for key, value in (trial.fit or {}).items() if key in known or key not in OF_KERAS}
    if train.weight is not None:
        asked["sample_weight"] = train.weight
    estimator.fit(train.x, train.y, **asked)


def score(estimator: Any, train: Arrays, validation: Arrays | None) -> dict[str, float]:
    """The metrics on the training data, and with the `val_` prefix on the validation data."""
    judge = EstimatorJudge(estimator)
    found = judge.metrics(train)
    if validation is not None:
        found |= {f"val_{name}": value for name, value in judge.metrics(validation).items()}
    return found


class EstimatorJudge:
    """Asks a fitted scikit-learn estimator."""

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator
        self._classifies = _classifies(estimator)
        self._classes = getattr(estimator, "classes_", None) if self._classifies else None
        self.confident = hasattr(estimator, "predict_proba")
        self.names = tuple(str(name) for name in self._classes) if self._classes is not None else ()
        self._several = False

    def metrics(self, data: Any) -> dict[str, float]:
        """Accuracy and log loss of a classifier; R², errors and mean squared error as loss of a regressor."""
        return self._of_classes(data) if self._classifies else self._of_numbers(data)

    def _of_classes(self, data: Arrays) -> dict[str, float]:
        truth, given = np.asarray(data.y), np.asarray(self._estimator.predict(data.x))
        right = truth.reshape(len(data), -1) == given.reshape(len(data), -1)
        # Where there are several labels, right is what has all of them right.
        found = {"accuracy": float(np.average(right.all(axis=1), weights=data.weight))}
        chances = self._estimator.predict_proba(data.x) if self.confident else None
        if self._classes is not None and isinstance(chances, np.ndarray):
            losses = self._losses(truth, chances)
            found["loss"] = float(np.average(losses, weights=data.weight))
        return found

    def _losses(self, truth: Any, chances: Floats) -> Floats:
        """(n,) cross-entropies: of the one class, or the mean over labels that are 0 or 1 each."""
        if not _is_several(truth):
            return own_losses(self.expected(truth), chances)
        own = np.where(truth > 0, chances, 1 - chances)
        return np.asarray(-np.log(np.clip(own, TINY, 1)).mean(axis=1))

    def _of_numbers(self, data: Arrays) -> dict[str, float]:
        from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

        given = self._estimator.predict(data.x)
        squared = float(mean_squared_error(data.y, given, sample_weight=data.weight))
        return {
            "r2": float(r2_score(data.y, given, sample_weight=data.weight))
            if len(data) > 1
            else float("nan"),
            "mae": float(mean_absolute_error(data.y, given, sample_weight=data.weight)),
            "mse": squared,
            "rmse": squared**0.5,
            "loss": squared,
        }

    def style(self, answers: Floats) -> Style | None:
        """Classes for a classifier, numbers for a regressor; None where each example has several labels."""
        if answers.ndim > 2:
            return None
        if not self._classifies:
            return "numbers"
        return "several" if self._several else "classes"

    def answers(self, batch: Arrays) -> Floats | None:
        """Probabilities where the estimator gives any, else its decisions; None of several outputs."""
        self._several = self._classifies and _is_several(np.asarray(batch.y))
        if not self._classifies:
            return np.asarray(self._estimator.predict(batch.x), dtype=np.float64)
        if self._classes is None or isinstance(self._classes, list):
            return None
        if self.confident:
            return np.asarray(self._estimator.predict_proba(batch.x), dtype=np.float64)
        given = self._estimator.predict(batch.x)
        if self._several:
            return np.asarray(given, dtype=np.float64)
        return np.asarray(np.eye(len(self._classes))[self.expected(given)], dtype=np.float64)

    def expected(self, y: Any) -> Any:
        """Labels as places among the classes it was fitted with, -1 for an unseen one; all else as it is."""
        if self._classes is None or self._several:
            return np.asarray(y)
        places = {label: place for place, label in enumerate(self._classes)}
        return np.array([places.get(label, -1) for label in np.asarray(y).ravel()])


def _classifies(estimator: Any) -> bool:
    """Whether it answers with classes; one that scikit-learn does not know tells by its attributes."""
    from sklearn.base import is_classifier

    try:
        return bool(is_classifier(estimator))
    except AttributeError:
        return hasattr(estimator, "classes_") or hasattr(estimator, "predict_proba")


def _is_several(labels: Any) -> bool:
    """Whether each example has several labels, 0 or 1 each."""
    return bool(labels.ndim == 2 and labels.shape[1] > 1)

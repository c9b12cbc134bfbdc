"""Does a scikit-learn trial work at all? A fit on a few examples, and the metric's name."""

from __future__ import annotations

import numpy as np

from planner.trial import Trial
from planner.worker.check import ask, ask_for_metric
from planner.worker.data import Arrays
from planner.worker.estimator import arrays, fit_estimator, score
from planner.worker.task import Task

EXAMPLES = 200
"""Examples it is fitted on, at most."""


def check(task: Task, trial: Trial) -> None:
    """Fit a copy on a small part and score it; raises what the first failing question raised."""
    from sklearn.base import clone

    train, validation = arrays(trial)
    few, estimator = a_few(train), clone(trial.model)

    def fits() -> str:
        fit_estimator(trial, estimator, few)
        return f"fitted on {len(few)} examples"

    def scores() -> str:
        found.update(score(estimator, few, validation and validation.take(slice(0, EXAMPLES))))
        return ", ".join(f"{name} {value:.4g}" for name, value in found.items())

    found: dict[str, float] = {}
    with task.signals.abruptly():
        ask(task, "fit", fits)
        ask(task, "score", scores)
        ask_for_metric(task, set(found))


def a_few(train: Arrays) -> Arrays:
    """At most EXAMPLES rows spread evenly over the data as sorted by label, so that every class is there."""
    if len(train) <= EXAMPLES:
        return train
    labels = np.asarray(train.y)
    order = np.argsort(labels, kind="stable") if labels.ndim == 1 else np.arange(len(train))
    return train.take(np.sort(order[np.linspace(0, len(train) - 1, EXAMPLES).astype(int)]))

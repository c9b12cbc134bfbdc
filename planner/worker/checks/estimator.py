"""Does a scikit-learn trial work at all? A fit on a few examples, and the metric's name."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from planner.trial import Trial
from planner.worker.checks.asking import ask, ask_for_metric, probe
from planner.worker.checks.builder import Builder
from planner.worker.checks.equality import same_data, same_value
from planner.worker.checks.reading import changed, demand_read, refuse_the_same
from planner.worker.data import Arrays
from planner.worker.estimator import OF_KERAS, arrays, fit_estimator, score
from planner.worker.task import Task

EXAMPLES = 200
"""Examples it is fitted on, at most."""


def check(task: Task, trial: Trial, builder: Builder) -> None:
    """Fit a copy on a small part and score it; raises what the first failing question raised."""
    from sklearn.base import clone

    train, validation = arrays(trial)
    estimator, few = clone(trial.model), a_few(train)
    some = validation and validation.take(slice(0, EXAMPLES))

    def fits() -> str:
        return f"fitted on {_fitted(trial, estimator, (few, train))} examples"

    def scores() -> str:
        try:
            found.update(score(estimator, few, some))
        except Exception:
            # Fitted on a few, it may hold fewer neighbours than it asks for.
            fit_estimator(trial, estimator, train)
            found.update(score(estimator, few, some))
        return ", ".join(f"{name} {value:.4g}" for name, value in found.items())

    found: dict[str, float] = {}
    with task.signals.abruptly():
        ask(task, "fit", fits)
        ask(task, "score", scores)
        if changed(task):
            probe(task, "params", lambda: _params(task, trial, builder))
        ask_for_metric(task, lambda: set(found))


def _fitted(trial: Trial, estimator: Any, parts: Sequence[Arrays]) -> int:
    """On how many examples it was fitted: on the first part that it takes; raises what the last one raises.

    It may ask for more components, or examples of a class, than a few examples hold.
    """
    for part in parts[:-1]:
        with contextlib.suppress(Exception):  # the last part tells what is wrong
            fit_estimator(trial, estimator, part)
            return len(part)
    fit_estimator(trial, estimator, parts[-1])
    return len(parts[-1])


def _params(task: Task, trial: Trial, builder: Builder) -> str:
    """Does the idea change anything? A sentence; Mistake when it does not."""
    said = demand_read(task, builder.params, later=False)
    if task.spec.ref is None and (other := builder.beside()) and _same(trial, other):
        refuse_the_same(changed(task), "the estimator, its settings and the data")
    return said


def _same(ours: Trial, theirs: Trial) -> bool:
    """Whether two trials surely fit the same estimator with the same settings to the same data."""
    one, other = (
        (
            _settled(trial.model),
            {key: value for key, value in (trial.fit or {}).items() if key not in OF_KERAS},
        )
        for trial in (ours, theirs)
    )
    return same_value(one, other) and same_data(ours, theirs)


def _settled(value: Any) -> Any:
    """Scikit-learn's estimators as their kinds and settings, at every depth; all else as it is."""
    if isinstance(value, list | tuple):
        return [_settled(part) for part in value]
    if hasattr(value, "get_params") and type(value).__module__.startswith("sklearn."):
        settings = value.get_params(deep=False)
        return [type(value).__qualname__, {name: _settled(part) for name, part in settings.items()}]
    return value


def a_few(train: Arrays) -> Arrays:
    """At most EXAMPLES rows spread evenly over the data as sorted by label, so that every class is there."""
    if len(train) <= EXAMPLES:
        return train
    labels = np.asarray(train.y)
    order = np.argsort(labels, kind="stable") if labels.ndim == 1 else np.arange(len(train))
    return train.take(np.sort(order[np.linspace(0, len(train) - 1, EXAMPLES).astype(int)]))

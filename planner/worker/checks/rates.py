"""Is the learning rate so high that nothing can come of it, though the loss has nowhere to explode to?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

import numpy as np

from planner.worker.checks.asking import meant
from planner.worker.checks.stepping import step
from planner.worker.checks.subject import Subject, floats
from planner.worker.data import leaves
from planner.worker.optimizer import is_scheduled, same_optimizer

FAR = 1.0
"""How far the first step moves the weights, as a multiple of their own size, to be looked at further."""
MORE = 14
"""Further steps in which the loss may come down yet."""
GENTLER = 0.01
"""The share of its own rate beside which it is judged."""
BETTER = 0.1
"""By how much the gentler rate must do better, as a share of the loss before training."""
SAME = 1e-3
"""Spread of the answers, as a share of the largest, up to which all examples have the same."""


def too_high(subject: Subject, losses: list[float], leap: float) -> str:
    """What is wrong with the rate, in a sentence; empty where nothing is, or where it can't be told.

    `losses` are those of the steps taken so far, whose first has moved the weights by `leap` of their size.
    The weights are the first ones afterwards where the gentler rate was tried.
    """
    model = subject.model
    gentler = _gentler(model)
    if leap <= FAR or not subject.plain or not subject.first or gentler is None:
        return ""
    if losses[-1] < losses[0] and not _all_the_same(subject):
        return ""
    walk = step(subject, lambda: None, most=MORE)
    further = walk.losses
    last = further[-1] if further else losses[-1]
    if last < losses[0] and not _all_the_same(subject):
        return ""
    subject.put_back()
    with _optimised_by(model, gentler):
        gentle = step(subject, lambda: None, most=MORE)
    if walk.late or gentle.late:
        return ""
    gently = gentle.losses
    best = min(losses[0], last) - BETTER * abs(losses[0])
    if not gently or not isfinite(gently[-1]) or not gently[-1] < best:
        return ""
    return (
        f"the learning rate of {_rate(model):.3g} is too high: its first step moves the weights by "
        f"{leap:.2g} times their own size, and {len(losses) + len(further)} steps on one batch take the loss "
        f"from {losses[0]:.3g} to {last:.3g}, {len(gently)} at a hundredth of it to {gently[-1]:.3g}"
        f"{meant('training step')}"
    )


def _rate(model: Any) -> float:
    return float(model.optimizer.learning_rate)


def _gentler(model: Any) -> Any:
    """Its optimiser anew at a smaller rate; None where it can't be had."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    if is_scheduled(optimizer) or not hasattr(optimizer, "learning_rate"):
        return None
    return same_optimizer(optimizer, GENTLER * _rate(model), decay=True)


@contextmanager
def _optimised_by(model: Any, optimizer: Any) -> Iterator[None]:
    own = model.optimizer
    model.optimizer = optimizer
    try:
        yield
    finally:
        model.optimizer = own


def _all_the_same(subject: Subject) -> bool:
    """Whether every example of the batch gets one and the same answer."""
    answers = [floats(leaf) for leaf in leaves(subject.answers(subject.batch))]
    return all(np.ptp(one, axis=0).max(initial=0.0) <= SAME * np.abs(one).max(initial=0.0) for one in answers)

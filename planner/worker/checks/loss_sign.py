"""Does a loss of the project's own prefer the labels to other answers?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite, log
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.batch_loss import are_classes, loss_of
from planner.worker.checks.reach import reach
from planner.worker.checks.subject import Subject, floats

FEWEST = 3
"""Other answers that must cost less than the labels do."""
NEAR = 1e-6
"""Share of the largest cost up to which two are the same."""
SOFT = 0.9
"""How much of a label there is in an answer that is nearly it, for a loss that has no value at the label."""
LOGIT = 20.0
"""An answer as a logit, so sure that nothing surer costs less."""
LEAST = -log(1e-7)
"""What Keras makes of the logarithm of 0, without its sign."""
EXACT = 1e-3
"""How near to it the cost of arguments in the wrong order comes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One output of a model, in whose place other answers may be put."""

    subject: Subject
    """The trial."""
    answers: Any
    """All that the model has answered to the first few examples."""
    key: Any
    """The output's name or place; None for the only one."""

    @property
    def given(self) -> Any:
        """What the model has answered there."""
        return self.answers if self.key is None else self.answers[self.key]

    @property
    def labels(self) -> Any:
        """What it should have answered; None where that is not told."""
        y = self.subject.few[0].y
        if self.key is None:
            return y
        keys = y.keys() if isinstance(y, dict) else range(len(y)) if isinstance(y, list | tuple) else ()
        return y[self.key] if self.key in keys else None

    def cost(self, values: Any) -> float:
        """The loss with other answers (n, …) in its place."""
        new = keras.ops.convert_to_tensor(np.asarray(values, dtype=np.float32), dtype=self.given.dtype)
        return loss_of(self.subject, self.subject.few[0], self._with(new))

    def _with(self, new: Any) -> Any:
        if self.key is None:
            return new
        if isinstance(self.answers, dict):
            return {**self.answers, self.key: new}
        return [new if place == self.key else old for place, old in enumerate(self.answers)]


def prefers_labels(subject: Subject, answers: Any) -> str:
    """A sentence on the loss; Mistake where answers cost the more the nearer they come to the labels."""
    asked = 0
    for part in _parts(subject, answers):
        labels, p = part.labels, floats(part.given)
        if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iufb" or len(p) < 4:
            continue
        _refuse_wrong_order(part, p)
        for right, beyond in _as_answers(part, p):
            asked += 1
            _refuse_wrong_sign(part, right, beyond=beyond)
    return "no other answers cost less than the labels" if asked else "not asked: the labels are no answers"


def _parts(subject: Subject, answers: Any) -> Iterator[Part]:
    if hasattr(answers, "shape"):
        yield Part(subject, answers, None)
    elif isinstance(answers, dict | list | tuple):
        for key in answers if isinstance(answers, dict) else range(len(answers)):
            if hasattr(answers[key], "shape"):
                yield Part(subject, answers, key)


def _as_answers(part: Part, p: Any) -> list[tuple[Any, bool]]:
    """The labels in the forms that answers like these have; with each whether an answer may lie beyond it."""
    right = _right(part.labels, p)
    if right is None:
        return []
    if not np.isin(right, (0, 1)).all():
        return [(right, True)]
    if p.min() < 0 or p.max() > 1:
        return [(right, True), (LOGIT * (2 * right - 1), True)]
    if _are_shares(p):
        return [(right, False), (SOFT * right + (1 - SOFT) / p.shape[-1], False)]
    low, high = (-inf, inf) if part.key is not None else reach(part.subject)
    beyond = low < 0 or high > 1
    return [(right, beyond), (SOFT * right + (1 - SOFT) / 2, beyond)]


def _right(labels: Any, p: Any) -> Any:
    """Answers of the shape of `p` that are the labels; None where labels are something else."""
    if labels.size == p.size:
        return labels.reshape(p.shape).astype(float)
    if are_classes(labels, p):
        return np.eye(p.shape[-1])[labels.reshape(p.shape[:-1]).astype(int)]
    return None


def _are_shares(p: Any) -> bool:
    """Whether each row is the probabilities of several classes."""
    return bool(p.ndim > 1 and p.shape[-1] > 1 and p.min() >= 0 and np.allclose(p.sum(axis=-1), 1, atol=1e-2))


def _refuse_wrong_sign(part: Part, right: Any, *, beyond: bool) -> None:
    most = part.cost(right)
    costs = [cost for other in _others(right, beyond=beyond) if isfinite(cost := part.cost(other))]
    if not isfinite(most) or not costs:
        return
    near = NEAR * max(abs(most), *map(abs, costs))
    if max(costs) <= most + near and sum(cost < most - near for cost in costs) >= FEWEST:
        raise Mistake(
            f"the loss is {most:.3g} for answers that are the labels themselves, and less for any others, "
            f"{costs[0]:.3g} for those of other examples: its sign is wrong{meant('loss sign')}"
        )


def _others(right: Any, *, beyond: bool) -> Iterator[Any]:
    """Answers that are worse than the right ones, those of other examples first; in the end, some beyond."""
    mean = np.broadcast_to(right.mean(axis=0, keepdims=True), right.shape)
    yield np.roll(right, 1, axis=0)
    yield np.roll(right, 2, axis=0)
    yield mean
    yield 0.5 * (right + mean)
    yield 0.9 * right + 0.1 * mean
    if beyond:
        away = np.random.default_rng(0).normal(0, right.std(), right.shape)
        yield right + away
        yield right - away
        yield 2 * right - mean
        yield 2 * right


def _refuse_wrong_order(part: Part, p: Any) -> None:
    """Mistake for a cross-entropy that takes the labels for answers, and the answers for labels."""
    if p.min() < 0 or p.max() > 1 or part.labels.size != p.size or not np.isin(part.labels, (0, 1)).all():
        return
    classes = p.shape[-1] if _are_shares(p) else 2
    cost = part.cost(np.full(p.shape, 1 / classes))
    if abs(cost / (LEAST * (1 - 1 / classes)) - 1) < EXACT:
        raise Mistake(
            f"the loss is {cost:.4g} for equal chances, as a cross-entropy is that takes the labels for "
            f"answers and the answers for labels: a loss is given the labels first{meant('loss sign')}"
        )

"""How near a model is to having learnt examples by heart, output by output."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log
from typing import Any

import numpy as np

from planner.worker.tiny.costs import LEAST, Costs
from planner.worker.tiny.outputs import Output, are_chances, of_keras, probabilities, yes

SURE = 0.1
"""Cross-entropy over ln C below which a classifier has learnt its examples by heart."""
UNEXPLAINED = 0.05
"""Share of the labels' variance that may be left of a number learnt by heart."""
PARTS = 8
"""Labels of one example from which on an answer is a picture or a text, parts of which may stay wrong."""
MOST_PARTS = 0.9
"""Share of the parts of such answers that must be right."""
LEFT_OF_MISSES = 0.6
"""Share of what one and the same answer gets wrong that may be wrong still."""
LEFT_OF_PARTS = 0.3
"""Share of their variance that may be left."""
SMALL = 0.05
"""Share of the best constant answer's loss that counts as near zero, where a loss is not known."""
FAR = 0.5
"""Share above which nothing can be learnt by heart, where the loss is known."""
NEARLY = 0.25
"""Share that counts as learnt when every way has been tried: one example of many may be left over."""
HALF = 0.5
"""The same where a loss may have another floor than zero, and training has ended."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """Where a model stands on the examples."""

    loss: float
    """The loss without penalties."""
    costs: Costs
    """What it can be expected to lie between."""
    near: bool
    """Whether they are learnt by heart."""
    found: str
    """What was found of the answers, such as `30 of 30 right`; empty where nothing can be said."""
    known: bool
    """Whether near zero means what it says: Keras's own losses, answers with a kind."""
    right: bool = False
    """Whether every answer is right, however much it costs."""

    @property
    def constant(self) -> float:
        """What the best constant answer would cost; infinite where unknown."""
        return self.costs.constant

    @property
    def left(self) -> float:
        """Loss over that of the best constant; infinite where it can't be said."""
        return self.costs.left(self.loss)


def nearness(model: Any, outputs: list[Output], loss: float, costs: Costs) -> Nearness:
    """Judge the answers that `outputs` hold; `loss` and `costs` as of the same examples."""
    known = bool(outputs) and all(one.kind != "unknown" for one in outputs) and of_keras(model)
    found = [_judge(one) for one in outputs if one.kind != "unknown"]
    whole = bool(found) and len(found) == len(outputs)
    near = whole and all(judged.near for judged in found)
    said = "; ".join(judged.found for judged in found)
    right = whole and all(judged.right for judged in found)
    left = costs.left(loss)
    # Right answers that Keras's own loss finds dear are not those that it asks for.
    near = near and not (known and costs.sound and left > FAR)
    return Nearness(loss, costs, isfinite(loss) and (near or left <= SMALL), said, known, right)


def learnt_by_heart(state: Nearness) -> bool:
    """Whether, when every way has been tried, so little is left that nothing can be in its way."""
    return state.near or (state.known and state.left <= NEARLY) or _enough_for_own_loss(state)


def _enough_for_own_loss(state: Nearness) -> bool:
    """Whether a loss whose floor nobody knows has fallen by what counts as learning."""
    if state.known or not isfinite(state.loss):
        return False
    if state.right or not isfinite(state.constant):
        return True
    return state.loss <= state.constant - (1 - HALF) * abs(state.constant)


@dataclass(frozen=True, slots=True)
class _Judged:
    near: bool
    right: bool
    found: str


def _judge(output: Output) -> _Judged:
    if output.kind == "numbers":
        return _judge_numbers(output)
    right, doubt = _right(output), _doubt(output)
    many = right.reshape(len(right), -1).shape[1] if right.ndim > 1 else 1
    counted = right if output.weight is None else right[_where(output.weight, right)]
    if many > PARTS:
        share = float(counted.mean()) if counted.size else 1.0
        good = share >= MOST_PARTS and 1 - share <= LEFT_OF_MISSES * (1 - _always_the_same(output))
        return _Judged(good, good, f"{share:.0%} of the answers' parts are right")
    good = bool(counted.all())
    whole = right.reshape(len(right), -1).all(axis=1)
    return _Judged(good and doubt <= SURE, good, f"{int(whole.sum())} of {len(whole)} right")


def _always_the_same(output: Output) -> float:
    """The share of the parts that one and the same answer gets right."""
    classes, counts = np.unique(output.labels, return_counts=True)
    return float(counts.max() / output.labels.size) if len(classes) > 1 else 0.0


def _right(output: Output) -> Any:
    if output.kind == "classes":
        return output.answers.argmax(axis=-1) == output.labels
    middle = 0.5 if are_chances(output.answers) else 0.0
    return (output.answers > middle) == (output.labels > 0)


def _doubt(output: Output) -> float:
    """Mean cross-entropy of the labels over ln C, above what labels that are no certainties cost anyway."""
    if output.kind == "several":
        chances = yes(output.answers)
        own, classes = np.where(output.labels > 0, chances, 1 - chances), 2
        costs = -np.log(np.clip(own, LEAST, 1))
    else:
        chances = np.log(np.clip(probabilities(output.answers), LEAST, 1))
        classes = chances.shape[-1]
        shares = np.eye(classes)[output.labels] if output.shares is None else output.shares
        costs = (shares * (np.log(np.clip(shares, LEAST, 1)) - chances)).sum(axis=-1)
    counted = costs if output.weight is None else costs[_where(output.weight, costs)]
    return float(counted.mean() / log(classes)) if counted.size else 0.0


def _where(weight: Any, values: Any) -> Any:
    """A mask of the values' shape; of every place where the weights don't fit it."""
    if np.shape(weight) != values.shape:
        return np.ones(values.shape, dtype=bool)
    return np.asarray(weight) > 0


def _judge_numbers(output: Output) -> _Judged:
    truth = output.labels.reshape(len(output.labels), -1)
    values = output.answers.reshape(len(truth), -1)
    spread = float(np.square(truth - truth.mean(axis=0)).sum())
    error = float(np.square(truth - values).sum())
    if spread == 0:
        good = error <= 1e-3 * max(1.0, float(np.square(truth).sum()))
        return _Judged(good, good, "the labels are all the same")
    left = error / spread
    good = left <= (LEFT_OF_PARTS if truth.shape[1] > PARTS else UNEXPLAINED)
    return _Judged(good, good, f"{left:.1%} of the labels' variance is left")

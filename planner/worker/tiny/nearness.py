"""How near a model is to having learnt examples by heart, output by output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.tiny.choose import is_one_hot

Floats = np.ndarray[Any, np.dtype[np.float64]]

SURE = 0.1
"""Cross-entropy over ln C below which a classifier has learnt its examples by heart."""
UNEXPLAINED = 0.05
"""Share of the labels' variance that may be left of a number learnt by heart."""
PARTS = 8
"""Labels of one example from which on an answer is a picture or a text, parts of which may stay wrong."""
MOST_PARTS = 0.9
"""Share of the parts of such answers that must be right."""
LEFT_OF_PARTS = 0.3
"""Share of their variance that may be left."""
SMALL = 0.05
"""Share of the best constant answer's loss that counts as near zero, where a loss is not known."""
NEARLY = 0.25
"""Share that counts as learnt when every way has been tried: one example of many may be left over."""
HALF = 0.5
"""The same where a loss may have another floor than zero, and training has ended."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a model with the labels it is trained on."""

    kind: str
    """`classes`, `several` (yes or no, each by itself), `numbers`, or `unknown`."""
    labels: Any
    """(n, …): numbers of classes, or values of the answers' shape."""
    answers: Any
    """(n, …) as floats; of classes with their scores on the last axis."""
    weight: Any = None
    """(n, …) above 0 where a place counts; None where all do."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """Where a model stands on the examples."""

    loss: float
    """The loss without penalties."""
    constant: float
    """What the best constant answer would cost; infinite where unknown."""
    near: bool
    """Whether they are learnt by heart."""
    found: str
    """What was found of the answers, such as `30 of 30 right`; empty where nothing can be said."""
    known: bool
    """Whether near zero means what it says: Keras's own losses, answers with a kind."""

    @property
    def left(self) -> float:
        """Loss over that of the best constant; infinite where that is unknown or not above 0."""
        if not isfinite(self.loss):
            return float("inf")
        return self.loss / self.constant if self.constant > 0 else float("inf")


def nearness(model: Any, outputs: list[Output], loss: float, constant: float) -> Nearness:
    """Judge the answers that `outputs` hold; `loss` and `constant` as of the same examples."""
    known = bool(outputs) and all(one.kind != "unknown" for one in outputs) and of_keras(model)
    found = [_judge(one) for one in outputs if one.kind != "unknown"]
    near = bool(found) and len(found) == len(outputs) and all(good for good, _ in found)
    small = not known and isfinite(constant) and constant > 0 and loss <= SMALL * constant
    return Nearness(loss, constant, isfinite(loss) and (near or small), "; ".join(s for _, s in found), known)


def nearly(state: Nearness) -> bool:
    """Whether so little of the loss is left, when training has ended, that nothing can be in its way."""
    return state.known and 0 <= state.left <= NEARLY


def enough_for_own_loss(state: Nearness) -> bool:
    """Whether a loss whose floor nobody knows has fallen by what counts as learning."""
    if state.known or not isfinite(state.loss):
        return False
    if not isfinite(state.constant):
        return True
    return state.loss <= state.constant - (1 - HALF) * abs(state.constant)


def outputs_of(model: Any, examples: Arrays, answers: Any) -> list[Output]:
    """The outputs that a loss is taken of, each beside its labels."""
    found = []
    for path, weight in _trained(model):
        if weight == 0:
            continue
        answer, label = _at(answers, path), _at(examples.y, path)
        mask = examples.weight if len(leaves(answers)) == 1 else None
        found.append(_output(label, answer, mask))
    return found


def of_keras(model: Any) -> bool:
    """Whether all its losses are Keras's own, whose smallest value is known."""
    for part in model._compile_loss._flat_losses or ():
        function = getattr(part.loss, "fn", None) or type(part.loss)
        if not str(function.__module__).startswith("keras."):
            return False
    return True


def best_constant(loss: Callable[[Any], float], outputs: list[Output], answers: Any) -> float:
    """What the cheapest of some constant answers costs; infinite where none can be had.

    `loss` takes answers in the model's own structure. Only of models with a single output; of several
    their means are taken.
    """
    candidates = [
        _mapped(answers, lambda leaf: np.broadcast_to(leaf.mean(axis=0, keepdims=True), leaf.shape))
    ]
    if len(outputs) == 1 and len(leaves(answers)) == 1:
        candidates += [_alike(answers, each) for each in _constants(outputs[0])]
    costs = [cost for one in candidates if isfinite(cost := loss(one))]
    return min(costs, default=float("inf"))


def probabilities(answers: Any) -> Floats:
    """Scores on the last axis as probabilities, whether they are logits or shares of something."""
    values = np.asarray(answers, dtype=np.float64)
    if (values >= 0).all() and (values <= 1.001).all():
        return np.asarray(values / np.clip(values.sum(axis=-1, keepdims=True), 1e-7, None))
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def _yes(answers: Any) -> Floats:
    """Each answer as the probability of a yes."""
    values = np.asarray(answers, dtype=np.float64)
    chances = values if _are_chances(values) else np.exp(-np.logaddexp(0, -values))
    return np.asarray(chances)


def _are_chances(values: Any) -> bool:
    return bool(values.min() >= 0 and values.max() <= 1)


def _constants(output: Output) -> list[Any]:
    shape, kind = output.answers.shape, output.kind
    dtype = np.float32
    if kind == "classes":
        classes = shape[-1]
        shares = np.bincount(output.labels.reshape(-1), minlength=classes)[:classes] / output.labels.size
        shares = np.clip(shares, 1e-7, 1)
        logs = np.log(shares)
        return [np.broadcast_to(each.astype(dtype), shape) for each in (shares, logs)]
    if kind == "unknown":
        return []
    values = output.labels.astype(np.float64)
    if kind == "several":
        share = np.clip(values.mean(axis=0), 1e-7, 1 - 1e-7)
        centres = [share, np.log(share / (1 - share))]
    else:
        centres = [values.mean(axis=0), np.median(values, axis=0)]
    return [np.broadcast_to(centre.astype(dtype), shape) for centre in centres]


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(part, change) for part in value]
    return change(value)


def _alike(answers: Any, constant: Any) -> Any:
    """A constant in the structure of a single output's answers."""
    return _mapped(answers, lambda _: constant)


def _trained(model: Any) -> list[tuple[tuple[Any, ...], float]]:
    """Where in the answers each loss looks, and its weight."""
    parts = model._compile_loss._flat_losses or ()
    return [
        (tuple(part.path), 1.0 if part.loss_weights is None else float(part.loss_weights)) for part in parts
    ]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        if isinstance(value, dict):
            keys = list(value)
            value = value[step] if step in value else value[keys[step]]
        elif isinstance(value, list | tuple) and isinstance(step, int):
            value = value[step]
    return leaves(value)[0] if isinstance(value, dict | list | tuple) else value


def _output(label: Any, answer: Any, mask: Any) -> Output:
    labels, answers = np.asarray(label), np.asarray(answer)
    if labels.dtype.kind not in "biuf" or answers.ndim == 0 or len(labels) != len(answers):
        return Output("unknown", labels, answers)
    answers = answers.astype(np.float64)
    same = labels.reshape(len(labels), -1).shape[1] == answers.reshape(len(answers), -1).shape[1]
    if same:
        labels = labels.reshape(answers.shape)
        if answers.ndim > 1 and answers.shape[-1] > 1 and _are_shares(labels):
            return Output("classes", labels.argmax(axis=-1), answers, mask)
        return Output(_yes_or_no(labels) or "numbers", _as_yes(labels), answers, mask)
    if labels.reshape(-1).size * answers.shape[-1] == answers.size and _whole(labels, answers.shape[-1]):
        return Output("classes", labels.astype(int).reshape(answers.shape[:-1]), answers, mask)
    return Output("unknown", labels, answers)


def _are_shares(labels: Any) -> bool:
    return is_one_hot(labels.reshape(-1, labels.shape[-1]))


def _whole(labels: Any, classes: int) -> bool:
    return bool(np.array_equal(labels, np.rint(labels)) and labels.min() >= 0 and labels.max() < classes)


def _yes_or_no(labels: Any) -> str | None:
    return (
        "several" if set(np.unique(labels)) <= {0.0, 1.0} or set(np.unique(labels)) == {-1.0, 1.0} else None
    )


def _as_yes(labels: Any) -> Any:
    return (labels > 0).astype(float) if _yes_or_no(labels) else labels.astype(float)


def _judge(output: Output) -> tuple[bool, str]:
    if output.kind == "numbers":
        return _judge_numbers(output)
    right, doubt = _right(output), _doubt(output)
    many = right.reshape(len(right), -1).shape[1] if right.ndim > 1 else 1
    counted = right if output.weight is None else right[_where(output.weight, right)]
    if many > PARTS:
        share = float(counted.mean()) if counted.size else 1.0
        return share >= MOST_PARTS, f"{share:.0%} of the answers' parts are right"
    good = bool(counted.all()) and doubt <= SURE
    whole = right.reshape(len(right), -1).all(axis=1)
    return good, f"{int(whole.sum())} of {len(whole)} right"


def _right(output: Output) -> Any:
    if output.kind == "classes":
        return output.answers.argmax(axis=-1) == output.labels
    middle = 0.5 if _are_chances(output.answers) else 0.0
    return (output.answers > middle) == (output.labels > 0)


def _doubt(output: Output) -> float:
    """Mean cross-entropy of the labels over ln C."""
    if output.kind == "several":
        chances = _yes(output.answers)
        own, classes = np.where(output.labels > 0, chances, 1 - chances), 2
    else:
        chances = probabilities(output.answers)
        own = np.take_along_axis(chances, output.labels[..., None], axis=-1)[..., 0]
        classes = chances.shape[-1]
    costs = -np.log(np.clip(own, 1e-7, 1))
    counted = costs if output.weight is None else costs[_where(output.weight, costs)]
    return float(counted.mean() / log(classes)) if counted.size else 0.0


def _where(weight: Any, values: Any) -> Any:
    """A mask of the values' shape; of every place where the weights don't fit it."""
    if np.shape(weight) != values.shape:
        return np.ones(values.shape, dtype=bool)
    return np.asarray(weight) > 0


def _judge_numbers(output: Output) -> tuple[bool, str]:
    truth = output.labels.reshape(len(output.labels), -1)
    values = output.answers.reshape(len(truth), -1)
    spread = float(np.square(truth - truth.mean(axis=0)).sum())
    error = float(np.square(truth - values).sum())
    if spread == 0:
        return error <= 1e-3 * max(1.0, float(np.square(truth).sum())), "the labels are all the same"
    left = error / spread
    good = left <= (LEFT_OF_PARTS if truth.shape[1] > PARTS else UNEXPLAINED)
    return good, f"{left:.1%} of the labels' variance is left"

"""The outputs of a model, each with what its answers and labels are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.tiny.choose import is_one_hot

Floats = np.ndarray[Any, np.dtype[np.float64]]


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
    path: tuple[Any, ...] = ()
    """Where in the model's answers it stands."""
    shares: Any = None
    """(n, …, classes): how much of each class a label is, where it is given as shares; else None."""


def outputs_of(model: Any, examples: Arrays, answers: Any) -> list[Output]:
    """The outputs that a loss is taken of, each beside its labels."""
    found = []
    for path, weight in _trained(model):
        if weight == 0:
            continue
        answer, label = at(answers, path), at(examples.y, path)
        mask = examples.weight if len(leaves(answers)) == 1 else None
        found.append(replace(_output(label, answer, mask), path=path))
    return found


def of_keras(model: Any) -> bool:
    """Whether all its losses are Keras's own, whose smallest value is known."""
    for part in model._compile_loss._flat_losses or ():
        function = getattr(part.loss, "fn", None) or type(part.loss)
        if not str(function.__module__).startswith("keras."):
            return False
    return True


def probabilities(answers: Any) -> Floats:
    """Scores on the last axis as probabilities, whether they are logits or shares of something."""
    values = np.asarray(answers, dtype=np.float64)
    if (values >= 0).all() and (values <= 1.001).all():
        return np.asarray(values / np.clip(values.sum(axis=-1, keepdims=True), 1e-7, None))
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def yes(answers: Any) -> Floats:
    """Each answer as the probability of a yes."""
    values = np.asarray(answers, dtype=np.float64)
    chances = values if are_chances(values) else np.exp(-np.logaddexp(0, -values))
    return np.asarray(chances)


def are_chances(values: Any) -> bool:
    """Whether values can be probabilities."""
    return bool(values.min() >= 0 and values.max() <= 1)


def _trained(model: Any) -> list[tuple[tuple[Any, ...], float]]:
    """Where in the answers each loss looks, and its weight."""
    parts = model._compile_loss._flat_losses or ()
    return [
        (tuple(part.path), 1.0 if part.loss_weights is None else float(part.loss_weights)) for part in parts
    ]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """The leaf of a structure that a loss looks at."""
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
            return Output("classes", labels.argmax(axis=-1), answers, mask, shares=labels)
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

"""Does the goal's accuracy find right answers right?"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import BINARY, CATEGORICAL, SPARSE, VALUES, Head
from planner.worker.checks.subject import Subject

SURE = 0.98
"""How sure the right answers are."""
RIGHT = 0.9
"""The least accuracy of right answers."""


def finds_right(subject: Subject, found: list[Head], metric: str) -> str:
    """A sentence on the goal's metric; Mistake for an accuracy that finds right answers wrong.

    As where it is one of class numbers, and the labels are one-hot, or of classes, and they are any numbers.
    """
    name = metric.removeprefix("val_")
    if len(found) != 1 or not _is_accuracy(subject.model, name) or (right := _right(found[0])) is None:
        return "not asked: it is no accuracy of classes that are known"
    value = _measured(subject, name, keras.ops.convert_to_tensor(right.astype("float32")))
    if value < RIGHT:
        raise Mistake(
            f"{metric} is {value:.3g} for right answers: an accuracy of another kind of labels, or of "
            f"numbers, which are hardly ever met exactly{meant('right answers')}"
        )
    return f"{metric} is {value:.3g} for right answers"


def _is_accuracy(model: Any, name: str) -> bool:
    """Whether the metric of that name is one of Keras's accuracies, and the only one that could be meant."""
    named = [one for one in _metrics(model) if one.name == name]
    return len(named) == 1 and type(named[0]).__module__.startswith("keras.") and "acc" in _kind(named[0])


def _metrics(model: Any) -> list[Any]:
    inner = getattr(model, "_compile_metrics", None)
    return list(getattr(inner, "metrics", None) or [])


def _kind(metric: Any) -> str:
    function = getattr(getattr(metric, "_fn", None), "__name__", "")
    return f"{type(metric).__name__} {function}".lower()


def _right(head: Head) -> Any:
    """Answers that are right and nearly sure, as the model would give them; None where nobody knows."""
    y, shape = head.labels, head.answers.shape
    if y.dtype.kind not in "iufb" or head.config.get("ignore_class") is not None:
        return None
    if head.kind == VALUES:
        return y.reshape(shape).astype(float) if y.size == head.answers.size else None
    if head.kind == SPARSE:
        shares = np.eye(shape[-1])[y.reshape(shape[:-1]).astype(int)]
    elif head.kind in (CATEGORICAL, BINARY) and y.size == head.answers.size and np.isin(y, (0, 1)).all():
        shares = y.reshape(shape).astype(float)
    else:
        return None
    others = 2 if head.kind == BINARY else shape[-1]
    chances = SURE * shares + (1 - SURE) / others
    if not head.logits:
        return chances
    return np.log(chances / (1 - chances)) if head.kind == BINARY else np.log(chances)


def _measured(subject: Subject, name: str, answers: Any) -> float:
    """What the metric is for these answers to the first few examples; all metrics begin anew afterwards."""
    model, batch = subject.model, subject.few[0]
    model.reset_metrics()
    try:
        return float(model.compute_metrics(batch.x, batch.y, answers)[name])
    finally:
        model.reset_metrics()

"""Where a model's answers can lie at all, whatever its weights are."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import BINARY, SPARSE, VALUES, Head
from planner.worker.checks.subject import Subject, floats, number

DRAWS = 8
"""How many times other weights are drawn."""
TELLING = 3
"""How many of these must give answers that differ, for the others show nothing: a unit may be dead there."""
WILD = 10.0
"""How large they are, as a multiple of the model's own."""
LEAST = 0.1
"""What a weight that begins at 0 is taken to measure."""
MOST = 0.1
"""Share of the labels that may lie where no answer can."""


def refuse_out_of_reach(subject: Subject, found: list[Head]) -> None:
    """Mistake for logits that are probabilities already, and for labels that no answer can be."""
    if len(found) != 1 or not _doubtful(found[0]):
        return
    low, high = reach(subject)
    head = found[0]
    if head.kind in (BINARY, SPARSE) and low >= 0 and high <= 1:
        raise Mistake(
            "the answers lie between 0 and 1 whatever the weights, as probabilities do, and the loss with "
            f"from_logits=True makes them so again; drop the sigmoid or from_logits{meant('probabilities')}"
        )
    if head.kind == VALUES:
        _refuse_labels_beyond(head.labels.astype(float), low, high)


def _doubtful(head: Head) -> bool:
    """Whether the answers look as if something held them within bounds that do not fit."""
    p = head.answers
    if head.kind in (BINARY, SPARSE):
        return head.logits and p.min() >= 0 and p.max() <= 1
    outside = _share_outside(head.labels.astype(float), min(0.0, p.min()), max(1.0, p.max()))
    return head.kind == VALUES and p.min() >= -1 and outside > MOST


def _refuse_labels_beyond(labels: Any, low: float, high: float) -> None:
    floor = next((bound for bound in (0.0, -1.0) if low >= bound), -np.inf)
    top = 1.0 if high <= 1 and floor > -np.inf else np.inf
    if (share := _share_outside(labels, floor, top)) > MOST:
        bounds = f"below {floor:g}" if top == np.inf else f"outside {floor:g} to {top:g}"
        raise Mistake(
            f"the answers are never {bounds} whatever the weights, and {share:.0%} of the labels are: look "
            f"at the last layer's activation, and at the scale of the labels{meant('probabilities')}"
        )


def _share_outside(labels: Any, low: float, high: float) -> float:
    return float(np.mean((labels < low) | (labels > high)))


def reach(subject: Subject) -> tuple[float, float]:
    """The smallest and the largest answer under other weights; infinities where nobody can tell."""
    weights = subject.model.trainable_variables
    kept, draw = [number(weight) for weight in weights], np.random.default_rng(0)
    given = []
    try:
        for _ in range(DRAWS):
            for weight, value in zip(weights, kept, strict=True):
                size = WILD * max(LEAST, float(np.sqrt(np.mean(np.square(value, dtype=np.float64)))))
                weight.assign(draw.normal(0, size, value.shape).astype(value.dtype))
            given.append(floats(subject.answers(subject.few[0])))
    finally:
        for weight, value in zip(weights, kept, strict=True):
            weight.assign(value)
        subject.answers(subject.few[0])  # the model keeps the penalties of its latest answer
    telling = [one for one in given if np.isfinite(one).all() and np.ptp(one) > 0]
    if len(telling) < TELLING:
        return -np.inf, np.inf
    return min(float(one.min()) for one in telling), max(float(one.max()) for one in telling)

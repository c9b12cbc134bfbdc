"""Is the loss before training what an untrained model costs?"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, log
from typing import Any

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import BINARY, CATEGORICAL, SPARSE, Head
from planner.worker.checks.subject import Subject

FAR = 20.0
"""Times what equal chances cost from which a first loss is looked at beside the baseline's."""
WORSE = 5.0
"""Times the baseline's first loss from which that of an idea is a mistake."""
ABSURD = 10000.0
"""Times what equal chances cost that no inputs explain."""


def first_loss(subject: Subject, answers: Any, found: list[Head], usual: Callable[[], float | None]) -> str:
    """A sentence on the loss; Mistake when it is not finite, or absurd for the choice the model has.

    `usual` answers the first loss of the baseline's model, None where there is none.
    """
    loss = subject.loss(subject.few[0], answers)
    if not isfinite(loss):
        raise Mistake(
            f"the loss before training is {loss}: look at the scale of the data, the labels, the loss itself"
        )
    expected = None if found and found[0].config.get("reduction") == "sum" else equal_chances(found)
    if expected is None:
        return f"the loss before training is {loss:.4g}"
    said = f"the loss before training is {loss:.4g}; equal chances cost {expected:.4g}"
    if loss > ABSURD * expected or (loss > FAR * expected and _beyond(loss, usual())):
        raise Mistake(
            f"{said}: look at the scale of the inputs and of the first weights, and at the order of the "
            f"loss's arguments{meant('loss')}"
        )
    return said


def equal_chances(found: list[Head]) -> float | None:
    """The cross-entropy of answers that hold every class for equally likely; None for any other loss."""
    if len(found) != 1 or found[0].kind not in (SPARSE, CATEGORICAL, BINARY):
        return None
    return log(2) if found[0].kind == BINARY else log(max(2, found[0].classes))


def _beyond(loss: float, usual: float | None) -> bool:
    return usual is not None and isfinite(usual) and loss > WORSE * usual

"""Is the answer to an example the same whatever else is in its batch?"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.subject import Subject, floats, part_of
from planner.worker.data import Arrays, leaves

CLOSE = 2e-3
"""Relative difference up to which two numbers of single precision count as the same."""
COARSE = 5e-2
"""Likewise of half precision."""


def examples_apart(subject: Subject, answers: Any, *, half: bool) -> str:
    """Is the answer to an example the same without the others? A sentence; Mistake when it is not."""
    if (found := leak(subject, answers, half=half)) is None:
        return "not asked: the model draws lots when asked, or its answers are about a whole batch"
    if not found:
        return "the answer to an example is the same without the others"
    raise Mistake(
        "the answer to an example depends on the others of its batch: something is computed over the axis of "
        f"the examples{meant('examples')}"
    )


def leak(subject: Subject, answers: Any, *, half: bool) -> bool | None:
    """Whether one example's answer depends on the others; None where it can't be told."""
    batch = subject.few[0]
    if len(batch) < 2 or _one_size(subject.model) or not repeats(subject, batch, answers):
        return None
    alone = subject.answers(batch.take(slice(0, 1)))
    same = [
        (floats(one), floats(other))
        for one, other in zip(leaves(part_of(answers, slice(0, 1))), leaves(alone), strict=True)
    ]
    if any(one.shape != other.shape for one, other in same):
        return None  # answers that compare each example with each
    near = COARSE if half else CLOSE
    return not all(close(one, other, near) for one, other in same)


def repeats(subject: Subject, batch: Arrays, answers: Any) -> bool:
    """Whether the model answers the same again, as one that draws lots when asked does not."""
    again = zip(leaves(answers), leaves(subject.answers(batch)), strict=True)
    return all(close(floats(one), floats(other), 1e-5) for one, other in again)


def _one_size(model: Any) -> bool:
    """Whether the model takes batches of one size alone."""
    inputs = getattr(model, "inputs", None) or []
    return any(one.shape[0] is not None for one in inputs) or any(
        getattr(layer, "stateful", False) for layer in model._flatten_layers()
    )


def close(one: Any, other: Any, near: float) -> bool:
    """Whether two arrays of one shape are the same but for a share `near` of the largest number."""
    if one.shape != other.shape:
        return False
    scale = max(1e-8, float(np.max(np.abs(one), initial=0.0)))
    return bool(np.max(np.abs(one - other), initial=0.0) <= near * scale)

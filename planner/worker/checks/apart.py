"""Does each example stand for itself: in the model's answers, and in the loss?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.subject import Subject, floats, part_of
from planner.worker.data import Arrays, leaves, rows

CLOSE = 2e-3
"""Relative difference up to which two numbers of single precision count as the same."""
LITTLE = 2e-4
"""Relative difference up to which two losses of the same answers do."""
TOLD = 1e-2
"""How far answers must differ between examples, as a share of the largest."""
COARSE = 5e-2
"""Likewise of half precision."""


def examples_apart(subject: Subject, answers: Any, *, half: bool, usual: Callable[[], bool | None]) -> str:
    """Is the answer to an example the same without the others? Mistake when it is in the baseline alone.

    `usual` answers whether the baseline's examples leak too, None where there is no baseline.
    """
    if (found := leak(subject, answers, half=half)) is None:
        return "not asked: the model's batches are of one size, or it draws lots when asked"
    if not found:
        return "the answer to an example is the same without the others"
    if usual():
        return "the answer to an example depends on the others of its batch, as in the baseline"
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
    same = zip(leaves(part_of(answers, slice(0, 1))), leaves(alone), strict=True)
    near = COARSE if half else CLOSE
    return not all(_close(floats(one), floats(other), near) for one, other in same)


def repeats(subject: Subject, batch: Arrays, answers: Any) -> bool:
    """Whether the model answers the same again, as one that draws lots when asked does not."""
    again = zip(leaves(answers), leaves(subject.answers(batch)), strict=True)
    return all(_close(floats(one), floats(other), 1e-5) for one, other in again)


def loss_apart(subject: Subject, answers: Any, usual: Callable[[], bool | None]) -> str:
    """Is the loss of a batch the mean of its halves'? Mistake when it mixes examples."""
    batch = subject.few[0]
    if len(batch) < 4:
        return "not asked: there are too few examples"
    if getattr(subject.model.loss, "ignore_class", None) is not None:
        return "not asked: the loss leaves examples out"
    if _pairless(subject, answers):
        raise Mistake(
            "the loss does not depend on which label belongs to which example: answers of the shape "
            f"{_shapes(answers)} and labels of {_shapes(batch.y)} are stretched over one another, each "
            f"answer against every label{meant('batch loss')}"
        )
    if not mixes(subject, answers):
        return "the loss of a batch is the mean of its halves' losses"
    if (many := _own_losses(subject, answers)) is not None:
        raise Mistake(
            f"the loss gives {many} values for {len(batch)} examples: it is taken over the wrong axis"
            f"{meant('batch loss')}"
        )
    if usual():
        return "the loss of a batch is not the mean of its halves' losses, as in the baseline"
    raise Mistake(
        "the loss of a batch is not the mean of its halves' losses: it is taken over the axis of the "
        f"examples, or it compares examples with each other{meant('batch loss')}"
    )


def mixes(subject: Subject, answers: Any) -> bool:
    """Whether the loss of a batch differs from the mean of its halves' losses."""
    batch = subject.few[0]
    half = len(batch) // 2
    first, second, both = slice(0, half), slice(half, 2 * half), slice(0, 2 * half)
    whole, *halves = (_loss(subject, batch, answers, part) for part in (both, first, second))
    mean, total = np.array(sum(halves) / 2), np.array(sum(halves))
    return not _close(np.array(whole), total if _sums(subject.model.loss) else mean, LITTLE)


def _sums(loss: Any) -> bool:
    """Whether a loss of Keras's own is told to add up what the examples cost."""
    return any(getattr(one, "reduction", "") == "sum" for one in (leaves(loss) or [loss]))


def _loss(subject: Subject, batch: Arrays, answers: Any, index: Any) -> float:
    """The loss of some of the examples, without what the model adds for its weights and activities."""
    extra = sum(float(keras.ops.sum(loss)) for loss in subject.model.losses)
    return subject.loss(batch.take(index), part_of(answers, index), weighted=False) - extra


def _pairless(subject: Subject, answers: Any) -> bool:
    """Whether the loss stays as it is when the labels change places, although it looks at them."""
    batch = subject.few[0]
    if batch.y is None or not _tell_apart(answers):
        return False
    everything = slice(0, len(batch))
    mixed = Arrays(batch.x, part_of(batch.y, np.roll(np.arange(len(batch)), 1)))
    same = Arrays(batch.x, part_of(batch.y, np.zeros(len(batch), dtype=int)))
    before, after, otherwise = (_loss(subject, one, answers, everything) for one in (batch, mixed, same))
    return _close(np.array(before), np.array(after), 1e-5) and not _close(
        np.array(before), np.array(otherwise), 1e-5
    )


def _tell_apart(answers: Any) -> bool:
    """Whether the answers differ enough from example to example for a loss to notice which is whose."""
    arrays = [floats(leaf) for leaf in leaves(answers)]
    return all(np.std(one, axis=0).max(initial=0.0) > TOLD * np.abs(one).max(initial=0.0) for one in arrays)


def _own_losses(subject: Subject, answers: Any) -> int | None:
    """How many values the loss gives before it is reduced, where that is not one for each example."""
    loss, batch = subject.model.loss, subject.few[0]
    if not callable(loss) or not hasattr(answers, "shape") or not hasattr(batch.y, "shape"):
        return None
    some = len(batch) - 1 if len(batch) in answers.shape[1:] else len(batch)
    y = keras.ops.convert_to_tensor(batch.y[:some])
    given = (loss.call if isinstance(loss, keras.losses.Loss) else loss)(y, answers[:some])
    shape = tuple(getattr(given, "shape", ()))
    return int(shape[0]) if shape and shape[0] != some else None


def _one_size(model: Any) -> bool:
    """Whether the model takes batches of one size alone."""
    inputs = getattr(model, "inputs", None) or []
    return any(one.shape[0] is not None for one in inputs) or any(
        getattr(layer, "stateful", False) for layer in model._flatten_layers()
    )


def _close(one: Any, other: Any, near: float) -> bool:
    if one.shape != other.shape:
        return False
    scale = max(1e-8, float(np.max(np.abs(one), initial=0.0)))
    return bool(np.max(np.abs(one - other), initial=0.0) <= near * scale)


def _shapes(several: Any) -> str:
    return ", ".join(str(tuple(leaf.shape)) for leaf in leaves(several)) if rows(several) else ""

"""Is the loss of a batch made of what each of its examples costs?"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.apart import close
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import Head
from planner.worker.checks.subject import Subject, floats, part_of
from planner.worker.data import Arrays, leaves

LITTLE = 2e-4
"""Relative difference up to which two losses of the same answers are the same."""
ROUNDED = 1e-5
"""Likewise where only the order of the examples differs."""
TOLD = 1e-2
"""How far answers must differ between examples, as a share of the largest."""


def loss_apart(subject: Subject, answers: Any, found: list[Head]) -> str:
    """A sentence on the loss; Mistake where it pairs every answer with every label, or takes the wrong axis.

    A loss that compares examples with each other is none: contrastive ones and correlations do.
    """
    batch = subject.few[0]
    if found and all(head.kind for head in found):
        return "the loss is one of Keras's own, and the labels fit it"
    if len(batch) < 4:
        return "not asked: there are too few examples"
    if getattr(subject.model.loss, "ignore_class", None) is not None:
        return "not asked: the loss leaves examples out"
    if batch.y is not None and _pairless(subject, answers):
        raise Mistake(
            "the loss does not depend on which label belongs to which example: answers of the shape "
            f"{_shapes(answers)} and labels of {_shapes(batch.y)} are stretched over one another, each "
            f"answer against every label{meant('batch loss')}"
        )
    if (axis := _wrong_axis(subject, answers)) is not None:
        raise Mistake(
            f"the loss weighs answers of the shape {_shapes(answers)} against one another over axis {axis}, "
            f"and the classes stand on the last: it is taken over the wrong axis{meant('batch loss')}"
        )
    whole, halves = _whole_and_halves(subject, answers)
    if close(whole, np.mean(halves), LITTLE):
        return "the loss of a batch is the mean of its halves' losses"
    if (many := _own_losses(subject, answers)) is not None:
        raise Mistake(
            f"the loss gives {many} values for {len(batch)} examples: it is taken over the wrong axis"
            f"{meant('batch loss')}"
        )
    if close(whole, np.sum(halves), LITTLE):
        _refuse_mean_of_classes(subject, answers, float(whole))
        return "the loss of a batch is the sum of its halves' losses"
    return "the loss of a batch compares its examples with each other"


def _whole_and_halves(subject: Subject, answers: Any) -> tuple[Any, Any]:
    half = len(subject.few[0]) // 2
    parts = slice(0, 2 * half), slice(0, half), slice(half, 2 * half)
    whole, *halves = (loss_of(subject, subject.few[0], answers, part) for part in parts)
    return np.array(whole), np.array(halves)


def loss_of(subject: Subject, batch: Arrays, answers: Any, index: Any = ...) -> float:
    """The loss of some of the examples, without what the model adds for its weights and activities."""
    extra = sum(float(keras.ops.sum(loss)) for loss in subject.model.losses)
    if index is not ...:
        batch, answers = batch.take(index), part_of(answers, index)
    return subject.loss(batch, answers, weighted=False) - extra


def _pairless(subject: Subject, answers: Any) -> bool:
    """Whether the loss stays as it is when labels change places, although it looks at both."""
    batch = subject.few[0]
    given = _right(batch.y, answers)
    if given is None:
        if not _tell_apart(answers):
            return False
        given = answers
    mixed = Arrays(batch.x, part_of(batch.y, np.roll(np.arange(len(batch)), 1)))
    same = Arrays(batch.x, part_of(batch.y, np.zeros(len(batch), dtype=int)))
    before, after, otherwise = (np.array(loss_of(subject, one, given)) for one in (batch, mixed, same))
    moved = np.array(loss_of(subject, batch, keras.tree.map_structure(lambda one: one + 1, given)))
    return close(before, after, ROUNDED) and not (
        close(before, otherwise, ROUNDED) or close(before, moved, ROUNDED)
    )


def _right(labels: Any, answers: Any) -> Any:
    """Answers that are the labels themselves, on the answers' own scale or not; None where they can't be."""
    if not (hasattr(answers, "shape") and isinstance(labels, np.ndarray) and labels.dtype.kind in "iufb"):
        return None
    if labels.size != int(np.prod(answers.shape)):
        return None
    return keras.ops.convert_to_tensor(labels.reshape(answers.shape), dtype=answers.dtype)


def _tell_apart(answers: Any) -> bool:
    """Whether the answers differ enough from example to example for a loss to notice which is whose."""
    arrays = [floats(leaf) for leaf in leaves(answers)]
    return all(np.std(one, axis=0).max(initial=0.0) > TOLD * np.abs(one).max(initial=0.0) for one in arrays)


def _wrong_axis(subject: Subject, answers: Any) -> int | None:
    """The axis over which the loss takes its softmax, where that is not the classes'; None otherwise.

    A softmax stays as it is when all that it chooses among is raised, or as a share multiplied, alike.
    """
    y = subject.few[0].y
    if not hasattr(answers, "shape") or len(answers.shape) < 2 or not are_classes(y, answers):
        return None
    before, rank = loss_of(subject, subject.few[0], answers), len(answers.shape)
    for change in (np.add, np.multiply):
        kept = [_keeps(subject, answers, change, before, axis) for axis in (rank - 1, *range(rank - 1))]
        if not kept[0] and any(kept[1:]):
            return kept.index(True) - 1
    return None


def _keeps(subject: Subject, answers: Any, change: Any, before: float, axis: int) -> bool:
    """Whether the loss stays as it is when the answers change by what is alike all along an axis."""
    p = floats(answers)
    by = np.random.default_rng(0).uniform(0.5, 1.5, np.delete(p.shape, axis))
    changed = keras.ops.convert_to_tensor(change(p, np.expand_dims(by, axis)), dtype=answers.dtype)
    return close(np.array(before), np.array(loss_of(subject, subject.few[0], changed)), LITTLE)


def are_classes(y: Any, answers: Any) -> bool:
    """Whether labels name one of several classes, by number or one-hot."""
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iufb" or int(answers.shape[-1]) < 2:
        return False
    if y.shape == tuple(answers.shape):
        return bool(np.isin(y, (0, 1)).all() and (y.sum(axis=-1) == 1).all())
    whole = y.dtype.kind in "iu" and bool((y >= 0).all() and (y < int(answers.shape[-1])).all())
    return whole and y.size == int(np.prod(answers.shape[:-1]))


def _refuse_mean_of_classes(subject: Subject, answers: Any, loss: float) -> None:
    """Mistake for a cross-entropy that is added up over the examples, and averaged over the classes."""
    y, p = subject.few[0].y, floats(answers) if hasattr(answers, "shape") else None
    if (
        p is None
        or p.ndim != 2
        or not are_classes(y, answers)
        or p.min() <= 0
        or not np.allclose(p.sum(-1), 1, atol=1e-3)
    ):
        return
    hot = y if y.shape == p.shape else np.eye(p.shape[-1])[y.reshape(-1).astype(int)]
    many = 2 * (len(p) // 2)
    if close(np.array(loss * p.shape[-1]), np.array(-np.sum((hot * np.log(p))[:many])), LITTLE):
        raise Mistake(
            "the loss is added up over the examples and averaged over the classes: it is taken over the axis "
            f"of the examples{meant('batch loss')}"
        )


def _own_losses(subject: Subject, answers: Any) -> int | None:
    """How many values the loss gives before it is reduced, where that is not one for each example."""
    loss, batch = subject.model.loss, subject.few[0]
    if not callable(loss) or not hasattr(answers, "shape") or not hasattr(batch.y, "shape"):
        return None
    some = len(batch) - 1 if len(batch) in answers.shape[1:] else len(batch)
    kind = answers.dtype if batch.y.dtype.kind == "f" else None
    y = keras.ops.convert_to_tensor(batch.y[:some], dtype=kind)
    given = (loss.call if isinstance(loss, keras.losses.Loss) else loss)(y, answers[:some])
    shape = tuple(getattr(given, "shape", ()))
    return int(shape[0]) if shape and shape[0] != some else None


def _shapes(several: Any) -> str:
    return ", ".join(str(tuple(leaf.shape)) for leaf in leaves(several))

"""Are the labels and the answers what the loss takes them for?"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import BINARY, CATEGORICAL, SPARSE, VALUES, Head
from planner.worker.checks.reach import refuse_out_of_reach
from planner.worker.checks.subject import Subject
from planner.worker.data import Arrays

NEAR = 1e-3
"""How far a sum of probabilities may lie from 1, at single precision."""
COARSE = 2e-2
"""Likewise at half precision."""


def labels_fit(found: list[Head], everything: Any) -> str:
    """A sentence on the labels; Mistake when the loss would take them for something else.

    `everything` holds all of the training labels where there is one array of them, else None.
    """
    if not found:
        return "not asked: what the loss makes of the labels is not known"
    for head in found:
        if np.issubdtype(head.labels.dtype, np.floating) and not np.isfinite(head.labels).all():
            raise Mistake(f"the labels{head.called} hold NaN or infinity")
        _AXIS[head.kind](head) if head.kind in _AXIS else None
    if len(found) == 1 and found[0].kind == SPARSE and everything is not None:
        _in_range(found[0], everything)
    shapes = ", ".join(f"{head.labels.shape} against answers of {head.answers.shape}" for head in found)
    return f"labels of shape {shapes}"


def answers_fit(subject: Subject, found: list[Head], *, half: bool) -> str:
    """A sentence on the answers; Mistake when they are not what the loss takes them for, or never can be."""
    judged = [head for head in found if head.kind in (SPARSE, CATEGORICAL, BINARY)]
    for head in judged:
        (_logits if head.logits else _probabilities)(head, COARSE if half else NEAR)
    refuse_out_of_reach(subject, found)
    return (
        "the answers are what the loss takes them for"
        if judged
        else "not asked: the loss is no cross-entropy"
    )


def _sparse(head: Head) -> None:
    y, p = head.labels, head.answers
    if head.classes == 1:
        raise Mistake(
            f"the model gives one number{head.called} for each example, and the cross-entropy of a single "
            "class is always 0; give a unit for each class, or use binary_crossentropy with a sigmoid"
        )
    if y.shape == p.shape:
        raise Mistake(
            f"the labels{head.called} are rows of {head.classes} numbers, as one-hot labels are; with them "
            "the loss is categorical_crossentropy, sparse_categorical_crossentropy takes class numbers"
        )
    if y.shape not in (p.shape[:-1], (*p.shape[:-1], 1)):
        raise Mistake(
            f"the labels{head.called} have the shape {y.shape}, and answers of {p.shape} need class numbers "
            f"of the shape {p.shape[:-1]}"
        )
    _in_range(head, y)


def _in_range(head: Head, y: Any) -> None:
    ignored = head.config.get("ignore_class")
    known = y if ignored is None else y[y != ignored]
    if known.dtype.kind not in "iufb" or not known.size:
        return
    if not np.array_equal(known, np.round(known)):
        raise Mistake(f"the labels{head.called} are no class numbers: one of them is {_one_broken(known):g}")
    low, high = known.min(), known.max()
    if low < 0 or high >= head.classes:
        wrong = low if low < 0 else high
        hint = "; do the labels count from 1?" if low == 1 and high == head.classes else ""
        raise Mistake(
            f"there is a label {wrong:g}{head.called}, and a model with {head.classes} answers knows the "
            f"classes 0 to {head.classes - 1}{hint}"
        )


def _categorical(head: Head) -> None:
    y, p = head.labels, head.answers
    axis = head.config.get("axis", -1)
    if axis not in (-1, p.ndim - 1):
        raise Mistake(
            f"the loss{head.called} is taken over axis {axis}, and the classes stand on the last axis of "
            f"answers of the shape {p.shape}; write axis=-1{meant('labels')}"
        )
    if head.classes == 1:
        raise Mistake(
            f"the model gives one number{head.called} for each example, and the cross-entropy of a single "
            "class is always 0; give a unit for each class, or use binary_crossentropy with a sigmoid"
        )
    if y.shape != p.shape:
        raise Mistake(
            f"the labels{head.called} have the shape {y.shape}, and categorical_crossentropy needs one-hot "
            f"labels of the shape {p.shape}; class numbers go with sparse_categorical_crossentropy"
        )
    if (y.astype(float).sum(axis=-1) > 1 + COARSE).any() or (y.astype(float) < 0).any():
        raise Mistake(
            f"the labels{head.called} of an example add up to more than 1: of several classes at once "
            f"binary_crossentropy takes each by itself{meant('labels')}"
        )


def _binary(head: Head) -> None:
    _same_shape(head)
    y = head.labels.astype(float)
    if y.min() < 0 or y.max() > 1:
        wrong = y.min() if y.min() < 0 else y.max()
        raise Mistake(
            f"there is a label {wrong:g}{head.called}, and binary_crossentropy takes labels from 0 to 1"
            f"{meant('labels')}"
        )


def _same_shape(head: Head) -> None:
    """Arrays of other shapes are stretched over one another without a word."""
    y, p = head.labels.shape, head.answers.shape
    if y == p or (*y, 1) == p or y == (*p, 1):
        return
    raise Mistake(
        f"the labels{head.called} have the shape {y} and the answers {p}: the loss would stretch one over "
        f"the other{meant('labels')}"
    )


_AXIS = {SPARSE: _sparse, CATEGORICAL: _categorical, BINARY: _binary, VALUES: _same_shape}


def _probabilities(head: Head, near: float) -> None:
    p = head.answers
    if p.min() < -near or p.max() > 1 + near:
        raise Mistake(
            f"the answers{head.called} run from {p.min():.3g} to {p.max():.3g}, and the loss takes them for "
            f"probabilities; end the model with a {_ending(head)}, or give the loss from_logits=True"
            f"{meant('probabilities')}"
        )
    if head.kind == BINARY:
        _not_constant(head)
    elif not _sums_to_one(p, -1, near):
        over = next((axis for axis in range(p.ndim - 1) if _sums_to_one(p, axis, near)), None)
        what = (
            f"add up to 1 over axis {over}, not over the last: the softmax is taken over the wrong axis"
            if over is not None
            else "of an example do not add up to 1: end the model with a softmax"
        )
        raise Mistake(f"the answers{head.called} {what}{meant('probabilities')}")


def _not_constant(head: Head) -> None:
    if head.classes == 1 and head.answers.size > 1 and np.allclose(head.answers, 1, rtol=0, atol=1e-6):
        raise Mistake(
            f"every answer{head.called} is 1, as a softmax over a single unit gives: use a sigmoid"
            f"{meant('probabilities')}"
        )


def _logits(head: Head, near: float) -> None:
    """What adds up to 1 in every row has been through a softmax."""
    p = head.answers
    if head.kind != BINARY and head.classes > 1 and p.min() >= 0 and _sums_to_one(p, -1, near):
        raise Mistake(
            f"the answers{head.called} are probabilities already, and the loss with from_logits=True makes "
            f"them so once more; drop the softmax or from_logits{meant('probabilities')}"
        )


def _sums_to_one(p: Any, axis: int, near: float) -> bool:
    return bool(p.shape[axis] > 1 and np.allclose(p.sum(axis=axis), 1, atol=near))


def _ending(head: Head) -> str:
    return "sigmoid" if head.kind == BINARY else "softmax"


def _one_broken(y: Any) -> float:
    return float(y[y != np.round(y)].flat[0])


def all_labels(arrays: Arrays | None) -> Any:
    """All of the training labels where they are one array of numbers, else None."""
    labels = None if arrays is None else arrays.y
    return labels if isinstance(labels, np.ndarray) and labels.dtype.kind in "iufb" else None

"""Would `fit` train anything, on labels that the validation has too?"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.checks.asking import meant
from planner.worker.checks.heads import BINARY, CATEGORICAL, SPARSE, Head
from planner.worker.data import arrays_of
from planner.worker.fit import BATCH
from planner.worker.tiny.choose import as_classes

FEWEST = 20
"""Validation labels of which fewer say nothing."""
RARE = 0.5
"""Share of the training labels up to which a class is not the only one in the validation by chance."""


def fits(trial: Trial, found: list[Head]) -> str:
    """A sentence on what `fit` is told; Mistake where nothing would be trained, or could be validated."""
    fit = dict(trial.fit or {})
    epochs, begun = fit.get("epochs", 1), fit.get("initial_epoch", 0)
    if isinstance(epochs, int) and isinstance(begun, int) and epochs <= begun:
        after = f" and initial_epoch is {begun}" if begun else ""
        raise Mistake(f"fit would train no epoch: epochs is {epochs}{after}{meant('fit')}")
    if len(found) == 1 and found[0].kind in (SPARSE, CATEGORICAL, BINARY):
        train, validation = _labels(trial, fit)
        _refuse_class_by_class(train, fit)
        _refuse_other_classes(train, validation)
    return f"fit trains {epochs} {'epoch' if epochs == 1 else 'epochs'}"


def _labels(trial: Trial, fit: dict[str, Any]) -> tuple[Any, Any]:
    """The labels of the training and of the validation, as `fit` parts them; None where they are no array."""
    train, validation = _array(trial.train, "train"), _array(trial.validation, "validation")
    share = float(fit.get("validation_split") or 0.0)
    if train is None or trial.validation is not None or not 0 < share < 1:
        return train, validation
    first = int(len(train) * (1 - share))  # as Keras has it: the last ones, before any shuffling
    return train[:first], train[first:]


def _array(data: Any, name: str) -> Any:
    arrays = None if data is None else arrays_of(data, name)
    labels = None if arrays is None else arrays.y
    return labels if isinstance(labels, np.ndarray) and labels.dtype.kind in "iufb" else None


def _refuse_class_by_class(labels: Any, fit: dict[str, Any]) -> None:
    """Mistake where batches are not shuffled, and hold one class each, one class after the other."""
    if fit.get("shuffle", True) is not False or labels is None or (kinds := as_classes(labels)) is None:
        return
    changes, many = int(np.count_nonzero(np.diff(kinds))), int(kinds.max()) + 1
    batch = int(fit.get("batch_size") or BATCH)
    if many > 1 and changes == many - 1 and np.bincount(kinds).min() >= batch:
        raise Mistake(
            "the training labels come class by class, and fit has shuffle=False: nearly every batch of "
            f"{batch} holds one class alone; shuffle them{meant('fit')}"
        )


def _refuse_other_classes(train: Any, validation: Any) -> None:
    """Mistake where no validation label is one of the training's, or all are one that is rare there."""
    if train is None or validation is None or train.shape[1:] != validation.shape[1:]:
        return
    kinds = as_classes(np.concatenate([train, validation]))
    if kinds is None or len(validation) < FEWEST:
        return
    theirs = np.unique(kinds[len(train) :])
    share = float(np.isin(kinds[: len(train)], theirs).mean())
    if share == 0:
        what = "none of the classes of the validation labels is among those of the training labels"
    elif len(theirs) == 1 and share <= RARE:
        what = f"the validation labels are all of one class, and {share:.0%} of the training labels are of it"
    else:
        return
    raise Mistake(f"{what}: were they sorted when they were parted?{meant('fit')}")

"""Each answer of a model with its labels and the loss between them, where that is one of Keras's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from planner.worker.checks.subject import Subject, floats, shape_of
from planner.worker.data import Arrays

SPARSE, CATEGORICAL, BINARY = "sparse_categorical", "categorical", "binary"
"""Kinds of cross-entropy."""
VALUES = "values"
"""A loss that compares number by number."""
KINDS = {
    "sparse_categorical_crossentropy": SPARSE,
    "categorical_crossentropy": CATEGORICAL,
    "categorical_focal_crossentropy": CATEGORICAL,
    "binary_crossentropy": BINARY,
    "binary_focal_crossentropy": BINARY,
    "mean_squared_error": VALUES,
    "mean_absolute_error": VALUES,
    "mean_squared_logarithmic_error": VALUES,
    "huber": VALUES,
    "log_cosh": VALUES,
}
"""What Keras's losses compare."""


@dataclass(frozen=True, slots=True)
class Head:
    """One answer of the model, what it should have been, and the loss between the two."""

    name: str
    """The output's name; empty for the only one."""
    kind: str
    """One of the kinds above; empty for a loss of which nothing is known."""
    config: dict[str, Any]
    """The loss's settings, such as `from_logits`."""
    labels: Any
    """The labels, as an array."""
    answers: Any
    """The model's answers to the same examples, as an array of double precision."""

    @property
    def logits(self) -> bool:
        """Whether the loss takes the answers for logits."""
        return bool(self.config.get("from_logits"))

    @property
    def classes(self) -> int:
        """How many answers there are for each example, or for each place of it."""
        return int(self.answers.shape[-1]) if self.answers.ndim > 1 else 1

    @property
    def called(self) -> str:
        """The output in a sentence: ` of "age"`, or nothing for the only one."""
        return f" of {self.name!r}" if self.name else ""


def heads(subject: Subject, batch: Arrays, answers: Any) -> list[Head]:
    """Every answer with its labels and its loss; none where these can't be told apart."""
    model = subject.model
    if not subject.plain or type(model).compute_loss is not keras.Model.compute_loss:
        return []
    return [
        Head(name, *_kind(loss), _labels(labels), floats(answer))
        for name, loss, labels, answer in _matched(model, batch.y, answers)
        if loss is not None and hasattr(labels, "shape") and hasattr(answer, "shape") and shape_of(answer)
    ]


def _matched(model: Any, labels: Any, answers: Any) -> list[tuple[str, Any, Any, Any]]:
    loss = model.loss
    if hasattr(answers, "shape"):
        loss = loss[0] if isinstance(loss, list | tuple) and len(loss) == 1 else loss
        return [] if isinstance(loss, dict | list | tuple) else [("", loss, labels, answers)]
    names = list(answers) if isinstance(answers, dict) else list(getattr(model, "output_names", ()))
    parts = [_by(answers, names, name) for name in names]
    if len(names) != len(parts) or (isinstance(answers, list | tuple) and len(names) != len(answers)):
        return []
    shared = not isinstance(loss, dict | list | tuple)
    return [
        (name, loss if shared else _by(loss, names, name), _by(labels, names, name), part)
        for name, part in zip(names, parts, strict=True)
    ]


def _by(several: Any, names: list[str], name: str) -> Any:
    """The one of this name in a dict, or in its place in a list; None where there is none."""
    if isinstance(several, dict):
        return several.get(name)
    if isinstance(several, list | tuple) and len(several) == len(names):
        return several[names.index(name)]
    return None


def _kind(loss: Any) -> tuple[str, dict[str, Any]]:
    """What a loss compares, and its settings; nothing for one that is not Keras's own."""
    found = keras.losses.get(loss) if isinstance(loss, str) else loss
    config: dict[str, Any] = {}
    function = found
    if isinstance(found, keras.losses.Loss):
        config, function = found.get_config(), getattr(found, "fn", None)
        if not type(found).__module__.startswith("keras."):
            return "", config
    own = not str(getattr(function, "__module__", "")).startswith("keras.")
    return "" if own else KINDS.get(getattr(function, "__name__", ""), ""), config


def _labels(labels: Any) -> Any:
    return np.asarray(labels)

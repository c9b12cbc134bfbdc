"""What a recipe returns: a model with its data, which the planner then trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trial:
    """A model ready to be fitted, and the data to fit and to judge it with."""

    model: Any
    """A compiled `keras.Model`, or a scikit-learn estimator or pipeline."""
    train: Any
    """`(x, y)` or `(x, y, sample_weight)` arrays, or for Keras any iterable of batches that `fit` accepts."""
    validation: Any = None
    """The same for validation; None only when the goal's metric needs none."""
    slices: Mapping[str, Any] | None = None
    """Parts of the validation arrays by name, each a boolean mask over them or indices into them."""
    fit: Mapping[str, Any] | None = None
    """Keyword arguments for the model's `fit`: epochs, batch_size, callbacks and so on."""
    labels: Sequence[str] | None = None
    """Names of the classes, in the order of the model's outputs; None to show their numbers."""

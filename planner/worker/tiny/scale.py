"""Examples whose inputs are far too large or too small, brought to the scale that models expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.worker.data import Arrays

LARGE = 100.0
"""Deviation of an input from which on it is far too large."""
SMALL = 0.01
"""Deviation up to which all of the inputs are far too small."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """The same examples with every input at mean 0 and deviation 1."""

    examples: Arrays
    """The examples."""
    low: float
    """The smallest value of any input as it was."""
    high: float
    """The largest."""


def scaled(examples: Arrays) -> Scaled | None:
    """The examples scaled; None where their only input is no floats, or is of a usual scale."""
    x = examples.x
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or x.ndim < 2 or not np.isfinite(x).all():
        return None
    values: Any = x.astype(np.float64)
    spread = values.std(axis=0) if x.ndim == 2 else values.std()
    if SMALL < np.max(spread) < LARGE or not np.max(spread) > 0:
        return None
    mean = values.mean(axis=0) if x.ndim == 2 else values.mean()
    inputs = ((values - mean) / np.where(spread > 0, spread, 1)).astype(x.dtype)
    return Scaled(Arrays(inputs, examples.y, examples.weight), float(x.min()), float(x.max()))

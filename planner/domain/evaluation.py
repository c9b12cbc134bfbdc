"""What a trained model does with the validation data, beyond its metrics."""

from __future__ import annotations

from planner.domain.fact import fact


@fact
class Slice:
    """The metrics on a named part of the validation data."""

    name: str
    """The recipe's name for it."""
    size: int
    """How many examples it holds."""
    metrics: dict[str, float]
    """Every metric on it, without the `val_` prefix; NaN and infinity included."""


@fact
class Example:
    """One validation example the model gets badly wrong."""

    index: int
    """Its place in the validation data, from 0."""
    loss: float
    """Its own loss: cross-entropy for classes, squared error for numbers."""
    expected: str
    """The label or value it has."""
    got: str
    """The label or value the model gave."""
    confidence: float | None = None
    """The probability the model gave its answer; None for numbers."""


@fact
class Evaluation:
    """Slices, worst examples, confusion."""

    metrics: dict[str, float]
    """Every metric on the whole validation data, with the `val_` prefix."""
    slices: tuple[Slice, ...] = ()
    """In the recipe's order."""
    worst: tuple[Example, ...] = ()
    """The examples with the largest loss, worst first, at most 20."""
    labels: tuple[str, ...] = ()
    """Names of the classes, in the order of `confusion`; empty for numbers."""
    confusion: tuple[tuple[int, ...], ...] = ()
    """Counts by expected (row) and given (column) class."""

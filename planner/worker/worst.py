"""The examples a model gets most wrong, each judged by its own loss."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from planner.domain.evaluation import Example
from planner.worker.judge import Floats, Style

MOST = 20
"""Examples kept."""
CLASSES = 50
"""Classes of a confusion matrix, at most."""
TINY = 1e-7
"""The smallest probability a logarithm is taken of, as Keras has it."""


class Worst:
    """Takes answers in the order of the examples, keeping the worst and counting the confusions."""

    def __init__(self, style: Style, names: tuple[str, ...], *, confident: bool = True) -> None:
        self.seen = 0
        """Examples looked at."""
        self.confusion: np.ndarray[Any, np.dtype[np.int64]] | None = None
        """Counts by expected (row) and given (column) class; None for numbers and too many classes."""
        self._style = style
        self._names = names
        self._confident = confident
        self._heap: list[tuple[float, int, str, str, float | None]] = []

    @property
    def examples(self) -> tuple[Example, ...]:
        """The worst so far, worst first."""
        ordered = sorted(self._heap, key=lambda entry: (-entry[0], entry[1]))
        return tuple(
            Example(index=index, loss=loss, expected=expected, got=got, confidence=confidence)
            for loss, index, expected, got, confidence in ordered
        )

    def name(self, place: int) -> str:
        """What a class is called."""
        return self._names[place] if 0 <= place < len(self._names) else str(place)

    def add(self, expected: Any, answers: Floats) -> None:
        """Judge the next examples: (n,), (n, 1) or (n, outputs) of each."""
        if self._style == "numbers":
            self._add_numbers(_flat(expected), _flat(answers))
        elif self._style == "several":
            self._add_several(np.asarray(expected, dtype=np.float64), answers)
        else:
            self._add_classes(_places(expected), _by_class(answers))
        self.seen += len(answers)

    def _add_classes(self, places: Any, chances: Floats) -> None:
        losses, given = own_losses(places, chances), chances.argmax(axis=1)
        known = (places >= 0) & (places < chances.shape[1])
        self._count(places[known], given[known], chances.shape[1])
        for row in _largest(losses):
            confidence = float(chances[row, given[row]]) if self._confident else None
            self._keep(row, losses[row], self.name(int(places[row])), self.name(int(given[row])), confidence)

    def _add_several(self, truth: Floats, chances: Floats) -> None:
        right = np.where(truth >= 0.5, chances, 1 - chances)
        losses = -np.log(np.clip(right, TINY, 1)).mean(axis=1)
        for row in _largest(losses):
            self._keep(row, losses[row], self._set(truth[row]), self._set(chances[row]), None)

    def _add_numbers(self, truth: Floats, values: Floats) -> None:
        losses = np.square(truth - values).reshape(len(values), -1).mean(axis=1)
        for row in _largest(losses):
            self._keep(row, losses[row], _spelt(truth[row]), _spelt(values[row]), None)

    def _set(self, chances: Floats) -> str:
        return ", ".join(self.name(int(place)) for place in np.flatnonzero(chances >= 0.5)) or "none"

    def _count(self, expected: Any, given: Any, classes: int) -> None:
        if classes > CLASSES:
            return
        if self.confusion is None:
            self.confusion = np.zeros((classes, classes), dtype=np.int64)
        np.add.at(self.confusion, (expected, given), 1)

    def _keep(self, row: int, loss: float, expected: str, got: str, confidence: float | None) -> None:
        """Hold the example if it is among the worst; a loss that is NaN counts as the worst of all."""
        weight = float(np.nan_to_num(loss, nan=np.inf, posinf=np.inf))
        entry = (weight, self.seen + row, expected, got, confidence)
        (heapq.heappush if len(self._heap) < MOST else heapq.heappushpop)(self._heap, entry)


def own_losses(places: Any, chances: Floats) -> Floats:
    """(n,) cross-entropies of true classes (n,) under probabilities (n, classes); an unseen class has 0."""
    known = (places >= 0) & (places < chances.shape[1])
    own = chances[np.arange(len(places)), np.where(known, places, 0)]
    return np.asarray(-np.log(np.clip(np.where(known, own, 0), TINY, 1)))


def _largest(losses: Floats) -> list[int]:
    """Rows of the largest losses, enough to fill the list alone."""
    order = np.argsort(np.nan_to_num(losses, nan=np.inf))
    return [int(row) for row in order[-MOST:]]


def _places(expected: Any) -> Any:
    """Numbers of classes from numbers or from one-hot rows."""
    labels = np.asarray(expected)
    if labels.ndim == 2 and labels.shape[1] > 1:
        return labels.argmax(axis=1)
    return np.rint(labels.reshape(-1).astype(np.float64)).astype(np.int64)


def _by_class(answers: Floats) -> Floats:
    """(n, classes) also of a model with a single output, the probability of the second of two classes."""
    if answers.ndim == 2 and answers.shape[1] > 1:
        return answers
    second = answers.reshape(-1)
    return np.stack([1 - second, second], axis=1)


def _flat(values: Any) -> Floats:
    """(n,) where (n, 1) says no more."""
    array = np.asarray(values, dtype=np.float64)
    return array.reshape(-1) if array.ndim == 2 and array.shape[1] == 1 else array


def _spelt(value: Any) -> str:
    return ", ".join(f"{number:.4g}" for number in np.atleast_1d(value)[:4])

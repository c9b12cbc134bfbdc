"""What answers cost that know nothing of the inputs, and answers that are the labels themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from planner.worker.data import leaves
from planner.worker.tiny.outputs import Output

LEAST = 1e-7
"""The smallest probability, as Keras has it."""
LOW = 0.5
"""Share of the best constant's cost above which what the labels cost is no floor of a loss nobody knows."""

Loss = Callable[[Any], float]
"""The cost of answers in the model's own structure."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Between what a loss can be expected to move."""

    constant: float
    """The cost of the cheapest of some constant answers; infinite where none can be had."""
    floor: float
    """The cost of the labels as answers: 0, but for labels that are no certainties; 0 where unknown."""

    @property
    def sound(self) -> bool:
        """Whether there is anything between them."""
        return isfinite(self.constant) and self.constant > self.floor

    def left(self, loss: float) -> float:
        """The loss over the constant, both above the floor; infinite where that can't be said."""
        if not (isfinite(loss) and self.sound):
            return float("inf")
        return max(0.0, loss - self.floor) / (self.constant - self.floor)


def costs_of(loss: Loss, outputs: list[Output], answers: Any, *, known: bool) -> Costs:
    """Both, for answers as a model gives them; `known` where the loss is Keras's own."""
    means = _mapped(answers, lambda leaf: np.broadcast_to(leaf.mean(axis=0, keepdims=True), leaf.shape))
    alike, constant = _cheapest(loss, outputs, means, _constants)
    if not isfinite(constant):
        return Costs(float("inf"), 0.0)
    _, floor = _cheapest(loss, outputs, alike, _labels)
    if not floor < constant or not (known or floor <= LOW * constant):
        floor = 0.0
    return Costs(constant, floor)


def _cheapest(
    loss: Loss, outputs: list[Output], start: Any, candidates: Callable[[Output], Iterable[Any]]
) -> tuple[Any, float]:
    """The cheapest answers there are when each output in turn takes its cheapest candidate."""
    best, least = start, loss(start)
    for output in outputs:
        for candidate in candidates(output):
            tried = _placed(best, output.path, np.broadcast_to(candidate, output.answers.shape))
            if isfinite(cost := loss(tried)) and not cost >= least:
                best, least = tried, cost
    return best, least if isfinite(least) else float("inf")


def _constants(output: Output) -> list[Any]:
    if output.kind == "classes":
        shares = _shares(output)
        return _as_scores(shares.mean(axis=tuple(range(shares.ndim - 1))))
    if output.kind == "unknown":
        return []
    mean = output.labels.mean(axis=0)
    if output.kind == "several":
        return [*_as_scores(mean, two=True), np.sign(2 * mean - 1)]
    chances = _as_scores(mean, two=True) if _between(output.labels) else [mean]
    return [*chances, np.median(output.labels, axis=0)]


def _labels(output: Output) -> list[Any]:
    if output.kind == "classes":
        return _as_scores(_shares(output))
    if output.kind == "unknown":
        return []
    if output.kind == "several":
        return [*_as_scores(output.labels, two=True), 2 * output.labels - 1]
    return _as_scores(output.labels, two=True) if _between(output.labels) else [output.labels]


def _as_scores(shares: Any, *, two: bool = False) -> list[Any]:
    """Probabilities, and the logits that stand for the same."""
    inside = np.clip(shares, LEAST, 1 - LEAST if two else 1)
    return [shares, np.log(inside / (1 - inside)) if two else np.log(inside)]


def _shares(output: Output) -> Any:
    classes = output.answers.shape[-1]
    return np.eye(classes)[output.labels] if output.shares is None else output.shares


def _between(labels: Any) -> bool:
    return bool(labels.min() >= 0 and labels.max() <= 1)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(part, change) for part in value]
    return change(value)


def _placed(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    """The structure with another leaf where a loss looks."""
    step, rest = (path[0], path[1:]) if path else (None, ())
    if isinstance(value, dict):
        keys = list(value)
        place = step if step in value else keys[step] if isinstance(step, int) else keys[0]
        return {key: _placed(part, rest, leaf) if key == place else part for key, part in value.items()}
    if isinstance(value, list | tuple):
        place = step if isinstance(step, int) else 0
        return [_placed(part, rest, leaf) if number == place else part for number, part in enumerate(value)]
    return np.asarray(leaf, dtype=np.float32) if leaves(value) else value

"""Does a loss look at the labels at all?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves, pick

Loss = Callable[..., float]
"""The cost of answers, and of labels other than the examples' own."""


def is_deaf(loss: Loss, examples: Arrays, answers: Any) -> bool:
    """Whether dealing the labels to other examples changes nothing of the loss, whatever is answered."""
    turned = pick(examples.y, np.roll(np.arange(len(examples)), 1))
    if all(np.array_equal(*pair) for pair in zip(leaves(turned), leaves(examples.y), strict=True)):
        return False
    if _holds_its_labels(examples):
        return False
    return all(_is_the_same(loss, tried, turned) for tried in _several(examples, answers))


def _is_the_same(loss: Loss, answers: Any, turned: Any) -> bool:
    own = loss(answers)
    return isfinite(own) and own == loss(answers, turned)


def _holds_its_labels(examples: Arrays) -> bool:
    """Whether the model is given the labels as an input, where it may compute its loss by itself."""
    given = [np.asarray(leaf) for leaf in leaves(examples.x)]
    wanted = [np.asarray(leaf).reshape(len(examples), -1) for leaf in leaves(examples.y)]
    return len(given) > 1 and any(
        one.size == other.size and np.array_equal(one.reshape(other.shape), other)
        for one in given
        for other in wanted
    )


def _several(examples: Arrays, answers: Any) -> Iterator[Any]:
    """Answers that differ from example to example, small, and over the range of the labels.

    Some losses can't tell labels apart by answers that are alike, or all beyond what the labels reach.
    """
    draw = np.random.default_rng(0)
    yield _mapped(answers, lambda leaf: np.abs(leaf) + draw.uniform(0.1, 1.0, leaf.shape))
    ranges = [np.asarray(leaf) for leaf in leaves(examples.y) if np.asarray(leaf).dtype.kind in "biuf"]
    for low, high in ((float(leaf.min()), float(leaf.max())) for leaf in ranges):
        yield _mapped(answers, partial(_between, draw, low, high))
    yield _mapped(answers, lambda leaf: draw.normal(0.0, 3.0, leaf.shape))


def _between(draw: np.random.Generator, low: float, high: float, leaf: Any) -> Any:
    return draw.uniform(low, high, leaf.shape)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(part, change) for part in value]
    return change(value).astype(value.dtype)

"""The data of a trial: arrays that can be cut, or batches that can only be walked through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.domain.mistake import Mistake

ENDLESS = -1
"""What a tf.data.Dataset that repeats for ever answers when asked for its length."""
UNKNOWN = -2
"""What a tf.data.Dataset answers when it does not know its own length."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """Examples in memory; each field is an array, or a dict or list of arrays with one row per example."""

    x: Any
    """What the model is given."""
    y: Any
    """What it should answer."""
    weight: Any = None
    """Weight of each example; None for equal weights."""

    def __len__(self) -> int:
        """How many examples there are."""
        return rows(self.x)

    def take(self, index: Any) -> Arrays:
        """The examples that a mask, a slice or indices point at."""
        return Arrays(pick(self.x, index), pick(self.y, index), pick(self.weight, index))

    def tuple(self) -> tuple[Any, ...]:
        """The way Keras takes validation data."""
        return (self.x, self.y) if self.weight is None else (self.x, self.y, self.weight)


def arrays_of(data: Any, name: str) -> Arrays | None:
    """`(x, y)` or `(x, y, sample_weight)` as arrays; None for anything that yields batches instead."""
    if not isinstance(data, tuple | list):
        return None
    if len(data) not in (2, 3):
        raise Mistake(f"{name} has {len(data)} parts; give (x, y) or (x, y, sample_weight)")
    arrays = Arrays(*(_plain(part) for part in data))
    for what, part in (("labels", arrays.y), ("weights", arrays.weight)):
        if part is not None and rows(part) != len(arrays):
            raise Mistake(f"{name} has {len(arrays)} examples and {rows(part)} {what}")
    if not len(arrays):
        raise Mistake(f"{name} holds no examples")
    return arrays


def leaves(value: Any) -> list[Any]:
    """The arrays within an array, a dict or a list of arrays, in order."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def rows(value: Any) -> int:
    """How many examples the arrays hold."""
    return int(leaves(value)[0].shape[0])


def pick(value: Any, index: Any) -> Any:
    """The rows that a mask, a slice or indices point at, in arrays of any nesting."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: pick(part, index) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [pick(part, index) for part in value]
    return value.iloc[index] if hasattr(value, "iloc") else value[index]


def _plain(value: Any) -> Any:
    """Arrays that can be cut: lists of numbers and tensors become NumPy's, everything else stays."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list) and all(hasattr(part, "shape") for part in value) and value:
        return [_plain(part) for part in value]
    if hasattr(value, "tocsr") and not hasattr(value, "iloc"):  # a sparse matrix, and some kinds can't be cut
        return value.tocsr()
    if hasattr(value, "iloc"):  # pandas keeps its kind
        return value
    return np.asarray(value)


def share(arrays: Arrays, fraction: float, seed: int) -> Arrays:
    """The first share of a seeded permutation of the examples; at least one."""
    order = np.random.default_rng(seed).permutation(len(arrays))
    return arrays.take(order[: max(1, round(len(arrays) * fraction))])


def share_of_batches(data: Any, fraction: float) -> Any:
    """The first share of a dataset's batches; None when it cannot be cut or never ends."""
    if not (hasattr(data, "take") and hasattr(data, "cardinality")):
        return None
    known = int(data.cardinality())
    count = sum(1 for _ in data) if known == UNKNOWN else known
    return data.take(max(1, round(count * fraction))) if count > 0 else None


def first_batch(data: Any, size: int) -> Arrays:
    """The first `size` examples of arrays, or the first batch of anything that yields batches."""
    arrays = data if isinstance(data, Arrays) else None
    if arrays is not None:
        return arrays.take(slice(0, size))
    for batch in batches(data, size):
        return batch
    raise Mistake("the data yields no batch")


def batches(data: Any, size: int) -> Iterator[Arrays]:
    """The examples in order, `size` at a time, or in the batches they come in."""
    if isinstance(data, Arrays):
        for start in range(0, len(data), size):
            yield data.take(slice(start, start + size))
        return
    parts = (data[number] for number in range(len(data))) if _is_sequence(data) else iter(data)
    for part in parts:
        yield _batch(part)


def advanced(data: Any, epochs: int, steps: int | None, walks: int) -> Any:
    """Batches as they come after so many epochs, of `steps` where they are counted.

    A dataset shuffles anew for each walk through it, and `walks` have begun in an epoch.
    """
    if hasattr(data, "cardinality"):
        if steps:
            return data.skip(epochs * steps) if int(data.cardinality()) == ENDLESS else data
        # What does not know its length was walked through once to find it out, and no second walk begun.
        for _ in range(walks * epochs - (walks - 1) * (int(data.cardinality()) == UNKNOWN)):
            iter(data)
    elif hasattr(data, "on_epoch_begin") and hasattr(data, "on_epoch_end"):
        for _ in range(epochs):
            data.on_epoch_begin()
            data.on_epoch_end()
    elif steps and isinstance(data, Iterator):
        for _ in range(epochs * steps):
            next(data)
    return data


def _is_sequence(data: Any) -> bool:
    """Whether batches are asked for by number, as with a keras PyDataset."""
    return hasattr(data, "__getitem__") and hasattr(data, "__len__")


def _batch(part: Any) -> Arrays:
    if not isinstance(part, tuple | list) or not 2 <= len(part) <= 3:
        raise Mistake("a batch of the data must be (x, y) or (x, y, sample_weight)")
    return Arrays(*(_plain(piece) for piece in part))

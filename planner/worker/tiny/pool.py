"""Training examples in memory, from whatever a trial trains on: enough to learn from and to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, batches, leaves
from planner.worker.fit import BATCH
from planner.worker.spent import Spent

MOST = 1000
"""Examples that are looked at, at most."""
SCANNED = 20_000
"""Labels of arrays that are looked at to find examples of every class."""
BYTES = 256 * 2**20
"""Bytes of examples in memory, at most."""
BATCHES = 200
"""Batches of a dataset that are walked through, at most."""
SECONDS = 15.0
"""Seconds of the worker's own that a dataset may take for it."""
FEWEST = 32
"""Examples that are walked for however long they take."""


class NoExamples(Exception):
    """The data have no examples with labels that could be held in memory; says why."""


def gather(data: Any, name: str, batch: int) -> Arrays:
    """At most MOST examples with labels, in no order; NoExamples where there are none.

    The same call gives the same examples, unless the data are in another order at each walk through them.
    """
    arrays = arrays_of(data, name)
    if arrays is None:
        return _walked(data, batch)
    if not leaves(arrays.y):
        raise NoExamples(f"{name} has no labels")
    draw = np.random.default_rng(0)
    order = draw.permutation(len(arrays))[:SCANNED]
    size = max(1, sum(_bytes(leaf) for leaf in leaves(arrays.x)) // len(arrays))
    return solid(arrays.take(order[: max(1, min(MOST, BYTES // size))]))


def learnt_batch(trial: Trial) -> int:
    """Examples in a batch, as the recipe has it."""
    return int((trial.fit or {}).get("batch_size") or BATCH)


def solid(arrays: Arrays) -> Arrays:
    """The same examples as NumPy's dense arrays, without those of no weight; else NoExamples."""
    plain = Arrays(_dense(arrays.x), _dense(arrays.y), _dense(arrays.weight))
    if plain.weight is None or isinstance(plain.weight, dict | list):
        return Arrays(plain.x, plain.y)
    counts = (plain.weight > 0).astype("float32")
    if counts.ndim > 1:
        return Arrays(plain.x, plain.y, counts)  # a mask over the places of a sequence
    return Arrays(plain.x, plain.y).take(np.flatnonzero(counts))


def _walked(data: Any, batch: int) -> Arrays:
    """The first examples that a dataset yields; those of another shape than the first are left out."""
    parts: list[Arrays] = []
    held = 0
    for part in _within_bounds(batches(data, batch)):
        if not leaves(part.y):
            raise NoExamples("the batches hold no labels")
        plain = solid(part)
        if parts and _shapes(plain) != _shapes(parts[0]):
            continue
        parts.append(plain)
        held += sum(_bytes(leaf) for leaf in leaves(plain.x))
        if held > BYTES or sum(map(len, parts)) >= MOST:
            break
    if not parts:
        raise NoExamples("the data yield no batch")
    found = _joined(parts).take(slice(0, MOST))
    return found.take(
        np.random.default_rng(0).permutation(len(found))
    )  # they may come sorted by their labels


def _within_bounds(parts: Iterator[Arrays]) -> Iterator[Arrays]:
    spent, many = Spent(), 0
    for number, part in enumerate(parts):
        yield part
        many += len(part)
        if number >= BATCHES or (many >= FEWEST and spent.over(SECONDS)):
            return


def _joined(parts: list[Arrays]) -> Arrays:
    def joined(values: list[Any]) -> Any:
        first = values[0]
        if first is None:
            return None
        if isinstance(first, dict):
            return {key: joined([value[key] for value in values]) for key in first}
        if isinstance(first, list):
            return [joined([value[place] for value in values]) for place in range(len(first))]
        return np.concatenate(values)

    return Arrays(*(joined([getattr(part, name) for part in parts]) for name in ("x", "y", "weight")))


def _dense(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: _dense(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_dense(part) for part in value]
    try:
        array = np.asarray(value.toarray() if hasattr(value, "tocsr") else value)
    except (TypeError, ValueError) as error:
        raise NoExamples(f"a {type(value).__name__} is no array of equal rows ({error})") from error
    if array.dtype.kind not in "biufSUO" and "float" not in array.dtype.name:
        raise NoExamples(f"the data hold values of the kind {array.dtype}")
    if array.ndim == 0:
        raise NoExamples("the data hold single values, not rows")
    return array


def _shapes(arrays: Arrays) -> list[Any]:
    return [leaf.shape[1:] for part in (arrays.x, arrays.y, arrays.weight) for leaf in leaves(part)]


def _bytes(leaf: Any) -> int:
    return int(getattr(leaf, "nbytes", 0)) or int(np.prod(leaf.shape)) * 8

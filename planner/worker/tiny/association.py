"""How far what goes with what could be chance: permutation tests in closed form and by trial."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

SHUFFLES = 100
"""Permutations tried where there is no formula."""
WIDEST = 4096
"""Columns of an input that are compared, at most."""
NEIGHBOURS = 5
"""Nearest examples whose labels an example's own is compared with."""
WORDS = 512
"""Places for the words of a text or the tokens of a sequence."""


def agreement(answers: Any, labels: Any) -> float:
    """By how many standard deviations answers (n, k) go with labels (n, k) more than with any others' labels.

    The mean and the variance over all permutations of the rows are exact.
    """
    given, truth = _centred(answers), _centred(labels)
    if len(given) < 3:
        return 0.0
    together = truth @ given.T
    spread = sqrt(float(np.square(together).sum()) / (len(given) - 1))
    return float(np.trace(together)) / spread if spread > 0 else 0.0


def dependence(one: Any, other: Any) -> float:
    """By how many standard deviations rows (n, k) and (n, l) belong together, whatever stands for what."""
    left, right = _centred(one), _centred(other)
    many, draw = len(left), np.random.default_rng(0)
    if left.shape[1] * right.shape[1] <= many:
        found = float(np.square(left.T @ right).sum())
        chance = [float(np.square(left.T @ right[draw.permutation(many)]).sum()) for _ in range(SHUFFLES)]
        return _deviations(found, chance)
    # The same by what each row has with each other: so many columns would be far more to multiply.
    ours, theirs = left @ left.T, right @ right.T
    orders = [draw.permutation(many) for _ in range(SHUFFLES)]
    among = [float((ours * theirs[np.ix_(order, order)]).sum()) for order in orders]
    return _deviations(float((ours * theirs).sum()), among)


def strongest(one: Any, other: Any) -> float:
    """By how many standard deviations the column of rows (n, k) that goes best with one of (n, l) does so."""
    left, right = _standard(one), _standard(other)
    draw = np.random.default_rng(0)

    def best(rows: Any) -> float:
        return float(np.abs(left.T @ rows).max(initial=0.0))

    return _deviations(best(right), [best(right[draw.permutation(len(right))]) for _ in range(SHUFFLES)])


def products(rows: Any) -> Any:
    """Columns (n, k) with all products of two of them, also with themselves."""
    first, second = np.triu_indices(rows.shape[1])
    return np.concatenate([rows, rows[:, first] * rows[:, second]], axis=1)


def neighbourhood(features: Any, labels: Any) -> tuple[float, float]:
    """How far labels (n, k) agree with those of the nearest inputs: deviations from chance, and the share.

    The share is 1 where neighbours always have the same label, 0 where they agree as by chance.
    """
    values = _centred(labels)
    near = _nearest(features)

    def agreed(rows: Any) -> float:
        return float(np.einsum("nk,njk->", rows, rows[near])) / NEIGHBOURS

    draw = np.random.default_rng(0)
    chance = [agreed(values[draw.permutation(len(values))]) for _ in range(SHUFFLES)]
    found, most = agreed(values), float(np.square(values).sum())
    share = (found - float(np.mean(chance))) / most if most > 0 else 0.0
    return _deviations(found, chance), share


def columns(leaves: list[Any]) -> Any:
    """Inputs of any kind as rows (n, k) in which near means alike."""
    return np.concatenate([_columns(np.asarray(leaf)) for leaf in leaves], axis=1)


def ranks(values: Any) -> Any:
    """Each column (n, k) by rank, so that one far-off value does not decide."""
    return values.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(float)


def _columns(leaf: Any) -> Any:
    if leaf.dtype.kind in "SUO":
        return _bag([str(row).split() for row in leaf.reshape(len(leaf), -1)[:, 0]])
    if leaf.dtype.kind in "iu" and leaf.ndim == 2 and leaf.shape[1] > 3 and leaf.max(initial=0) > 255:
        return _bag(leaf)
    rows = leaf.reshape(len(leaf), -1).astype(np.float64)
    rows = rows[:, :: max(1, -(-rows.shape[1] // WIDEST))]
    spread = rows.std(axis=0) if leaf.ndim <= 2 else np.full(rows.shape[1], rows.std())
    return (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1) / sqrt(rows.shape[1])


def _bag(rows: Any) -> Any:
    """Which words a text has, each by the place its name falls on."""
    found = np.zeros((len(rows), WORDS))
    for place, row in enumerate(rows):
        for word in row:
            # Python's own hash of a text differs from process to process.
            found[
                place, sum(str(word).encode()[k] * 31**k for k in range(min(8, len(str(word))))) % WORDS
            ] = 1
    lengths = np.sqrt(np.square(found).sum(axis=1, keepdims=True))
    return found / np.where(lengths > 0, lengths, 1)


def _nearest(features: Any) -> Any:
    """(n, NEIGHBOURS) places of the nearest other rows."""
    squares = np.square(features).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * features @ features.T
    np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]


def _centred(values: Any) -> Any:
    rows = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    return rows - rows.mean(axis=0)


def _standard(values: Any) -> Any:
    rows = _centred(values)
    lengths = np.sqrt(np.square(rows).sum(axis=0))
    return rows / np.where(lengths > 0, lengths, 1)


def _deviations(found: float, chance: list[float]) -> float:
    spread = float(np.std(chance))
    return (found - float(np.mean(chance))) / spread if spread > 0 else 0.0

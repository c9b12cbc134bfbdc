"""What the finished ideas say of many ideas at once: the sums of `relatives`, for all askers side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from planner.rules.defaults import OVERLAP, SAME_CATEGORY
from planner.rules.similarity import NO_CATEGORY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Counts = NDArray[np.unsignedinteger]

MANY = 8_192
"""Askers looked at side by side; more would not stay in the processor's cache."""
SPARSE = 4
"""Below one asker in so many that shares a word, only those that do are looked at."""


class Witness(NamedTuple):
    """A finished idea as its relatives' sums need it: its wins as far as they are remembered."""

    seen: float
    """What is remembered of its win."""
    expected: float
    """What is remembered of the win that was expected."""
    kept: bool
    """Whether it left its relatives less to gain."""
    category: str
    """Its category."""
    words: tuple[str, ...]
    """Its words and tags."""


class Asker(NamedTuple):
    """What of an idea decides who its relatives are."""

    words: frozenset[str]
    """Its words and tags."""
    category: str
    """Its category."""
    own: int | None
    """Its own place among the finished, which is no relative; None of an idea that is not finished."""


class Sums(NamedTuple):
    """Wins seen, wins expected and gain left over some relatives, each weighed by its similarity."""

    seen: float = 0.0
    expected: float = 0.0
    left: float = 1.0


def ask_together(
    askers: Sequence[Asker], starts: Sequence[Sums], witnesses: Sequence[Witness]
) -> Iterator[tuple[Asker, Sums]]:
    """The sums of each asker, from those over its category, to the bit as they are for one asker alone."""
    order = sorted(range(len(askers)), key=lambda place: askers[place].category)
    for first in range(0, len(order), MANY):
        some = order[first : first + MANY]
        crowd = _Crowd([askers[place] for place in some], [starts[place] for place in some], witnesses)
        yield from zip(crowd.askers, crowd.sums(), strict=True)


class _Crowd:
    """Askers in the order of their categories, and their sums as columns."""

    def __init__(self, askers: Sequence[Asker], starts: Sequence[Sums], witnesses: Sequence[Witness]) -> None:
        import numpy as np  # here alone: who scores few ideas does without

        self.askers = askers
        self._np = np
        self._witnesses = witnesses
        self._seen, self._expected, self._left = np.array(starts, dtype=np.float64).T.copy()
        self._sizes = np.array([len(asker.words) for asker in askers], dtype=np.float64)
        self._rows = {word: row for row, word in enumerate({w for one in witnesses for w in one.words})}
        self._has = self._words_of_askers()
        self._kindred = self._slices()
        self._selves = {one.own: column for column, one in enumerate(askers) if one.own is not None}

    def sums(self) -> Iterator[Sums]:
        """Hear every witness in turn; the sums of each asker."""
        for place, witness in enumerate(self._witnesses):
            self._hear(place, witness)
        columns = (self._seen.tolist(), self._expected.tolist(), self._left.tolist())
        return map(Sums, *columns)

    def _words_of_askers(self) -> Counts:
        """1 where an asker (column) has a word of the witnesses (row), else 0."""
        rows, columns, row_of = [], [], self._rows
        for column, asker in enumerate(self.askers):
            for word in asker.words:
                row = row_of.get(word)
                if row is not None:
                    rows.append(row)
                    columns.append(column)
        longest = max([len(witness.words) for witness in self._witnesses], default=0)
        has = self._np.zeros((len(row_of), len(self.askers)), dtype=self._np.min_scalar_type(longest))
        has[rows, columns] = 1
        return has

    def _slices(self) -> dict[str, tuple[int, int]]:
        """First and last column of each category that ties its ideas together."""
        found: dict[str, tuple[int, int]] = {}
        for column, asker in enumerate(self.askers):
            if asker.category != NO_CATEGORY:
                found[asker.category] = (found.get(asker.category, (column,))[0], column + 1)
        return found

    def _hear(self, place: int, witness: Witness) -> None:
        """Move the sums of those who share a word with the witness."""
        shared = self._has[[self._rows[word] for word in witness.words]].sum(axis=0, dtype=self._has.dtype)
        if place in self._selves:
            shared[self._selves[place]] = 0
        where = self._np.flatnonzero(shared)
        first, last = self._kindred.get(witness.category, (0, 0))
        if SPARSE * len(where) > len(shared):
            self._weigh(witness, shared, slice(None), slice(first, last))
        elif len(where):
            first, last = self._np.searchsorted(where, (first, last))
            self._weigh(witness, shared[where], where, slice(first, last))

    def _weigh(self, witness: Witness, shared: Counts, where: slice | Counts, kindred: slice) -> None:
        """Count the witness as far as its words tie it closer than its category, which is counted already."""
        np = self._np
        near: Column = shared / (self._sizes[where] + len(witness.words) - shared)
        if witness.kept:
            near[kindred] = np.maximum(near[kindred], SAME_CATEGORY)
            leaves = 1.0 - OVERLAP * near
            leaves[kindred] /= 1.0 - OVERLAP * SAME_CATEGORY
            self._left[where] *= leaves
        if witness.seen or witness.expected:
            near[kindred] = np.maximum(near[kindred], SAME_CATEGORY) - SAME_CATEGORY
            self._seen[where] += near * witness.seen
            self._expected[where] += near * witness.expected

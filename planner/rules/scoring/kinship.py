"""What the finished ideas say of many ideas at once: the sums of `relatives`, for all askers side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from planner.rules.defaults import OVERLAP, SAME_CATEGORY
from planner.rules.scoring.similarity import NO_CATEGORY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Counts = NDArray[np.unsignedinteger]

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


class Sums(NamedTuple):
    """Wins seen, wins expected and gain left over some relatives, each weighed by its similarity."""

    seen: float = 0.0
    expected: float = 0.0
    left: float = 1.0


class Crowd:
    """Many askers, side by side; who of them has which word is found once."""

    def __init__(self, askers: Sequence[Asker]) -> None:
        import numpy as np  # not above: who scores few ideas does without

        self._np = np
        self.askers = askers
        """The askers, in the order of every answer."""
        places = sorted(range(len(askers)), key=lambda place: askers[place].category)
        kindred = [askers[place] for place in places]  # those of one category are one slice of a column
        sizes = [len(asker.words) for asker in kindred]
        self._sizes: Column = np.array(sizes, dtype=np.float64)
        self._counting = np.min_scalar_type(max(sizes, default=0))
        self._columns, self._kindred = _columns(kindred), _slices(kindred)
        self._rows: dict[str, Counts] = {}
        self._back = np.argsort(np.array(places, dtype=np.intp))

    def ask(self, starts: Mapping[str, Sums], witnesses: Iterable[Witness]) -> Answer:
        """Wins seen, wins expected and gain left of each asker, to the bit as for one asker alone.

        `starts` has the sums over each category, in which its members' words do not count yet.
        """
        asked = Sides(*[self._np.full(len(self.askers), nothing) for nothing in Sums()])
        for category, (first, last) in self._kindred.items():
            if category in starts:
                for column, start in zip(asked, starts[category], strict=True):
                    column[first:last] = start
        for witness in witnesses:
            self._hear(witness, asked)
        return Answer(self, Sides(*[column[self._back] for column in asked]))

    @cached_property
    def places(self) -> dict[Asker, int]:
        """The place of each asker in every answer."""
        return {asker: place for place, asker in enumerate(self.askers)}

    def _row(self, word: str) -> Counts:
        """1 for each asker who has the word, else 0."""
        row = self._rows.get(word)
        if row is None:
            row = self._rows[word] = self._np.zeros(len(self.askers), dtype=self._counting)
            row[self._columns[word]] = 1
        return row

    def _hear(self, witness: Witness, asked: Sides) -> None:
        """Move the sums of those who share a word with the witness."""
        rows = [self._row(word) for word in witness.words if word in self._columns]
        if not rows:
            return
        shared = sum(rows[1:], start=rows[0])
        found, sizes = shared != 0, self._sizes
        first, last = self._kindred.get(witness.category, (0, 0))
        if SPARSE * self._np.count_nonzero(found) > len(found):
            self._weigh(witness, shared, sizes, slice(first, last), asked)
            return
        where = found.nonzero()[0]
        kindred = slice(*where.searchsorted((first, last)).tolist())
        some = Sides(*[column[where] for column in asked])
        self._weigh(witness, shared[where], sizes[where], kindred, some)
        for column, moved in zip(asked, some, strict=True):
            column[where] = moved

    def _weigh(self, witness: Witness, shared: Counts, sizes: Column, kindred: slice, asked: Sides) -> None:
        """Count the witness as far as its words tie it closer than its category, which is counted already.

        `kindred` are those of its category. In place, since a new column costs more than the sum in it.
        """
        np = self._np
        near: Column = shared.astype(np.float64)
        spare = sizes + len(witness.words)
        spare -= near
        near /= spare
        np.maximum(near[kindred], SAME_CATEGORY, out=near[kindred])
        if witness.kept:
            np.multiply(near, OVERLAP, out=spare)
            np.subtract(1.0, spare, out=spare)
            spare[kindred] /= 1.0 - OVERLAP * SAME_CATEGORY
            np.multiply(asked.left, spare, out=asked.left)
        if witness.seen or witness.expected:
            near[kindred] -= SAME_CATEGORY
            np.add(asked.seen, np.multiply(near, witness.seen, out=spare), out=asked.seen)
            np.add(asked.expected, np.multiply(near, witness.expected, out=spare), out=asked.expected)


class Sides(NamedTuple):
    """The sums of many askers, as columns."""

    seen: Column
    expected: Column
    left: Column


class Answer(NamedTuple):
    """What the witnesses say to a crowd."""

    crowd: Crowd
    """Those who asked."""
    sums: Sides
    """The sums of each of them."""

    def of(self, asker: Asker) -> Sums | None:
        """The sums of one of the crowd; None of anybody else."""
        place = self.crowd.places.get(asker)
        return None if place is None else Sums(*[float(column[place]) for column in self.sums])


def _columns(askers: Sequence[Asker]) -> dict[str, list[int]]:
    """The columns of the askers who have a word."""
    columns: defaultdict[str, list[int]] = defaultdict(list)
    for column, asker in enumerate(askers):
        for word in asker.words:
            columns[word].append(column)
    return dict(columns)


def _slices(askers: Sequence[Asker]) -> dict[str, tuple[int, int]]:
    """First and one past the last column of each category that ties its ideas together."""
    found: dict[str, tuple[int, int]] = {}
    for column, asker in enumerate(askers):
        if asker.category != NO_CATEGORY:
            found[asker.category] = (found.get(asker.category, (column,))[0], column + 1)
    return found

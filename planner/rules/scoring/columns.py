"""Many ideas side by side: what of each its score is made of, found once for each idea."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from operator import is_not
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from planner.domain.idea import Idea
from planner.rules.scoring.kinship import Asker, Crowd
from planner.rules.scoring.similarity import words
from planner.rules.scoring.stated import chances, complexity_or_assumed, hours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

STALE = 4
"""Columns of which one row in so many has changed are made anew."""

Key = TypeVar("Key", bound=Hashable)


class Plain(NamedTuple):
    """The numbers of an idea that no calibration changes."""

    points: float
    """Its complexity."""
    spent: float
    """Hours already spent on it."""
    runnable: bool
    """Whether there is something to run."""
    runs_said: bool
    """Whether a person said how long its full run takes."""
    run_hours: float
    """The hours said, else 0."""
    group: int
    """The idea its variants are counted under."""


class Distinct(Generic[Key]):
    """One thing of each idea that many share, such as a stated chance: worked out once for all of them."""

    def __init__(self) -> None:
        self._place: dict[Key, int] = {}
        self._first: list[Idea] = []
        self._of: list[int] = []

    def put(self, rows: Sequence[int], keys: Iterable[Key], ideas: Sequence[Idea]) -> None:
        """File ideas in rows, each at most one further than the last."""
        places, first, of = self._place, self._first, self._of
        for row, key, idea in zip(rows, keys, ideas, strict=True):
            place = places.setdefault(key, len(first))
            if place == len(first):
                first.append(idea)
            if row == len(of):
                of.append(place)
            else:
                of[row] = place

    @property
    def keys(self) -> list[Key]:
        """The distinct keys."""
        return list(self._place)

    @property
    def places(self) -> list[int]:
        """Of each row, the place of its key among the distinct ones."""
        return self._of

    def column(self, work_out: Callable[[Idea], float]) -> Column:
        """The number of each row, worked out once for each key."""
        import numpy as np

        return np.array([work_out(idea) for idea in self._first], dtype=np.float64)[self._of]


class Columns:
    """What the scores of many ideas are made of, whatever the calibration; a row for each idea."""

    def __init__(self) -> None:
        self.ideas: list[Idea] = []
        """The ideas."""
        self.chances: Distinct[Hashable] = Distinct()
        """What was said of their chances."""
        self.gains: Distinct[Hashable] = Distinct()
        """What was said of their gains."""
        self.hours: Distinct[Hashable] = Distinct()
        """What was said of their hours, with the category; None of those that cost no more of them."""
        self.sweeps: Distinct[int | None] = Distinct()
        """The ideas that sweep; None of all others."""
        self.askers: Distinct[Asker] = Distinct()
        """What decides who their relatives are."""
        self._plain: list[Plain] = []
        self._crowd: Crowd | None = None
        self._filed = 0

    def serve(self, ideas: Sequence[Idea]) -> bool:
        """Whether they know so much of these ideas that an update is less work than to start anew."""
        if len(ideas) < len(self.ideas) or self._filed > STALE * len(ideas):
            return False
        return STALE * sum(map(is_not, self.ideas, ideas)) < len(ideas)

    def update(self, ideas: Sequence[Idea]) -> None:
        """Be the columns of these ideas from now on, reading those alone that are not known."""
        known = self.ideas
        changed = [row for row, new in enumerate(map(is_not, known, ideas)) if new]
        fresh = [*changed, *range(len(known), len(ideas))]
        if fresh:
            self.ideas = list(ideas)
            self.__dict__.pop("plain", None)
            self._file(fresh, [ideas[row] for row in fresh])

    @cached_property
    def plain(self) -> NDArray[np.void]:
        """The numbers that need no calibration, by the names of `Plain`."""
        import numpy as np

        return np.array(
            self._plain, dtype=list(zip(Plain._fields, ("f8", "f8", "?", "?", "f8", "i8"), strict=True))
        )

    @property
    def crowd(self) -> Crowd:
        """Those who ask for relatives; the same one until there is another asker."""
        askers = self.askers.keys
        if self._crowd is None or len(self._crowd.askers) != len(askers):
            self._crowd = Crowd(askers)
        return self._crowd

    def _file(self, rows: Sequence[int], ideas: Sequence[Idea]) -> None:
        """Read ideas into rows, one kind of thing after the other: ten thousand are read at every start."""
        self.chances.put(rows, [tuple(chances(idea.estimates)) for idea in ideas], ideas)
        self.gains.put(rows, [_impacts(idea) for idea in ideas], ideas)
        self.hours.put(
            rows,
            [
                None if idea.change.runnable else (tuple(hours(idea.estimates)), idea.category)
                for idea in ideas
            ],
            ideas,
        )
        numbered = enumerate(ideas, self._filed)
        self.sweeps.put(rows, [None if idea.change.sweep is None else at for at, idea in numbered], ideas)
        self.askers.put(rows, [Asker(words(idea.title, idea.tags), idea.category) for idea in ideas], ideas)
        for row, idea in zip(rows, ideas, strict=True):
            self._plain[row : row + 1] = [_plain(idea)]
        self._filed += len(rows)


def _impacts(idea: Idea) -> tuple[tuple[str, float | None, bool], ...]:
    return tuple([(who, said.impact, said.relative) for who, said in idea.estimates.items()])


def _plain(idea: Idea) -> Plain:
    return Plain(
        complexity_or_assumed(idea),
        idea.spent_hours,
        idea.change.runnable,
        idea.run_hours is not None,
        0.0 if idea.run_hours is None else idea.run_hours,
        idea.id if idea.variant_of is None else idea.variant_of,
    )


_newest = Columns()


def columns_of(ideas: Sequence[Idea]) -> Columns:
    """The columns of these ideas; the newest are remembered, since the same ideas are scored each time."""
    global _newest
    if not _newest.serve(ideas):
        _newest = Columns()
    _newest.update(ideas)
    return _newest

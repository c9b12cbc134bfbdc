"""The finished ideas, indexed so that an idea's relatives are found without asking every one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.calibration import Finished
from planner.domain.idea import Idea
from planner.domain.score import Relative
from planner.rules.defaults import OVERLAP, RELATIVES_PRIOR, SAME_CATEGORY
from planner.rules.scoring.kinship import Asker, Sums, Witness
from planner.rules.scoring.similarity import NO_CATEGORY, similarity, words

if TYPE_CHECKING:
    from planner.rules.scoring.columns import Columns
    from planner.rules.scoring.kinship import Answer, Column

NEAREST = 3
"""Finished relatives that are named."""
FORGOTTEN = 1e-9
"""A relative that is remembered less than this moves no digit that anybody reads, and is not asked."""


class Kin(NamedTuple):
    """What an idea's finished relatives say of it."""

    multiplier: float = 1.0
    """M: wins seen among them over wins expected."""
    overlap: float = 1.0
    """Share of the gain that the kept ones leave."""
    variants: float = 0.0
    """MEI that kept variants of the same idea have brought."""
    nearest: tuple[Relative, ...] = ()
    """The most similar, newest first among equals; at most three. Empty where only numbers were asked for."""


class KinColumns(NamedTuple):
    """The numbers of many ideas' kin, side by side."""

    multiplier: Column
    overlap: Column
    variants: Column


NO_KIN = Kin()
"""What holds while nothing has finished."""


def _moved(start: Sums, witnesses: Iterable[tuple[Witness, float, float]]) -> Sums:
    """Count each witness with the later similarity where it was counted with the earlier; 0 is not at all."""
    seen, expected, left = start
    for witness, before, after in witnesses:
        seen += (after - before) * witness.seen
        expected += (after - before) * witness.expected
        if witness.kept:
            left *= (1.0 - OVERLAP * after) / (1.0 - OVERLAP * before)
    return Sums(seen, expected, left)


class Relatives:
    """Answers what the finished ideas say of any idea.

    Those of its category are summed once for all ideas; only those that share a word are looked at singly.
    """

    def __init__(self, finished: Iterable[Finished]) -> None:
        asked = [relative for relative in finished if relative.kept or relative.weight > FORGOTTEN]
        self._finished = asked
        self._place = {relative.idea: place for place, relative in enumerate(asked)}
        self._witnesses = [_witness(relative) for relative in asked]
        self._variants: defaultdict[int, list[Finished]] = defaultdict(list)
        for relative in reversed(asked):
            if relative.kept and relative.variants is not None:
                self._variants[relative.variants].append(relative)
        self._of_category = {name: self._sum(places) for name, places in self._by_category.items()}
        self._known: dict[Asker, Sums] = {}
        self._together: Answer | None = None

    def of(self, idea: Idea) -> Kin:
        """What its finished relatives, itself left out, say of an idea."""
        if not self._finished:
            return NO_KIN
        return self.numbers(idea)._replace(nearest=self._nearest(idea))

    def numbers(self, idea: Idea) -> Kin:
        """The same without naming any of them."""
        if not self._finished:
            return NO_KIN
        sums, own = self._sums(_asker(idea)), self._place.get(idea.id)
        if own is not None:
            sums = self._without(own, idea, sums)
        return self._as_kin(idea, sums)

    def side_by_side(self, columns: Columns) -> KinColumns:
        """The same of many ideas, to the bit as for each alone."""
        import numpy as np

        rows, self._together = columns.askers.places, columns.crowd.ask(self._of_category, self._witnesses)
        seen, expected, left = (column[rows] for column in self._together.sums)
        for row, idea in self._finished_among(columns.ideas):
            sums = Sums(float(seen[row]), float(expected[row]), float(left[row]))
            seen[row], expected[row], left[row] = self._without(self._place[idea.id], idea, sums)
        variants = np.zeros(len(rows))
        for row in np.isin(columns.plain["group"], list(self._variants)).nonzero()[0].tolist():
            variants[row] = self._variants_gain(columns.ideas[row])
        return KinColumns((RELATIVES_PRIOR + seen) / (RELATIVES_PRIOR + expected), left, variants)

    def _finished_among(self, ideas: Sequence[Idea]) -> list[tuple[int, Idea]]:
        """The finished ones among these ideas, by row."""
        return [(row, idea) for row, idea in enumerate(ideas) if idea.id in self._place]

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """Places of the finished ideas that have a word."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, relative in enumerate(self._finished):
            for word in relative.words:
                places[word].append(place)
        return dict(places)

    @cached_property
    def _by_category(self) -> dict[str, list[int]]:
        """Places of the finished ideas of each category that ties its ideas together."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, relative in enumerate(self._finished):
            if relative.category != NO_CATEGORY:
                places[relative.category].append(place)
        return dict(places)

    def _sum(self, places: list[int]) -> Sums:
        return _moved(Sums(), [(self._witnesses[place], 0.0, SAME_CATEGORY) for place in places])

    def _variants_gain(self, idea: Idea) -> float:
        """MEI that kept variants of the same idea, itself left out, have brought."""
        group = idea.id if idea.variant_of is None else idea.variant_of
        return sum([each.gain for each in self._variants.get(group, ()) if each.idea != idea.id], 0.0)

    def _sums(self, asker: Asker) -> Sums:
        """The sums over all finished ideas; ideas with the same words and category have the same."""
        sums = self._known.get(asker)
        if sums is None and self._together is not None:
            sums = self._together.of(asker)
        if sums is None:
            start = self._of_category.get(asker.category, Sums())
            sums = self._known[asker] = _moved(start, self._counted_anew(asker))
        return sums

    def _without(self, own: int, idea: Idea, sums: Sums) -> Sums:
        """The sums less the idea's own share: a finished idea is not its own relative."""
        relative, asker = self._finished[own], _asker(idea)
        near = similarity(asker.words, asker.category, relative.words, relative.category)
        return _moved(sums, [(self._witnesses[own], near, 0.0)])

    def _as_kin(self, idea: Idea, sums: Sums) -> Kin:
        multiplier = (RELATIVES_PRIOR + sums.seen) / (RELATIVES_PRIOR + sums.expected)
        return Kin(multiplier, sums.left, self._variants_gain(idea) if self._variants else 0.0)

    def _counted_anew(self, asker: Asker) -> Iterator[tuple[Witness, float, float]]:
        """Those whose words tie them closer than their category does, which has counted them already."""
        kindred = asker.category if asker.category != NO_CATEGORY else None
        witnesses = self._witnesses
        for place, jaccard in self._sharing_words(asker).items():
            witness = witnesses[place]
            counted = SAME_CATEGORY if witness.category == kindred else 0.0
            if jaccard > counted:
                yield witness, counted, jaccard

    def _sharing_words(self, asker: Asker) -> dict[int, float]:
        """Jaccard index by place, oldest first, of the finished ideas that share a word with this one."""
        places = [self._by_word.get(word, ()) for word in asker.words]
        shared = Counter(sorted(chain.from_iterable(places)))  # in one order: it shows in the last digit
        size, witnesses = len(asker.words), self._witnesses
        return {
            place: count / (size + len(witnesses[place].words) - count) for place, count in shared.items()
        }

    def _nearest(self, idea: Idea) -> tuple[Relative, ...]:
        """The most similar by words and the newest of the category, whichever is closer."""
        asker, own = _asker(idea), self._place.get(idea.id)
        sharing = self._sharing_words(asker)
        if own is not None:
            sharing.pop(own, None)
        by_words = zip(sharing.values(), sharing, strict=True)
        similar = {place: jaccard for jaccard, place in nlargest(NEAREST, by_words)}
        of_category = self._by_category.get(asker.category, ())
        kindred = (place for place in reversed(of_category) if place != own)
        for place in islice(kindred, NEAREST):
            similar[place] = max(sharing.get(place, 0.0), SAME_CATEGORY)
        closest = nlargest(NEAREST, [(similarity, place) for place, similarity in similar.items()])
        return tuple([self._named(place, similarity) for similarity, place in closest])

    def _named(self, place: int, similarity: float) -> Relative:
        relative = self._finished[place]
        return Relative(
            idea=relative.idea, title=relative.title, verdict=relative.verdict, similarity=similarity
        )


def _asker(idea: Idea) -> Asker:
    return Asker(words(idea.title, idea.tags), idea.category)


def _witness(relative: Finished) -> Witness:
    """The idea as its relatives ask it; what is forgotten says no more than what it has left them."""
    remembered = relative.weight if relative.weight > FORGOTTEN else 0.0
    return Witness(
        seen=remembered * relative.q,
        expected=remembered * relative.expected,
        kept=relative.kept,
        category=relative.category,
        words=relative.words,
    )

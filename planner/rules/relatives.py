"""The finished ideas, indexed so that an idea's relatives are found without asking every one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from itertools import chain, islice
from typing import NamedTuple

from planner.domain.calibration import Finished
from planner.domain.idea import Idea
from planner.domain.score import Relative
from planner.rules.defaults import OVERLAP, RELATIVES_PRIOR, SAME_CATEGORY
from planner.rules.similarity import NO_CATEGORY, same_category, words

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
    """The most similar, newest first among equals; at most three."""


NO_KIN = Kin()
"""What holds while nothing has finished."""


class _Witness(NamedTuple):
    """A finished idea as the inner loop needs it: its wins as far as they are remembered."""

    seen: float
    expected: float
    kept: bool
    category: str
    words: int


class _Sum(NamedTuple):
    """Wins seen, wins expected and gain left over some relatives, each weighed by its similarity."""

    seen: float = 0.0
    expected: float = 0.0
    left: float = 1.0


def _moved(start: _Sum, witnesses: Iterable[tuple[_Witness, float, float]]) -> _Sum:
    """Count each witness with the later similarity where it was counted with the earlier; 0 is not at all."""
    seen, expected, left = start
    for witness, before, after in witnesses:
        seen += (after - before) * witness.seen
        expected += (after - before) * witness.expected
        if witness.kept:
            left *= (1.0 - OVERLAP * after) / (1.0 - OVERLAP * before)
    return _Sum(seen, expected, left)


class Relatives:
    """Answers what the finished ideas say of any idea.

    Those of its category are summed once for all ideas; only those that share a word are looked at singly.
    """

    def __init__(self, finished: Iterable[Finished]) -> None:
        asked = [relative for relative in finished if relative.kept or relative.weight > FORGOTTEN]
        self._finished = asked
        self._place = {relative.idea: place for place, relative in enumerate(asked)}
        self._witnesses = [_witness(relative) for relative in asked]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_category: defaultdict[str, list[int]] = defaultdict(list)
        self._variants: defaultdict[int, list[Finished]] = defaultdict(list)
        for place in reversed(range(len(asked))):  # newest first, as they are named
            self._file(place, asked[place])
        self._category_sums = {name: self._sum(places) for name, places in self._by_category.items()}
        self._known: dict[tuple[frozenset[str], str], Kin] = {}

    def of(self, idea: Idea) -> Kin:
        """What its finished relatives, itself left out, say of an idea."""
        if not self._finished:
            return NO_KIN
        kin = self._kin(idea)
        gain = sum([relative.gain for relative in self._variants_of(idea)])
        return kin._replace(variants=gain) if gain else kin

    def _file(self, place: int, relative: Finished) -> None:
        for word in relative.words:
            self._by_word[word].append(place)
        if relative.category != NO_CATEGORY:
            self._by_category[relative.category].append(place)
        if relative.kept and relative.variants is not None:
            self._variants[relative.variants].append(relative)

    def _sum(self, places: list[int]) -> _Sum:
        return _moved(_Sum(), [(self._witnesses[place], 0.0, SAME_CATEGORY) for place in places])

    def _variants_of(self, idea: Idea) -> Iterator[Finished]:
        group = idea.id if idea.variant_of is None else idea.variant_of
        return (relative for relative in self._variants.get(group, ()) if relative.idea != idea.id)

    def _kin(self, idea: Idea) -> Kin:
        """Ideas with the same words and category have the same relatives, unless they are finished."""
        own_words, own = words(idea.title, idea.tags), self._place.get(idea.id)
        if own is not None:
            return self._look(own_words, idea.category, own)
        key = (own_words, idea.category)
        if key not in self._known:
            self._known[key] = self._look(own_words, idea.category, None)
        return self._known[key]

    def _look(self, own_words: frozenset[str], category: str, own: int | None) -> Kin:
        sharing = self._sharing_words(own_words, own)
        total = _moved(self._of_category(category, own), self._counted_anew(sharing, category))
        multiplier = (RELATIVES_PRIOR + total.seen) / (RELATIVES_PRIOR + total.expected)
        return Kin(multiplier, total.left, 0.0, self._nearest(sharing, category, own))

    def _of_category(self, category: str, own: int | None) -> _Sum:
        """The sums over the category, less the idea's own share when it is one of the finished."""
        total = self._category_sums.get(category, _Sum())
        if own is None or not same_category(self._finished[own].category, category):
            return total
        return _moved(total, [(self._witnesses[own], SAME_CATEGORY, 0.0)])

    def _counted_anew(
        self, sharing: dict[int, float], category: str
    ) -> Iterator[tuple[_Witness, float, float]]:
        """Those whose words tie them closer than their category does, which has counted them already."""
        kindred, witnesses = category if category != NO_CATEGORY else None, self._witnesses
        for place, jaccard in sharing.items():
            witness = witnesses[place]
            counted = SAME_CATEGORY if witness.category == kindred else 0.0
            if jaccard > counted:
                yield witness, counted, jaccard

    def _sharing_words(self, own_words: frozenset[str], own: int | None) -> dict[int, float]:
        """Jaccard index by place of the finished ideas that share a word with this one."""
        shared = Counter(chain.from_iterable([self._by_word.get(word, ()) for word in own_words]))
        if own is not None:
            shared.pop(own, None)
        size, witnesses = len(own_words), self._witnesses
        return {place: count / (size + witnesses[place].words - count) for place, count in shared.items()}

    def _nearest(self, sharing: dict[int, float], category: str, own: int | None) -> tuple[Relative, ...]:
        """The most similar by words and the newest of the category, whichever is closer."""
        by_words = zip(sharing.values(), sharing, strict=True)
        similar = {place: jaccard for jaccard, place in nlargest(NEAREST, by_words)}
        kindred = (place for place in self._by_category.get(category, ()) if place != own)
        for place in islice(kindred, NEAREST):
            similar[place] = max(sharing.get(place, 0.0), SAME_CATEGORY)
        closest = nlargest(NEAREST, [(similarity, place) for place, similarity in similar.items()])
        return tuple([self._named(place, similarity) for similarity, place in closest])

    def _named(self, place: int, similarity: float) -> Relative:
        relative = self._finished[place]
        return Relative(
            idea=relative.idea, title=relative.title, verdict=relative.verdict, similarity=similarity
        )


def _witness(relative: Finished) -> _Witness:
    return _Witness(
        seen=relative.weight * relative.q,
        expected=relative.weight * relative.expected,
        kept=relative.kept,
        category=relative.category,
        words=len(relative.words),
    )

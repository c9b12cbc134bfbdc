"""The finished ideas, indexed so that an idea's relatives are found without asking every one of them."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice
from typing import NamedTuple

from planner.domain.calibration import Finished
from planner.domain.idea import Idea
from planner.domain.score import Relative
from planner.rules.defaults import OVERLAP, RELATIVES_PRIOR, SAME_CATEGORY
from planner.rules.kinship import Asker, Sums, Witness, ask_together
from planner.rules.similarity import NO_CATEGORY, same_category, words

NEAREST = 3
"""Finished relatives that are named."""
FORGOTTEN = 1e-9
"""A relative that is remembered less than this moves no digit that anybody reads, and is not asked."""
WORTH_NUMPY = 300_000
"""Ideas times finished ideas from which NumPy, which takes a tenth of a second to load, saves more."""
WORTH_COLUMNS = 1_000
"""The same once it is loaded."""


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
        self._known: dict[Asker, Kin] = {}

    def of(self, idea: Idea) -> Kin:
        """What its finished relatives, itself left out, say of an idea."""
        if not self._finished:
            return NO_KIN
        return self.numbers(idea)._replace(nearest=self._nearest(self._asker(idea)))

    def numbers(self, idea: Idea) -> Kin:
        """The same without naming any of them."""
        if not self._finished:
            return NO_KIN
        kin = self._kin(self._asker(idea))
        gain = sum([relative.gain for relative in self._variants_of(idea)]) if self._variants else 0.0
        return kin._replace(variants=gain) if gain else kin

    def prepare(self, ideas: Iterable[Idea]) -> None:
        """Look up the relatives of many ideas at once, where that is faster than one by one."""
        if not self._finished:
            return
        askers = [asker for asker in set(map(self._asker, ideas)) if asker not in self._known]
        worth = WORTH_COLUMNS if "numpy" in sys.modules else WORTH_NUMPY
        if len(askers) * len(self._finished) < worth:
            return
        starts = [self._start(asker) for asker in askers]
        for asker, sums in ask_together(askers, starts, self._witnesses):
            self._known[asker] = _as_kin(sums)

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

    def _variants_of(self, idea: Idea) -> Iterator[Finished]:
        group = idea.id if idea.variant_of is None else idea.variant_of
        return (relative for relative in self._variants.get(group, ()) if relative.idea != idea.id)

    def _asker(self, idea: Idea) -> Asker:
        """Ideas with the same words and category have the same relatives, unless they are finished."""
        return Asker(words(idea.title, idea.tags), idea.category, self._place.get(idea.id))

    def _kin(self, asker: Asker) -> Kin:
        kin = self._known.get(asker)
        if kin is None:
            sums = _moved(self._start(asker), self._counted_anew(asker))
            kin = self._known[asker] = _as_kin(sums)
        return kin

    def _start(self, asker: Asker) -> Sums:
        """The sums over the category, less the idea's own share when it is one of the finished."""
        total, own = self._of_category.get(asker.category, Sums()), asker.own
        if own is None or not same_category(self._finished[own].category, asker.category):
            return total
        return _moved(total, [(self._witnesses[own], SAME_CATEGORY, 0.0)])

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
        if asker.own is not None:
            shared.pop(asker.own, None)
        size, witnesses = len(asker.words), self._witnesses
        return {
            place: count / (size + len(witnesses[place].words) - count) for place, count in shared.items()
        }

    def _nearest(self, asker: Asker) -> tuple[Relative, ...]:
        """The most similar by words and the newest of the category, whichever is closer."""
        sharing = self._sharing_words(asker)
        by_words = zip(sharing.values(), sharing, strict=True)
        similar = {place: jaccard for jaccard, place in nlargest(NEAREST, by_words)}
        of_category = self._by_category.get(asker.category, ())
        kindred = (place for place in reversed(of_category) if place != asker.own)
        for place in islice(kindred, NEAREST):
            similar[place] = max(sharing.get(place, 0.0), SAME_CATEGORY)
        closest = nlargest(NEAREST, [(similarity, place) for place, similarity in similar.items()])
        return tuple([self._named(place, similarity) for similarity, place in closest])

    def _named(self, place: int, similarity: float) -> Relative:
        relative = self._finished[place]
        return Relative(
            idea=relative.idea, title=relative.title, verdict=relative.verdict, similarity=similarity
        )


def _as_kin(sums: Sums) -> Kin:
    return Kin((RELATIVES_PRIOR + sums.seen) / (RELATIVES_PRIOR + sums.expected), sums.left)


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

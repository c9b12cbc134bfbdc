"""Finished ideas that an idea comes close to, by its params or by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.repeat import Repeat
from planner.rules.duplicates.tried import alike
from planner.rules.duplicates.wording import outcome_in_words, value_in_words
from planner.rules.learning.settled import newest_outcomes
from planner.rules.scoring.similarity import jaccard, words
from planner.rules.wording.changes import named

MOST = 3
"""Ideas that are named, at most."""
STEP = 1.5
"""Factor within which two numbers are a step apart."""
SHORT = re.compile(r"\b[a-z]{2}\b")
"""A word of two letters."""
LITTLE = frozenset(["an", "as", "at", "by", "if", "in", "is", "it", "no", "of", "on", "or", "to", "up", "we"])
"""Words of two letters that say nothing of an idea."""
ALIKE = 0.5
"""Share of common words from which two ideas sound alike."""


def near(idea: Idea, ledger: Ledger) -> tuple[Repeat, ...]:
    """What a person may want to know of finished ideas, the closest first; nothing the second time."""
    if idea.frozen is not None:
        return ()
    found = sorted(_found(idea, ledger), key=lambda one: -one[0])
    return tuple(repeat for _, repeat in found[:MOST])


def a_step_apart(one: object, other: object) -> bool:
    """Whether two numbers are unequal and close: within a factor, and near 1 by what is missing to it."""
    if not (_is_number(one) and _is_number(other)) or one == other:
        return False
    low, high = sorted((float(one), float(other)))  # type: ignore[arg-type]  # both are numbers
    if high < 0:
        low, high = -high, -low
    if low >= 0.5 and high < 1:  # such as a momentum: 0.9 and 0.99 lie a factor of 10 apart
        low, high = 1 - high, 1 - low
    return low > 0 and high <= STEP * low * (1 + 1e-9)


def sound(title: str, tags: Iterable[str] = ()) -> frozenset[str]:
    """The words of an idea, those of two letters too: `embedding lr` and `embedding wd` are two things."""
    return words(title, tags).union(SHORT.findall(title.lower())) - LITTLE


def likeness_of(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that both have; 0 where one word is all there is in common, and not all there is."""
    return jaccard(one, other) if len(one & other) > 1 or one == other else 0.0


def _found(idea: Idea, ledger: Ledger) -> Iterator[tuple[float, Repeat]]:
    """Each finished idea that is close, and how close: params before words."""
    own = sound(idea.title, idea.tags)
    for number, outcome in newest_outcomes(ledger).items():
        other = ledger.ideas.get(number)
        if other is None or other.id == idea.id or outcome.verdict == "invalid":
            continue
        by_params = _by_params(idea, other)
        likeness = likeness_of(own, sound(other.title, other.tags))
        if by_params is not None:
            yield 1 + likeness, _told(idea, other, outcome, by_params)
        elif likeness >= ALIKE:
            yield likeness, _told(idea, other, outcome, "sounds alike")


def _by_params(idea: Idea, other: Idea) -> str | None:
    """What sets the params of two ideas apart, in words; None when it is more than a step of one."""
    ours, theirs = idea.change, other.change
    if not ours.params or ours.params.keys() != theirs.params.keys() or ours.ref != theirs.ref:
        return None
    if ours.sweep or theirs.sweep:
        return None
    apart = [name for name in ours.params if not alike(ours.params[name], theirs.params[name])]
    if not apart:
        return f"had the same change, {_pairs(ours.params)}"
    if len(apart) > 1 or not a_step_apart(ours.params[apart[0]], theirs.params[apart[0]]):
        return None
    name = apart[0]
    return (
        f"had {name} = {value_in_words(theirs.params[name])}, a step from {value_in_words(ours.params[name])}"
    )


def _told(idea: Idea, other: Idea, outcome: Outcome, how: str) -> Repeat:
    return Repeat(
        idea=idea.id,
        kind="near",
        of=other.id,
        says=f"{named(other)} {how}: {outcome_in_words(outcome)}",
        at=outcome.at,
        verdict=outcome.verdict,
    )


def _pairs(params: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value_in_words(value)}" for name, value in params.items())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)

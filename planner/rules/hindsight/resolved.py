"""Resolved ideas: what was said and forecast of each before its outcome, beside the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.estimate import Estimate
from planner.domain.idea import Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.rules.defaults import BASE_FAILURES, BASE_WINS, HALF_LIFE
from planner.rules.learning.settled import Settled, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A finished idea as its guesses are judged by."""

    idea: Idea
    """The idea."""
    outcome: Outcome
    """Its newest outcome."""
    q: float
    """What happened: its soft label."""
    base: float
    """The base rate that held before its outcome."""
    estimates: Mapping[str, Estimate]
    """What people said before the outcome, by name."""
    frozen: Frozen | None
    """What the planner forecast before the outcome; None when it did not."""


def resolved(ledger: Ledger) -> tuple[Resolved, ...]:
    """The ideas whose newest outcome is evidence, oldest first; invalid ones are none."""
    evidence = settled(ledger)
    return tuple(_resolved(each, base) for each, base in zip(evidence, base_rates(evidence), strict=True))


def base_rates(evidence: Sequence[Settled]) -> Iterator[float]:
    """The base rate before each outcome, as it was learned from those before it."""
    fade, wins, weight = 0.5 ** (1.0 / HALF_LIFE), 0.0, 0.0
    for each in evidence:
        yield (BASE_WINS + wins) / (BASE_WINS + BASE_FAILURES + weight)
        wins, weight = fade * wins + each.q, fade * weight + 1.0


def said_by(one: Resolved, who: str) -> Resolved:
    """The same idea with one person's words alone."""
    return replace(one, estimates={who: one.estimates[who]} if who in one.estimates else {})


def _resolved(each: Settled, base: float) -> Resolved:
    idea, outcome = each.idea, each.outcome
    frozen = idea.frozen if idea.frozen and idea.frozen.at <= outcome.at else None
    return Resolved(
        idea=idea,
        outcome=outcome,
        q=each.q,
        base=base,
        estimates={who: said for who, said in each.estimates.items() if said.at <= outcome.at},
        frozen=frozen,
    )

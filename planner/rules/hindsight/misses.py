"""The guesses that were furthest off, of whatever kind, by the information they lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log

from planner.domain.goal import Goal
from planner.domain.record import Criterion, Miss
from planner.rules.defaults import LEAST_WIN, PSEUDO_SPREAD
from planner.rules.hindsight.amounts import gain_of_win, hours_taken
from planner.rules.hindsight.chances import log_loss
from planner.rules.hindsight.resolved import Resolved
from planner.rules.scoring.stated import chances, gains, hours

NAMED = 3
"""How many misses are named."""
LEAST_BITS = 1.0
"""A guess that lost less than a coin toss would have is no miss."""
GAIN_SPREAD = 1.0
"""Standard deviation of the log of measured over stated gain that is nothing unusual."""


def misses(resolved: Iterable[Resolved], goal: Goal, reference: float) -> tuple[Miss, ...]:
    """The worst misses, worst first, one an idea at most."""
    worst: dict[int, Miss] = {}
    for miss in sorted(_all(resolved, goal, reference), key=_worst_first):
        worst.setdefault(miss.idea, miss)
    return tuple(worst.values())[:NAMED]


def _worst_first(miss: Miss) -> tuple[float, int, str, str]:
    return -miss.bits, miss.idea, miss.by, miss.criterion


def _all(resolved: Iterable[Resolved], goal: Goal, reference: float) -> Iterator[Miss]:
    for one in resolved:
        yield from _chances(one)
        yield from _hours(one)
        yield from _gains(one, goal, reference)


def _chances(one: Resolved) -> Iterator[Miss]:
    for who, said in chances(one.estimates):
        yield from _miss(one, who, "likelihood", said, one.q, chance_bits(said, one.q))


def _hours(one: Resolved) -> Iterator[Miss]:
    took = hours_taken(one)
    if took is not None:
        for who, said in hours(one.estimates):
            yield from _miss(one, who, "hours", said, took, ratio_bits(took, said, PSEUDO_SPREAD))


def _gains(one: Resolved, goal: Goal, reference: float) -> Iterator[Miss]:
    gain = gain_of_win(one)
    if gain is not None:
        for who, said in gains(one.estimates, goal, reference):
            bits = ratio_bits(max(LEAST_WIN, gain), said, GAIN_SPREAD)
            yield from _miss(one, who, "impact", said, gain, bits)


def _miss(
    one: Resolved, who: str, criterion: Criterion, said: float, was: float, bits: float
) -> Iterator[Miss]:
    if bits >= LEAST_BITS:
        yield Miss(
            idea=one.idea.id,
            title=one.idea.title,
            by=who,
            criterion=criterion,
            said=said,
            was=was,
            bits=bits,
        )


def chance_bits(chance: float, q: float) -> float:
    """What a chance lost against having said q, in bits: their relative entropy."""
    return (log_loss(chance, q) - log_loss(q, q)) / log(2.0)


def ratio_bits(actual: float, said: float, spread: float) -> float:
    """What an amount lost against having been centred on the actual one, in bits.

    Actual amounts scatter lognormally around what is said, with that standard deviation of the log.
    """
    return (log(actual / said) / spread) ** 2 / 2.0 / log(2.0)

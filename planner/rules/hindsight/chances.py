"""Chances given before the outcome against what happened: Brier score, its parts, log-loss, skill."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log
from statistics import fmean
from typing import NamedTuple

from planner.domain.record import Bin, ChanceRecord
from planner.rules.defaults import ENOUGH_TASKS, LEAST_CHANCE

EDGES = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Chances between two neighbours share a bin; narrow below, where most of the planner's lie."""
_BETWEEN = EDGES[1:-1]


class Forecast(NamedTuple):
    """One idea: a chance given, what happened, and what could be said without knowing the idea."""

    chance: float
    """The chance given, 0 to 1."""
    q: float
    """What happened: the soft label."""
    base: float
    """The base rate that held before its outcome."""


def chance_record(forecasts: Iterable[Forecast]) -> ChanceRecord:
    """How good the chances were; the count alone while there are fewer than six."""
    given = tuple(forecasts)
    if len(given) < ENOUGH_TASKS:
        return ChanceRecord(ideas=len(given))
    q, bins = [one.q for one in given], binned(given)
    score = brier([(one.chance, one.q) for one in given])
    base = brier([(one.base, one.q) for one in given])
    happened = fmean(q)
    reliability = _over(bins, [(one.said - one.happened) ** 2 for one in bins])
    resolution = _over(bins, [(one.happened - happened) ** 2 for one in bins])
    uncertainty = fmean([(each - happened) ** 2 for each in q])
    return ChanceRecord(
        ideas=len(given),
        said=fmean([one.chance for one in given]),
        happened=happened,
        brier=score,
        log_loss=fmean([log_loss(one.chance, one.q) for one in given]),
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        binning=score - (reliability - resolution + uncertainty),
        base_brier=base,
        base_log_loss=fmean([log_loss(one.base, one.q) for one in given]),
        skill=1.0 - score / base if base else None,
        bins=bins,
    )


def brier(pairs: Iterable[tuple[float, float]]) -> float:
    """Mean squared distance of chances to what happened."""
    return fmean([(chance - q) ** 2 for chance, q in pairs])


def log_loss(chance: float, q: float) -> float:
    """What one chance costs, in nats, when its idea works with chance q."""
    held = min(1.0 - LEAST_CHANCE, max(LEAST_CHANCE, chance))
    return -q * log(held) - (1.0 - q) * log(1.0 - held)


def binned(forecasts: Iterable[Forecast]) -> tuple[Bin, ...]:
    """The forecasts by bins, lowest first, empty ones left out."""
    members = defaultdict[int, list[Forecast]](list)
    for one in forecasts:
        members[bisect_right(_BETWEEN, one.chance)].append(one)
    return tuple(
        Bin(
            low=EDGES[place],
            high=EDGES[place + 1],
            ideas=len(inside),
            said=fmean([one.chance for one in inside]),
            happened=fmean([one.q for one in inside]),
        )
        for place, inside in sorted(members.items())
    )


def _over(bins: Sequence[Bin], values: Sequence[float]) -> float:
    """Mean over ideas of a value that each bin has."""
    return fmean(values, [one.ideas for one in bins])

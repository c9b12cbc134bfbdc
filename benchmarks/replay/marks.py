"""Marks for forecasts: log-loss, Brier score, and how often it happened when so much was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, log
from random import Random

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0)
"""Where the bins of stated chances end."""
DRAWS = 4000
"""Resamples of a bootstrap interval."""

Forecast = tuple[float, bool]
"""A chance that was said, and whether it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The forecasts that said about the same."""

    said: float
    """Mean chance."""
    happened: float
    """Share that came true."""
    count: int
    """How many they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How good some forecasts were."""

    log_loss: float
    """Mean surprise, in nats; less is better."""
    brier: float
    """Mean squared error; less is better."""
    bins: tuple[Bin, ...]
    """By rising chance; empty ones are left out."""


def marks(forecasts: Sequence[Forecast]) -> Marks:
    """The marks of at least one forecast; chances above 0 and below 1."""
    count = len(forecasts)
    return Marks(
        log_loss=-fsum(log(chance if happened else 1.0 - chance) for chance, happened in forecasts) / count,
        brier=fsum((chance - happened) ** 2 for chance, happened in forecasts) / count,
        bins=_bins(forecasts),
    )


def _bins(forecasts: Sequence[Forecast]) -> tuple[Bin, ...]:
    filled = [[each for each in forecasts if low <= each[0] < high] for low, high in pairwise(EDGES)]
    return tuple(
        Bin(
            said=fsum(chance for chance, _ in held) / len(held),
            happened=sum(happened for _, happened in held) / len(held),
            count=len(held),
        )
        for held in filled
        if held
    )


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of at least one number."""
    return fsum(values) / len(values)


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """95 % bootstrap interval of the mean of paired differences; the same draws at every call."""
    luck, count = Random(0), len(differences)
    means = sorted(mean(luck.choices(differences, k=count)) for _ in range(DRAWS))
    return means[round(0.025 * DRAWS)], means[round(0.975 * DRAWS) - 1]

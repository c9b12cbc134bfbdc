"""What was believed before the runs, beside what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import fmean, median

from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.review import ChanceBin, Guess, HoursRatio
from planner.rules.learning.settled import soft_label

BIN_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Stated chances between two neighbours share a bin."""


def guesses(outcomes: Iterable[Outcome], ledger: Ledger) -> tuple[Guess, ...]:
    """One guess for each outcome whose idea is known; only what was frozen before the runs counts as said."""
    return tuple(_guess(ledger.ideas[one.idea], one) for one in outcomes if one.idea in ledger.ideas)


def hours_ratio(guesses: Iterable[Guess]) -> HoursRatio | None:
    """Median of actual over stated hours; None where both were never known."""
    ratios = [guess.hours / guess.said_hours for guess in guesses if guess.hours and guess.said_hours]
    return HoursRatio(median=median(ratios), tasks=len(ratios)) if ratios else None


def chance_bins(guesses: Iterable[Guess]) -> tuple[ChanceBin, ...]:
    """Stated chances against what happened, lowest first, empty bins left out."""
    told = [guess for guess in guesses if guess.said_chance is not None and guess.q is not None]
    bins = [
        _bin(low, high, [guess for guess in told if _bin_low(guess) == low])
        for low, high in pairwise(BIN_EDGES)
    ]
    return tuple(one for one in bins if one is not None)


def _guess(idea: Idea, outcome: Outcome) -> Guess:
    frozen = idea.frozen
    said = list(frozen.estimates.values()) if frozen else []
    return Guess(
        idea=idea.id,
        title=idea.title,
        verdict=outcome.verdict,
        said_hours=_middle(said, lambda estimate: estimate.hours),
        hours=outcome.hours,
        said_chance=_middle(said, lambda estimate: estimate.likelihood),
        chance=frozen.chance if frozen else None,
        q=soft_label(outcome),
        forecast_gain=frozen.gain if frozen else None,
        gain=outcome.gain if outcome.verdict == "improved" else None,
    )


def _middle(said: Sequence[Estimate], criterion: Callable[[Estimate], float | None]) -> float | None:
    """Median over the people who stated the criterion."""
    values = [value for estimate in said if (value := criterion(estimate)) is not None]
    return median(values) if values else None


def _bin_low(guess: Guess) -> float:
    """The lower edge of the bin the stated chance falls in; 1 falls in the last."""
    return max(edge for edge in BIN_EDGES[:-1] if edge <= (guess.said_chance or 0.0))


def _bin(low: float, high: float, members: Sequence[Guess]) -> ChanceBin | None:
    if not members:
        return None
    return ChanceBin(
        low=low,
        high=high,
        ideas=len(members),
        said=fmean(guess.said_chance or 0.0 for guess in members),
        planner=fmean(guess.chance or 0.0 for guess in members),
        worked=fmean(guess.q or 0.0 for guess in members),
    )

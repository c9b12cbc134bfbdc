"""Hours, gains and complexity said before the outcome, against what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, fsum, isfinite, log
from statistics import fmean, quantiles

from planner.domain.goal import Goal
from planner.domain.record import ComplexityRecord, GainRecord, HoursRecord
from planner.rules.defaults import ENOUGH_TASKS
from planner.rules.hindsight.resolved import Resolved
from planner.rules.scoring.stated import gains, hours, median


def hours_record(resolved: Iterable[Resolved]) -> HoursRecord:
    """Actual over stated hours, and how often the planner's band held them."""
    measured = [(one, actual) for one in resolved if (actual := hours_taken(one)) is not None]
    stated = [(actual, said) for one, actual in measured if (said := _said_hours(one)) is not None]
    forecast = [(actual, band) for one, actual in measured if (band := _band(one)) is not None]
    tenth, middle, ninetieth = _spread([actual / said for actual, said in stated])
    return HoursRecord(
        ideas=len(stated),
        ratio=middle,
        low=tenth,
        high=ninetieth,
        off=_off(stated),
        planner_ideas=len(forecast),
        planner_off=_off([(actual, expected) for actual, (_, expected, _) in forecast]),
        inside=_mean([float(low <= actual <= high) for actual, (low, _, high) in forecast]),
    )


def gain_record(resolved: Sequence[Resolved], goal: Goal, reference: float) -> GainRecord:
    """Measured over forecast gain of the wins, and what all ideas together should have brought and did."""
    wins = [(one, gain) for one in resolved if (gain := gain_of_win(one)) is not None]
    ratios = [gain / one.frozen.gain for one, gain in wins if one.frozen and one.frozen.gain > 0]
    said = [gain / said for one, gain in wins if (said := _said_gain(one, goal, reference)) is not None]
    forecast = [one for one in resolved if one.frozen]
    low, middle, high = _spread(ratios)
    enough = len(forecast) >= ENOUGH_TASKS
    return GainRecord(
        wins=len(ratios),
        ratio=middle,
        low=low,
        high=high,
        said_wins=len(said),
        said_ratio=_spread(said)[1],
        ideas=len(forecast),
        expected=fsum(_expected(one) for one in forecast) if enough else None,
        kept=fsum(_kept(one) for one in forecast) if enough else None,
    )


def complexity_record(resolved: Iterable[Resolved]) -> ComplexityRecord:
    """Measured minus stated complexity."""
    differences = [each for one in resolved if (each := _complexity_difference(one)) is not None]
    return ComplexityRecord(
        ideas=len(differences),
        difference=_mean(differences),
        near=_mean([float(abs(each) <= 1.0) for each in differences]),
    )


def hours_taken(one: Resolved) -> float | None:
    """Hours to implement that were measured; None when nobody did."""
    return one.outcome.hours if one.outcome.hours and isfinite(one.outcome.hours) else None


def gain_of_win(one: Resolved) -> float | None:
    """Measured gain of an idea that improved, in MEI; None of any other."""
    gain = one.outcome.gain
    return gain if one.outcome.verdict == "improved" and gain is not None and isfinite(gain) else None


def _said_hours(one: Resolved) -> float | None:
    said = hours(one.estimates)
    return median([each for _, each in said]) if said else None


def _said_gain(one: Resolved, goal: Goal, reference: float) -> float | None:
    said = gains(one.estimates, goal, reference)
    return median([each for _, each in said]) if said else None


def _band(one: Resolved) -> tuple[float, float, float] | None:
    """Lower end, middle and upper end of the planner's forecast of the hours; None where it made none."""
    frozen = one.frozen
    if frozen is None or not frozen.implement or frozen.low is None or frozen.high is None:
        return None
    return frozen.low, frozen.implement, frozen.high


def _expected(one: Resolved) -> float:
    return one.frozen.chance * one.frozen.gain if one.frozen else 0.0


def _kept(one: Resolved) -> float:
    return one.outcome.gain or 0.0 if one.outcome.kept else 0.0


def _complexity_difference(one: Resolved) -> float | None:
    measured = one.outcome.complexity
    said = [
        each.complexity
        for each in one.estimates.values()
        if each.complexity is not None and isfinite(each.complexity)
    ]
    return measured - median(said) if said and measured is not None else None


def _off(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Typical factor between the two of a pair, either way."""
    middle = _spread([abs(log(actual / said)) for actual, said in pairs])[1]
    return None if middle is None else exp(middle)


def _spread(values: Sequence[float]) -> tuple[float, float, float] | tuple[None, None, None]:
    """10th percentile, median and 90th percentile, interpolated; nothing while there are too few."""
    if len(values) < ENOUGH_TASKS:
        return None, None, None
    deciles = quantiles(values, n=10, method="inclusive")
    return deciles[0], deciles[4], deciles[8]


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if len(values) >= ENOUGH_TASKS else None

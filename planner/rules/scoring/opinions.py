"""What each person said of an idea, and what is left of it without that person's habit."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.score import Opinion
from planner.rules.defaults import GAIN_SLOPE
from planner.rules.scoring.stated import Estimates, chances, gains, hours, log_odds

Ends = tuple[float | None, float | None]


def of_chance(estimates: Estimates, calibration: Calibration) -> tuple[Opinion, ...]:
    """Stated chances, 0 to 1; centred log-odds."""

    def opinion(who: str, said: float) -> Opinion:
        usual = calibration.usual.get(who, calibration.everybody).chance
        low, high = _ends(estimates[who], "likelihood")
        centred, odds = log_odds(said) - usual, 1.0 / (1.0 + exp(-usual))
        return Opinion(by=who, said=said, usual=odds, centred=centred, low=low, high=high)

    return tuple(opinion(who, said) for who, said in chances(estimates))


def of_gain(
    estimates: Estimates, calibration: Calibration, goal: Goal, reference: float
) -> tuple[Opinion, ...]:
    """Stated gains in MEI; centred natural logarithms, slope applied."""

    def opinion(who: str, said: float) -> Opinion:
        usual = calibration.usual.get(who, calibration.everybody).gain
        low, high = _ends_in_mei(estimates[who], goal, reference)
        centred = GAIN_SLOPE * (log(said) - usual)
        return Opinion(by=who, said=said, usual=exp(usual), centred=centred, low=low, high=high)

    return tuple(opinion(who, said) for who, said in gains(estimates, goal, reference))


def of_hours(
    estimates: Estimates, ratio: Callable[[str], float], referenced: Callable[[float], float]
) -> tuple[Opinion, ...]:
    """Stated hours to implement; natural logarithms of what the person's record makes of them.

    `ratio` is the logarithm of actual over stated hours of a person, `referenced` that of stated hours.
    """

    def opinion(who: str, said: float) -> Opinion:
        low, high = _ends(estimates[who], "hours")
        centred = referenced(said) + ratio(who)
        return Opinion(by=who, said=said, usual=exp(ratio(who)), centred=centred, low=low, high=high)

    return tuple(opinion(who, said) for who, said in hours(estimates))


def _ends(said: Estimate, criterion: str) -> Ends:
    return said.ranges.get(criterion, (None, None))


def _ends_in_mei(said: Estimate, goal: Goal, reference: float) -> Ends:
    """The smaller gain first, whichever way the metric is to move."""
    if "impact" not in said.ranges:
        return None, None
    share = abs(reference) if said.relative else 1.0
    small, large = sorted(abs(end) * share / goal.minimum_effect for end in said.ranges["impact"])
    return small, large

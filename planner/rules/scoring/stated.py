"""What people said of one idea, one criterion at a time; a number that is not finite was not said."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, log

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.rules.defaults import ASSUMED_COMPLEXITY, LEAST_GAIN, LEAST_HOURS, LEAST_SAID, MOST_SAID

Estimates = Mapping[str, Estimate]
Said = list[tuple[str, float]]
"""Who said which number."""


def chances(estimates: Estimates) -> Said:
    """Stated chances, 0 to 1."""
    return [
        (who, said.likelihood)
        for who, said in estimates.items()
        if said.likelihood is not None and isfinite(said.likelihood)
    ]


def gains(estimates: Estimates, goal: Goal, reference: float) -> Said:
    """Stated gains in MEI, above 0; a relative one is a share of `reference`, in the metric's own unit."""
    mei, share = goal.minimum_effect, abs(reference) / goal.minimum_effect
    said = [
        (who, abs(one.impact) * share if one.relative else abs(one.impact) / mei)
        for who, one in estimates.items()
        if one.impact is not None and isfinite(one.impact)
    ]
    return [(who, gain if gain > LEAST_GAIN else LEAST_GAIN) for who, gain in said]


def hours(estimates: Estimates) -> Said:
    """Stated hours to implement, above 0."""
    return [
        (who, said.hours if said.hours > LEAST_HOURS else LEAST_HOURS)
        for who, said in estimates.items()
        if said.hours is not None and isfinite(said.hours)
    ]


def complexity(idea: Idea) -> float | None:
    """Median of the stated complexities, 0 to 5; None when nobody stated one."""
    points = [
        said.complexity
        for said in idea.estimates.values()
        if said.complexity is not None and isfinite(said.complexity)
    ]
    return median(points) if points else None


def complexity_or_assumed(idea: Idea) -> float:
    """The same, with the planner's own number where nobody stated one."""
    points = complexity(idea)
    return ASSUMED_COMPLEXITY if points is None else points


def log_odds(chance: float) -> float:
    """Natural log-odds of a stated chance, held to what is finite."""
    held = LEAST_SAID if chance < LEAST_SAID else MOST_SAID if chance > MOST_SAID else chance
    return log(held / (1.0 - held))


def median(values: list[float]) -> float:
    """The middle value, the mean of the middle two of an even number; `values` must not be empty."""
    if len(values) == 1:  # most ideas have one estimate, and the standard library's median is slow
        return values[0]
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def reference_of(learned: float | None, goal: Goal) -> float:
    """What relative impacts are shares of: the baseline's value, else the goal's target, else 1."""
    if learned is not None:
        return learned
    return 1.0 if goal.target is None else goal.target

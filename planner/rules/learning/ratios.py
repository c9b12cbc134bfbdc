"""Learn how long implementation takes against what was said: per person, then per category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import fsum, log

from planner.domain.calibration import Calibration
from planner.rules.defaults import (
    CATEGORY_PRIOR,
    ENOUGH_TASKS,
    HOURS_PRIOR,
    HOURS_SLOPE,
    HOURS_SLOPE_PRIOR,
    RATIO_LIMIT,
)
from planner.rules.learning.settled import Settled
from planner.rules.scoring.hours import PRIOR_RATIO, referenced
from planner.rules.scoring.stated import hours, median

Task = tuple[str, dict[str, float]]
"""A finished task: its category, and by person the log of actual over referenced hours."""


def learn_ratios(calibration: Calibration, evidence: Sequence[Settled]) -> Calibration:
    """The calibration with the ratios of actual to stated hours."""
    calibration = replace(calibration, hours_slope=_slope(evidence))
    tasks = [task for settled in evidence if (task := _task(settled, calibration))[1]]
    by_person: defaultdict[str, list[float]] = defaultdict(list)
    for _, ratios in tasks:
        for who, ratio in ratios.items():
            by_person[who].append(ratio)
    person = {
        who: (HOURS_PRIOR * PRIOR_RATIO + sum(own)) / (HOURS_PRIOR + len(own))
        for who, own in by_person.items()
    }
    return replace(
        calibration,
        person_ratio=person,
        person_tasks={who: len(own) for who, own in by_person.items()},
        category_ratio=_category_ratios(tasks, person),
    )


def _slope(evidence: Sequence[Settled]) -> float:
    """How much of stated hours deserves belief: actual on stated, in logs, each person's apart; 0 to 1.

    Public records of estimates have 0.57 to 0.85. Below six tasks it is not asked.
    """
    by_person: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    tasks = 0
    for settled in evidence:
        took = _took(settled)
        said = hours(settled.estimates) if took is not None else []
        tasks += bool(said)
        for who, stated in said:
            by_person[who].append((log(stated), took or 0.0))
    if tasks < ENOUGH_TASKS:
        return HOURS_SLOPE
    sums = [_sums(own) for own in by_person.values()]
    together = HOURS_SLOPE * HOURS_SLOPE_PRIOR + fsum(products for products, _ in sums)
    return max(0.0, min(1.0, together / (HOURS_SLOPE_PRIOR + fsum(squares for _, squares in sums))))


def _sums(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Sum of products and of squares about the means of (stated, actual)."""
    stated = fsum(x for x, _ in points) / len(points)
    took = fsum(y for _, y in points) / len(points)
    return fsum((x - stated) * (y - took) for x, y in points), fsum((x - stated) ** 2 for x, _ in points)


def _task(settled: Settled, calibration: Calibration) -> Task:
    """What one finished task says; nothing when its hours were not measured."""
    took = _took(settled)
    if took is None:
        return settled.idea.category, {}
    return settled.idea.category, {
        who: max(-RATIO_LIMIT, min(RATIO_LIMIT, took - referenced(stated, calibration)))
        for who, stated in hours(settled.estimates)
    }


def _took(settled: Settled) -> float | None:
    """Log of the hours it took, without the slow-down of that time; None when they were not measured."""
    actual = settled.outcome.hours
    if actual is None or actual <= 0:
        return None
    return log(actual / (settled.idea.frozen.slow if settled.idea.frozen else 1.0))


def _category_ratios(tasks: Sequence[Task], person: dict[str, float]) -> dict[str, float]:
    """What is left per category once everybody's own ratio is taken off, shrunk to nothing."""
    left: defaultdict[str, list[float]] = defaultdict(list)
    for category, ratios in tasks:
        left[category].append(median([ratio - person[who] for who, ratio in ratios.items()]))
    return {category: sum(own) / (CATEGORY_PRIOR + len(own)) for category, own in left.items()}

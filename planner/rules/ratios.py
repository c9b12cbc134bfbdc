"""Learn how long implementation takes against what was said: per person, then per category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log

from planner.domain.calibration import Calibration
from planner.rules.defaults import CATEGORY_PRIOR, HOURS_PRIOR, RATIO_LIMIT
from planner.rules.hours import PRIOR_RATIO, referenced
from planner.rules.settled import Settled
from planner.rules.stated import hours, median

Task = tuple[str, dict[str, float]]
"""A finished task: its category, and by person the log of actual over referenced hours."""


def learn_ratios(calibration: Calibration, evidence: Sequence[Settled]) -> Calibration:
    """The calibration with the ratios of actual to stated hours."""
    tasks = [task for settled in evidence if (task := _task(settled, calibration.mean_log_hours))[1]]
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


def _task(settled: Settled, mean_log_hours: float) -> Task:
    """What one finished task says; nothing when its hours were not measured."""
    actual = settled.outcome.hours
    if actual is None or actual <= 0:
        return settled.idea.category, {}
    slow = settled.idea.frozen.slow if settled.idea.frozen else 1.0
    took = log(actual / slow)
    return settled.idea.category, {
        who: max(-RATIO_LIMIT, min(RATIO_LIMIT, took - referenced(stated, mean_log_hours)))
        for who, stated in hours(settled.estimates)
    }


def _category_ratios(tasks: Sequence[Task], person: dict[str, float]) -> dict[str, float]:
    """What is left per category once everybody's own ratio is taken off, shrunk to nothing."""
    left: defaultdict[str, list[float]] = defaultdict(list)
    for category, ratios in tasks:
        left[category].append(median([ratio - person[who] for who, ratio in ratios.items()]))
    return {category: sum(own) / (CATEGORY_PRIOR + len(own)) for category, own in left.items()}

"""H, the hours still to spend on an idea."""

from __future__ import annotations

from math import exp, log, log1p, sqrt
from typing import TYPE_CHECKING, TypeVar

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.score import Hours, Opinion
from planner.domain.settings import Settings
from planner.rules.defaults import (
    ASSUMED_HOURS,
    BAND,
    FEW_TASKS,
    FIRST_SEEDS,
    HOURS_RATIO,
    HOURS_SPREAD,
    IMPLEMENT_SHARE,
    LEAST_OVERHEAD,
    PSEUDO_CENTRE,
    PSEUDO_SPREAD,
    PSEUDO_TASKS,
    SEEDS_PER_CHANCE,
    SLOW_PER_POINT,
)
from planner.rules.scoring.opinions import of_hours
from planner.rules.scoring.stated import Said, complexity_or_assumed, hours, median

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Number = TypeVar("Number", float, NDArray[np.float64])

PRIOR_RATIO = log(HOURS_RATIO)
"""Log ratio of actual to stated hours of a person without a record."""
ASSUMED: Said = [("", ASSUMED_HOURS)]
"""What is taken for said where nobody said any hours."""
_SKEW = HOURS_SPREAD**2 / 2
"""What lifts the log of the median of a log-normal to the log of its mean."""


def slow_down(kept_complexity: float) -> float:
    """How much longer implementation takes because of complexity kept so far; 1 or more."""
    return exp(kept_complexity * log1p(SLOW_PER_POINT))


def referenced(stated: float, calibration: Calibration) -> float:
    """Log of stated hours, pulled to the typical task: short estimates run over, long ones under."""
    slope = calibration.hours_slope
    return slope * log(stated) + (1.0 - slope) * calibration.mean_log_hours


def left_to_implement(idea: Idea, total: float) -> float:
    """Hours of implementation still ahead: none once the idea can run, else what is not spent yet.

    An idea can run when its code exists: it has a ref, the work tree carries it, or params alone make it,
    which they can only when the recipe knows them. What that cost is paid and no longer counts.
    """
    return 0.0 if idea.change.runnable else max(0.0, total - idea.spent_hours)


def _share_of_small(calibration: Calibration, settings: Settings) -> float:
    """What `small` takes of a full run: as measured, as planner.toml says, else its share of the data."""
    small, full = settings.rung("small"), settings.rung("full")
    if calibration.small_hours is not None and calibration.run_hours:
        return min(1.0, calibration.small_hours / calibration.run_hours)
    if small.hours < full.hours:
        return small.hours / full.hours
    return 1.0 if small.fraction is None else min(1.0, small.fraction)


def _band(tasks: int) -> tuple[float, float]:
    """The ends of the 80 % band over the expected hours, by a person's measured tasks."""
    centre, variance = -_SKEW, HOURS_SPREAD**2
    if tasks < FEW_TASKS:  # too short a record to know one's own spread: pool it with a usual person's
        doubt = PSEUDO_TASKS / (PSEUDO_TASKS + tasks)
        centre += doubt * PSEUDO_CENTRE
        variance += doubt * (PSEUDO_SPREAD**2 - variance)
    return exp(centre - BAND * sqrt(variance)), exp(centre + BAND * sqrt(variance))


_BANDS = tuple(_band(tasks) for tasks in range(FEW_TASKS + 1))


class HoursRule:
    """H of any idea under one calibration."""

    def __init__(self, calibration: Calibration, settings: Settings) -> None:
        self._calibration = calibration
        self._slow = slow_down(calibration.kept_complexity)
        self._gpu_hour = settings.score.gpu_hour
        self._overhead = max(LEAST_OVERHEAD, settings.score.overhead)
        self._tax = SLOW_PER_POINT * IMPLEMENT_SHARE * settings.score.horizon
        measured = calibration.run_hours
        self.run_hours = settings.rung("full").hours if measured is None else measured
        """Hours of a full run of an idea of which nobody says otherwise."""
        self._settings = settings
        self._small = _share_of_small(calibration, settings)

    def __call__(self, idea: Idea, chance: float) -> Hours:
        """H and every term that made it; runs and tax grow with the chance of success."""
        said = hours(idea.estimates)
        ratio, expected = self._implementation(idea.category, said)
        total = expected * self._slow
        low, high = _BANDS[self._tasks(said)]
        run_hours, gpu = self.run_hours_of(idea), self._gpu(idea, chance)
        configs, trials = self._search(idea)
        points = complexity_or_assumed(idea)
        left, runs, tax = left_to_implement(idea, total), self._gpu_hour * gpu, chance * points * self._tax
        return Hours(
            said=median([stated for _, stated in said]) if said else None,
            ratio=ratio,
            slow=self._slow,
            implement_total=total,
            spent=idea.spent_hours,
            implement=left,
            low=total * low,
            high=total * high,
            run_hours=run_hours,
            runs=runs,
            gpu=gpu,
            configs=configs,
            search=run_hours * trials,
            overhead=self._overhead,
            complexity=points,
            tax=tax,
            used=left + runs + self._overhead + tax,
            people=self._people(idea),
        )

    def used(self, idea: Idea, chance: float) -> float:
        """H alone."""
        points, trials = complexity_or_assumed(idea), self.trials(idea)
        return self.spend(self.left(idea), self.run_hours_of(idea), chance, points, trials)

    def spend(
        self, left: Number, run_hours: Number, chance: Number, points: Number, trials: Number
    ) -> Number:
        """H by its parts, of one idea or of a column of them."""
        gpu = run_hours * (FIRST_SEEDS + SEEDS_PER_CHANCE * chance + trials)
        return left + self._gpu_hour * gpu + self._overhead + chance * points * self._tax

    def trials(self, idea: Idea) -> float:
        """The configurations that its sweep is still to try, counted in full runs; 0 without a sweep."""
        return 0.0 if idea.change.sweep is None else self._search(idea)[1]

    def search(self, idea: Idea) -> float:
        """GPU hours of those configurations, in hours of a person."""
        return self._gpu_hour * self.run_hours_of(idea) * self.trials(idea)

    def left(self, idea: Idea) -> float:
        """Hours left to implement it."""
        return 0.0 if idea.change.runnable else left_to_implement(idea, self.total(idea))

    def runs(self, idea: Idea, chance: float) -> float:
        """Expected GPU hours until the verdict, in hours of a person."""
        return self._gpu_hour * self._gpu(idea, chance)

    def total(self, idea: Idea) -> float:
        """Hours to implement it, nothing spent yet."""
        return exp(self._corrected(idea.category, hours(idea.estimates)) + _SKEW) * self._slow

    def run_hours_of(self, idea: Idea) -> float:
        """Wall hours of one full run."""
        return self.run_hours if idea.run_hours is None else idea.run_hours

    def _gpu(self, idea: Idea, chance: float) -> float:
        """Expected GPU hours until the verdict."""
        return self.run_hours_of(idea) * (FIRST_SEEDS + SEEDS_PER_CHANCE * chance + self.trials(idea))

    def _search(self, idea: Idea) -> tuple[int, float]:
        """The configurations that its sweep is still to try, and how many full runs they come to."""
        sweep, wish = idea.change.sweep, idea.dispatch
        if sweep is None or (wish is not None and wish.chosen is not None):
            return 0, 0.0
        from planner.rules.sweeping.planned import planned  # few ideas sweep, and capture is to be quick
        from planner.rules.sweeping.tried import choosing_rung

        configs = planned(sweep)
        return configs, configs * (self._small if choosing_rung(idea, self._settings) == "small" else 1.0)

    def _implementation(self, category: str, said: Said) -> tuple[float, float]:
        """What the record multiplies stated hours by, and the expected hours before any slow-down."""
        stated = median([referenced(each, self._calibration) for _, each in said or ASSUMED])
        corrected = self._corrected(category, said)
        return exp(corrected - stated), exp(corrected + _SKEW)

    def _corrected(self, category: str, said: Said) -> float:
        """Log of the hours that the record makes of those stated, before any slow-down."""
        learned = self._calibration
        record = learned.person_ratio
        own = [referenced(each, learned) + record.get(who, PRIOR_RATIO) for who, each in said or ASSUMED]
        return median(own) + learned.category_ratio.get(category, 0.0)

    def _people(self, idea: Idea) -> tuple[Opinion, ...]:
        """What each person said, and what the record makes of it."""
        record = self._calibration.person_ratio
        return of_hours(
            idea.estimates,
            lambda who: record.get(who, PRIOR_RATIO),
            lambda stated: referenced(stated, self._calibration),
        )

    def _tasks(self, said: Said) -> int:
        """Measured tasks of the least measured of those who spoke, as far as they matter."""
        tasks = self._calibration.person_tasks
        if not said or not tasks:
            return 0
        return min(FEW_TASKS, *[tasks.get(who, 0) for who, _ in said])

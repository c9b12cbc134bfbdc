"""The calibration in force, in the units people speak in."""

from __future__ import annotations

from math import exp

from planner.domain.calibration import Calibration, Usual
from planner.domain.record import Habit, InForce
from planner.rules.defaults import SLOPES
from planner.rules.scoring.chance import sigmoid
from planner.rules.scoring.hours import PRIOR_RATIO, slow_down


def in_force(calibration: Calibration) -> InForce:
    """What a calibration holds; logs and log-odds become factors, gains and chances."""
    people = sorted(calibration.usual.keys() | calibration.person_ratio.keys())
    return InForce(
        number=calibration.number,
        at=calibration.at,
        because=calibration.because,
        outcomes=calibration.outcomes,
        base=calibration.base,
        trust=sum(slope * trust for slope, trust in zip(SLOPES, calibration.trust, strict=True)),
        everybody=_habit(calibration.everybody, PRIOR_RATIO, 0),
        people={who: _habit_of(who, calibration) for who in people},
        category_hours={name: exp(ratio) for name, ratio in sorted(calibration.category_ratio.items())},
        gain=exp(calibration.gain_scale),
        wins=calibration.wins,
        kept_complexity=calibration.kept_complexity,
        slow=slow_down(calibration.kept_complexity),
        run_hours=calibration.run_hours,
    )


def _habit_of(who: str, calibration: Calibration) -> Habit:
    usual = calibration.usual.get(who) or Usual(
        chance=calibration.everybody.chance, gain=calibration.everybody.gain
    )
    ratio = calibration.person_ratio.get(who, PRIOR_RATIO)
    return _habit(usual, ratio, calibration.person_tasks.get(who, 0))


def _habit(usual: Usual, ratio: float, tasks: int) -> Habit:
    return Habit(
        chance=sigmoid(usual.chance),
        gain=exp(usual.gain),
        said=usual.said,
        hours_ratio=exp(ratio),
        tasks=tasks,
    )

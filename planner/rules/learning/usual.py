"""Learn what people usually say, from everything that has been said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import fsum, log

from planner.domain.calibration import Calibration, Usual
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.rules.defaults import USUAL_PRIOR
from planner.rules.scoring.stated import Estimates, Said, chances, gains, hours, log_odds, reference_of

ByPerson = dict[str, list[float]]


def learn_usual(calibration: Calibration, ideas: Iterable[Idea], goal: Goal) -> Calibration:
    """The calibration with everybody's usual, each person's, and the usual duration.

    Removes personal habit and optimism without any outcome; what nobody has spoken about stays as it is.
    """
    every = [idea.estimates for idea in ideas]
    reference = reference_of(calibration.reference, goal)
    odds = _by_person(every, chances, log_odds)
    log_gains = _by_person(every, lambda said: gains(said, goal, reference), log)
    log_hours = _by_person(every, hours, log)
    everybody = Usual(
        chance=_mean(odds, calibration.everybody.chance),
        gain=_mean(log_gains, calibration.everybody.gain),
        said=max(_count(odds), _count(log_gains)),
    )
    people = sorted(odds.keys() | log_gains.keys())
    return replace(
        calibration,
        everybody=everybody,
        usual={who: _usual(odds.get(who, []), log_gains.get(who, []), everybody) for who in people},
        mean_log_hours=_mean(log_hours, calibration.mean_log_hours),
    )


def _by_person(
    every: Iterable[Estimates], criterion: Callable[[Estimates], Said], scale: Callable[[float], float]
) -> ByPerson:
    """Each person's statements of one criterion, on the scale they are averaged on."""
    by_person: ByPerson = defaultdict(list)
    for estimates in every:
        for who, number in criterion(estimates):
            by_person[who].append(scale(number))
    return dict(by_person)


def _usual(odds: list[float], log_gains: list[float], everybody: Usual) -> Usual:
    return Usual(
        chance=_shrunk(odds, everybody.chance),
        gain=_shrunk(log_gains, everybody.gain),
        said=max(len(odds), len(log_gains)),
    )


def _shrunk(own: list[float], everybody: float) -> float:
    return (fsum(own) + USUAL_PRIOR * everybody) / (len(own) + USUAL_PRIOR)


def _mean(by_person: ByPerson, unsaid: float) -> float:
    """Mean over all statements; `fsum` rounds once, so their order can't show in the result."""
    every = [number for own in by_person.values() for number in own]
    return fsum(every) / len(every) if every else unsaid


def _count(by_person: ByPerson) -> int:
    return sum(len(own) for own in by_person.values())

"""P, the chance that an idea beats the baseline by the minimum effect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, log, pi, sqrt
from typing import NamedTuple

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.score import Chance
from planner.rules.defaults import LEAST_CHANCE, MOST_CHANCE, SLOPES
from planner.rules.scoring.opinions import of_chance
from planner.rules.scoring.relatives import Kin
from planner.rules.scoring.stated import chances, log_odds, median

FARTHEST = 8.0
"""No statement lies farther from a usual than this, in log-odds."""
STEPS = 160
"""Steps to either side in which a turn of the mixture is looked for."""


class Line(NamedTuple):
    """Log-odds of success over the centred statement, if one slope is the right one."""

    level: float
    """Log-odds of an idea of average statement."""
    slope: float
    """s: what one unit of stated log-odds adds."""
    trust: float
    """Weight of this slope."""


def sigmoid(x: float) -> float:
    """The chance whose log-odds are `x`."""
    return 1.0 / (1.0 + exp(-x))


@lru_cache(maxsize=16)
def lines(base: float, spread: float, trust: tuple[float, ...]) -> tuple[Line, ...]:
    """One line for each slope.

    The root keeps the mean chance at `base` however far a slope spreads the ideas apart.
    """
    odds = log(base / (1.0 - base))
    levels = (odds * sqrt(1.0 + pi * slope * slope * spread / 8.0) for slope in SLOPES)
    return tuple(map(Line, levels, SLOPES, trust))


def chance_by_slope(centred: float, all_lines: tuple[Line, ...]) -> list[float]:
    """P_s: the chance of an idea with this centred statement, for each slope."""
    return [1.0 / (1.0 + exp(-level - slope * centred)) for level, slope, _ in all_lines]


def stated_chance(centred: float | None, base: float, spread: float, trust: tuple[float, ...]) -> float:
    """p0: the slopes' chances, each by the trust it has earned; the base rate where nobody said a chance.

    While odds are trusted on the whole, saying more never lowers it: see `dips`.
    """
    if centred is None:
        return base
    every = lines(base, spread, trust)
    chance = _mixed(centred, every)
    for place, least in dips(every):
        if centred < place and chance > least:
            chance = least
    return chance


@lru_cache(maxsize=16)
def dips(every: tuple[Line, ...]) -> tuple[tuple[float, float], ...]:
    """Statements at which the mixture has fallen and rises again, each with its chance there.

    Far from the usual the slopes that agree with people are as sure as they can get, and the little weight
    of a contrary one decides: there the mixture falls while people say more. Below a dip it is held at the
    dip's chance. Where odds are distrusted on the whole it may fall, and the why-panel says so.
    """
    if sum(line.slope * line.trust for line in every) < 0:
        return ()
    places = [step * FARTHEST / STEPS for step in range(-STEPS, STEPS + 1)]
    rises = [_slope(place, every) > 0 for place in places]
    turns = [
        _turn(places[at], places[at + 1], every) for at in range(2 * STEPS) if rises[at + 1] and not rises[at]
    ]
    ends = turns if rises[-1] else [*turns, FARTHEST]
    return tuple((place, _mixed(place, every)) for place in ends)


def _mixed(centred: float, every: tuple[Line, ...]) -> float:
    return sum([weight / (1.0 + exp(-level - slope * centred)) for level, slope, weight in every])


def _slope(centred: float, every: tuple[Line, ...]) -> float:
    """What the mixture gains for one more unit of stated log-odds."""
    chances = chance_by_slope(centred, every)
    return sum(line.trust * line.slope * p * (1.0 - p) for line, p in zip(every, chances, strict=True))


def _turn(falls: float, rises: float, every: tuple[Line, ...]) -> float:
    """The place between two at which the mixture turns from falling to rising."""
    for _ in range(50):
        middle = (falls + rises) / 2
        falls, rises = (falls, middle) if _slope(middle, every) > 0 else (middle, rises)
    return rises


def centred_chance(said: Sequence[tuple[str, float]], calibration: Calibration) -> float | None:
    """z: stated log-odds against the person's usual; None where nobody said a chance."""
    return against_usual(said, calibration)[0] if said else None


def against_usual(said: Sequence[tuple[str, float]], calibration: Calibration) -> tuple[float, float]:
    """z and log-odds of the usual: stated log-odds against the person's usual, medians over people.

    Without a word from anybody, 0 and everybody's usual.
    """
    usual, everybody = calibration.usual, calibration.everybody
    if not said:
        return 0.0, everybody.chance
    own = [usual.get(who, everybody).chance for who, _ in said]
    centred = [log_odds(chance) - usual.get(who, everybody).chance for who, chance in said]
    return median(centred), median(own)


class ChanceRule:
    """P of any idea under one calibration."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self._trust = sum(slope * trust for slope, trust in zip(SLOPES, calibration.trust, strict=True))
        self._known: dict[tuple[tuple[str, float], ...], float] = {}  # people say the same few chances

    def __call__(self, idea: Idea, kin: Kin) -> Chance:
        """P and every term that made it."""
        said = chances(idea.estimates)
        centred, usual = against_usual(said, self._calibration)
        return Chance(
            said=median([chance for _, chance in said]) if said else None,
            usual=sigmoid(usual),
            base=self._calibration.base,
            centred=centred,
            trust=self._trust,
            stated=self.stated(idea),
            relatives=kin.multiplier,
            used=self.used(idea, kin),
            nearest=kin.nearest,
            people=of_chance(idea.estimates, self._calibration),
        )

    def used(self, idea: Idea, kin: Kin) -> float:
        """P alone."""
        return _clipped(self.stated(idea) * kin.multiplier)

    def centred(self, idea: Idea) -> float | None:
        """z alone; None where nobody said a chance."""
        return centred_chance(chances(idea.estimates), self._calibration)

    def stated(self, idea: Idea) -> float:
        """p0 alone."""
        said = tuple(chances(idea.estimates))
        stated = self._known.get(said)
        if stated is None:
            learned = self._calibration
            centred = centred_chance(said, learned)
            stated = stated_chance(centred, learned.base, learned.spread, learned.trust)
            self._known[said] = stated
        return stated


def _clipped(chance: float) -> float:
    return min(MOST_CHANCE, max(LEAST_CHANCE, chance))

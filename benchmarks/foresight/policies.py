"""The policies compared: chance, habit, four ways to multiply what people say, the product, and an oracle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.foresight.attempt import Forecast
from benchmarks.foresight.people import timestamp
from benchmarks.foresight.programme import Policy, Programme
from benchmarks.foresight.replicate import Replicate
from benchmarks.foresight.truth import Floats
from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.score import Score
from planner.rules.defaults import FIRST_SEEDS, IMPLEMENT_SHARE, SEEDS_PER_CHANCE
from planner.rules.judging.keep import going_rate, keep
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.freeze import freeze
from planner.rules.scoring.ranking import place_in_order
from planner.rules.scoring.score import scorer

Worth = Callable[[Replicate], Floats]
"""What each idea is worth to a policy that never changes its mind; the most is tried first."""


class Fixed(Policy):
    """Tries what it holds most worth; nothing that happens changes that."""

    def __init__(self, worth: Floats) -> None:
        self._worth: list[float] = worth.tolist()

    def choose(self, now: Programme) -> int:
        """The open idea of most worth, the oldest among equals."""
        return max(now.open, key=self._worth.__getitem__)


def random(replicate: Replicate) -> Floats:
    """Anything."""
    return replicate.truth.random


def first_come(replicate: Replicate) -> Floats:
    """The oldest first."""
    return -np.arange(len(replicate.ideas), dtype=float)


def fastest(replicate: Replicate) -> Floats:
    """The shortest first, implementation and one run."""
    return -_hours(replicate)


def ice(replicate: Replicate) -> Floats:
    """Impact, confidence and ease, each from 1 to 10 around a usual idea, multiplied."""
    said = replicate.said
    impact = _to_ten(said.gain / (said.gain + 3.0))
    ease = _to_ten(4.0 / (said.hours + 4.0))
    return impact * _to_ten(said.chance) * ease + _tie(replicate)


def rice(replicate: Replicate) -> Floats:
    """Impact on a scale of five, confidence on one of three, over effort in half days; all reach alike."""
    said = replicate.said
    impact = _on_scale(said.gain, (1, 2, 4, 8), (0.25, 0.5, 1, 2, 3))
    confidence = _on_scale(said.chance, (0.35, 0.6), (0.5, 0.8, 1.0))
    days = np.maximum(0.25, np.round(said.hours / 2) / 4)
    return impact * confidence / days + _tie(replicate)


def wsjf(replicate: Replicate) -> Floats:
    """Value plus confidence over size, each a card of planning poker."""
    said, cards = replicate.said, (1, 2, 3, 5, 8, 13, 20)
    value = _on_scale(said.gain, (0.7, 1.4, 2.8, 5.6, 11, 22), cards)
    confidence = _on_scale(said.chance, (0.1, 0.2, 0.35, 0.5, 0.65, 0.8), cards)
    size = _on_scale(said.hours, (1, 2, 4, 8, 16, 32), cards)
    return (value + confidence) / size + _tie(replicate)


def stated_value(replicate: Replicate) -> Floats:
    """Stated chance times stated gain per stated hour: people taken at their word."""
    said = replicate.said
    return said.chance * said.gain / _hours(replicate)


class Product(Policy):
    """The planner itself: calibrated after every outcome, best score first, wins kept by its keep rule."""

    def __init__(self) -> None:
        self._calibration: Calibration | None = None
        self._scores: dict[int, Score] = {}  # of the open ideas, by number

    @property
    def calibration(self) -> Calibration | None:
        """The one in force; None before the first dispatch."""
        return self._calibration

    def choose(self, now: Programme) -> int:
        """The open idea of the best score."""
        if self._calibration is None:
            self.learn(now)
        assert self._calibration is not None
        self._scores = scorer(self._calibration, now.settings).all(now.ideas[place + 1] for place in now.open)
        return min(self._scores.values(), key=place_in_order).idea - 1

    def forecast(self, now: Programme, place: int) -> Forecast:
        """Its score's terms, and what the product freezes of them."""
        assert self._calibration is not None
        score = self._scores[place + 1]
        frozen = freeze(now.ideas[place + 1], score, self._calibration, at=timestamp(now.clock))
        implement = score.hours.implement_total
        return Forecast(chance=frozen.chance, gain=frozen.gain, hours=implement, frozen=frozen)

    def keeps(self, now: Programme, idea: Idea, gain: float) -> bool:
        """The product's keep rule, against what the next ideas would bring."""
        rate = going_rate(score for score in self._scores.values() if score.idea != idea.id)
        worth, _ = keep(idea, gain, rate, now.settings)
        return worth

    def learn(self, now: Programme) -> None:
        """A calibration afresh, from the whole ledger."""
        self._calibration = calibrate(
            now.ledger(), now.settings, at=timestamp(now.clock), because=f"{len(now.outcomes)} outcomes"
        )


class Oracle(Policy):
    """Knows every chance, gain, hour and complexity, and when the programme ends; not the coin flips."""

    def choose(self, now: Programme) -> int:
        """The open idea of the highest true value per hour, of those that can still be finished."""
        return max(now.open, key=lambda place: self._worth(now, place))

    def _worth(self, now: Programme, place: int) -> float:
        truth, world = now.replicate.truth, now.replicate.world
        remaining = world.horizon - now.clock
        chance = now.chance(place) * (1.0 - world.bugs)
        runs = float(truth.run_hours[place]) * (FIRST_SEEDS + SEEDS_PER_CHANCE * chance)
        hours = float(truth.hours[place]) * now.slow + world.gpu_hour * runs
        later = IMPLEMENT_SHARE * min(remaining, LONGEST) * world.slow * float(truth.complexity[place])
        worth = chance * float(truth.gain[place]) * now.left[place] / (hours + chance * later)
        return worth if hours <= remaining else worth * HOPELESSLY_LATE


LONGEST = 400.0
"""Hours of later work that the oracle charges complexity for, at most."""
HOPELESSLY_LATE = 1e-3
"""What is left of an idea's worth to the oracle when it can't be finished in time."""

PRODUCT, ORACLE, STATED, ICE, FIFO = "the product", "informed oracle", "stated value per hour", "ICE", "FIFO"
_FIXED: dict[str, Worth] = {
    "random": random,
    FIFO: first_come,
    "fastest": fastest,
    "WSJF": wsjf,
    "RICE": rice,
    ICE: ice,
    STATED: stated_value,
}
NAMES = (*_FIXED, PRODUCT, ORACLE)
"""The policies, in the order they are shown."""


def make_policy(name: str, replicate: Replicate) -> Policy:
    """A policy for one programme that has seen nothing yet."""
    if name == PRODUCT:
        return Product()
    return Oracle() if name == ORACLE else Fixed(_FIXED[name](replicate))


def _hours(replicate: Replicate) -> Floats:
    """Stated hours of the implementation and one run, in hours of a person."""
    return replicate.said.hours + replicate.world.gpu_hour * replicate.said.run_hours


def _to_ten(share: Floats) -> Floats:
    return np.clip(np.round(10 * share), 1, 10)


def _on_scale(stated: Floats, edges: tuple[float, ...], points: tuple[float, ...]) -> Floats:
    return np.asarray(points, float)[np.searchsorted(edges, stated)]


def _tie(replicate: Replicate) -> Floats:
    """Less than any difference that means something: equals are tried in any order."""
    return 1e-6 * replicate.truth.random

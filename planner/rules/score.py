"""The score: expected gain per hour still to spend, a function of one idea and one calibration."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.score import Chance, Gain, Hours, Score, Terms
from planner.domain.settings import Settings
from planner.rules.chance import ChanceRule
from planner.rules.estimating import CRITERIA
from planner.rules.gain import GainRule
from planner.rules.hours import HoursRule
from planner.rules.relatives import Relatives
from planner.rules.stated import complexity


class Scorer:
    """Scores any idea under one calibration; what all ideas share is worked out once.

    An idea that has not changed since it was last scored keeps the score it has, so ranking again is cheap.
    """

    def __init__(self, calibration: Calibration, settings: Settings) -> None:
        self._calibration = calibration
        self._settings = settings
        self._relatives = Relatives(calibration.finished)
        self._chance = ChanceRule(calibration)
        self._gain = GainRule(calibration, settings.goal)
        self._hours = HoursRule(calibration, settings)
        self._per_hour = settings.score.bottleneck == "hours"
        self._known: dict[int, tuple[Idea, Score]] = {}

    def serves(self, calibration: Calibration, settings: Settings) -> bool:
        """Whether this scorer answers for that calibration and those settings."""
        same = calibration is self._calibration or calibration == self._calibration
        return same and (settings is self._settings or settings == self._settings)

    def __call__(self, idea: Idea) -> Score:
        """The score; the terms that made it are worked out when somebody asks for one."""
        known = self._known.get(idea.id)
        if known is not None and (known[0] is idea or known[0] == idea):
            return known[1]
        score = Score.with_terms_later(
            idea=idea.id,
            calibration=self._calibration.number,
            value=self._value(idea),
            per_hour=self._per_hour,
            terms=partial(self._terms, idea),
        )
        self._known[idea.id] = (idea, score)
        return score

    def all(self, ideas: Iterable[Idea]) -> dict[int, Score]:
        """The scores of many ideas, by number."""
        several = list(ideas)
        self._relatives.prepare(several)
        return {idea.id: self(idea) for idea in several}

    def _value(self, idea: Idea) -> float:
        """What the terms come to, in a third of the time that it takes to make them."""
        kin = self._relatives.numbers(idea)
        chance = self._chance.used(idea, kin)
        expected = chance * self._gain.used(idea, kin)
        return expected / self._hours.used(idea, chance) if self._per_hour else expected

    def _terms(self, idea: Idea) -> Terms:
        kin = self._relatives.of(idea)
        chance, gain = self._chance(idea, kin), self._gain(idea, kin)
        hours = self._hours(idea, chance.used)
        return Terms(chance, gain, hours, _assumed(idea, chance, gain, hours))


_newest: Scorer | None = None


def score(idea: Idea, calibration: Calibration, settings: Settings) -> Score:
    """The score of one idea under one calibration, in MEI per hour, with every term that made it."""
    return scorer(calibration, settings)(idea)


def scorer(calibration: Calibration, settings: Settings) -> Scorer:
    """The scorer of a calibration; the newest is remembered, since ideas are scored one after another."""
    global _newest
    known = _newest
    if known is None or not known.serves(calibration, settings):
        known = _newest = Scorer(calibration, settings)
    return known


def _assumed(idea: Idea, chance: Chance, gain: Gain, hours: Hours) -> tuple[str, ...]:
    """The criteria nobody stated."""
    stated = (hours.said, complexity(idea), gain.said, chance.said)
    if None not in stated:
        return ()
    return tuple(criterion for criterion, said in zip(CRITERIA, stated, strict=True) if said is None)

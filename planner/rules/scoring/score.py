"""The score: expected gain per hour still to spend, a function of one idea and one calibration."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.score import Chance, Gain, Hours, Score, Terms
from planner.domain.settings import Settings
from planner.rules.notation.estimating import CRITERIA
from planner.rules.scoring.chance import ChanceRule
from planner.rules.scoring.gain import GainRule
from planner.rules.scoring.hours import HoursRule
from planner.rules.scoring.relatives import Kin, Relatives
from planner.rules.scoring.stated import complexity

WORTH_NUMPY = 300_000
"""Ideas times finished ideas from which NumPy, which takes a tenth of a second to load, saves more."""
WORTH_COLUMNS = 1_000
"""The same once it is loaded."""


class Rules(NamedTuple):
    """The rules of one calibration."""

    relatives: Relatives
    """M and overlap."""
    chance: ChanceRule
    """P."""
    gain: GainRule
    """G."""
    hours: HoursRule
    """H."""


class Parts(NamedTuple):
    """What a calibration may move in the score of an idea."""

    kin: Kin
    """What its finished relatives say, none of them named."""
    odds: float | None
    """z: stated log-odds against the person's usual."""
    gain: float
    """c: stated gain against the person's usual, slope applied, natural log."""
    promised: float
    """What the forecast promises before any relative takes its share, in MEI."""
    left: float
    """Hours left to implement it."""
    run_hours: float
    """Wall hours of one full run."""
    runs: float
    """Expected GPU hours until the verdict, in hours of a person."""
    search: float
    """Those of them that its sweep takes to choose a configuration."""
    hours: float
    """H."""


class Scorer:
    """Scores any idea under one calibration; what all ideas share is worked out once.

    An idea that has not changed since it was last scored keeps the score it has, so ranking again is cheap.
    """

    def __init__(self, calibration: Calibration, settings: Settings) -> None:
        self._calibration = calibration
        self._settings = settings
        self._rules = Rules(
            Relatives(calibration.finished),
            ChanceRule(calibration),
            GainRule(calibration, settings.goal),
            HoursRule(calibration, settings),
        )
        self._per_hour = settings.score.bottleneck == "hours"
        self._known: dict[int, tuple[Idea, Score]] = {}

    def serves(self, calibration: Calibration, settings: Settings) -> bool:
        """Whether this scorer answers for that calibration and those settings."""
        same = calibration is self._calibration or calibration == self._calibration
        return same and (settings is self._settings or settings == self._settings)

    def __call__(self, idea: Idea) -> Score:
        """The score; the terms that made it are worked out when somebody asks for one."""
        if self._knows(idea):
            return self._known[idea.id][1]
        return self._score(idea, self._value(idea))

    def all(self, ideas: Iterable[Idea]) -> dict[int, Score]:
        """The scores of many ideas, by number; faster than one by one."""
        several = list(ideas)
        if not self._worth_columns(sum([not self._knows(idea) for idea in several])):
            return {idea.id: self(idea) for idea in several}
        return {
            idea.id: self._score(idea, value)
            for idea, value in zip(several, self.values(several), strict=True)
        }

    def values(self, ideas: Sequence[Idea]) -> list[float]:
        """The values of many ideas' scores, worked out side by side with NumPy."""
        from planner.rules.scoring.columns import columns_of
        from planner.rules.scoring.values import values

        return values(columns_of(ideas), self._rules, per_hour=self._per_hour)

    def _worth_columns(self, ideas: int) -> bool:
        """Whether that is faster; NumPy is loaded only where it saves more than loading it costs."""
        loaded = "numpy" in sys.modules
        return ideas * len(self._calibration.finished) > (WORTH_COLUMNS if loaded else WORTH_NUMPY)

    def parts(self, idea: Idea) -> Parts:
        """What a calibration may move in the score, without the terms that only explain it."""
        rules, kin = self._rules, self._rules.relatives.numbers(idea)
        chance = rules.chance.used(idea, kin)
        return Parts(
            kin=kin,
            odds=rules.chance.centred(idea),
            gain=rules.gain.centred(idea),
            promised=rules.gain.promised(idea),
            left=rules.hours.left(idea),
            run_hours=rules.hours.run_hours_of(idea),
            runs=rules.hours.runs(idea, chance),
            search=rules.hours.search(idea),
            hours=rules.hours.used(idea, chance),
        )

    def _knows(self, idea: Idea) -> bool:
        known = self._known.get(idea.id)
        return known is not None and (known[0] is idea or known[0] == idea)

    def _score(self, idea: Idea, value: float) -> Score:
        score = Score.with_terms_later(
            idea=idea.id,
            calibration=self._calibration.number,
            value=value,
            per_hour=self._per_hour,
            terms=partial(self._terms, idea),
        )
        self._known[idea.id] = (idea, score)
        return score

    def _value(self, idea: Idea) -> float:
        """What the terms come to, in a third of the time that it takes to make them."""
        rules, kin = self._rules, self._rules.relatives.numbers(idea)
        chance = rules.chance.used(idea, kin)
        expected = chance * rules.gain.used(idea, kin)
        return expected / rules.hours.used(idea, chance) if self._per_hour else expected

    def _terms(self, idea: Idea) -> Terms:
        rules, kin = self._rules, self._rules.relatives.of(idea)
        chance, gain = rules.chance(idea, kin), rules.gain(idea, kin)
        hours = rules.hours(idea, chance.used)
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

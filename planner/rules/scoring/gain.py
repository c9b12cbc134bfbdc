"""G, the gain of an idea if it works."""

from __future__ import annotations

from math import exp, log

from planner.domain.calibration import Calibration
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.score import Gain
from planner.rules.defaults import GAIN_SLOPE
from planner.rules.scoring.opinions import of_gain
from planner.rules.scoring.relatives import Kin
from planner.rules.scoring.stated import Said, gains, median, reference_of


def against_usual(said: Said, calibration: Calibration) -> tuple[float, float]:
    """c and the log of the usual: log gains against the person's usual, slope applied, medians over people.

    Without a word from anybody, 0 and everybody's usual.
    """
    usual, everybody = calibration.usual, calibration.everybody
    if not said:
        return 0.0, everybody.gain
    own = [usual.get(who, everybody).gain for who, _ in said]
    centred = [log(gain) - habit for (_, gain), habit in zip(said, own, strict=True)]
    return GAIN_SLOPE * median(centred), median(own)


class GainRule:
    """G of any idea under one calibration."""

    def __init__(self, calibration: Calibration, goal: Goal) -> None:
        self._calibration = calibration
        self._goal = goal
        self._reference = reference_of(calibration.reference, goal)
        self._scale = exp(calibration.gain_scale)

    def __call__(self, idea: Idea, kin: Kin) -> Gain:
        """G and every term that made it."""
        said = gains(idea.estimates, self._goal, self._reference)
        centred, usual = against_usual(said, self._calibration)
        return Gain(
            said=median([gain for _, gain in said]) if said else None,
            usual=exp(usual),
            scale=self._scale,
            centred=centred,
            overlap=kin.overlap,
            used=max(0.0, self._scale * exp(centred) * kin.overlap - kin.variants),
            variants=kin.variants,
            people=of_gain(idea.estimates, self._calibration, self._goal, self._reference),
        )

    def used(self, idea: Idea, kin: Kin) -> float:
        """G alone, in MEI."""
        return max(0.0, self.promised(idea) * kin.overlap - kin.variants)

    def promised(self, idea: Idea) -> float:
        """What the forecast promises before any relative takes its share, in MEI."""
        return self._scale * exp(self.centred(idea))

    def centred(self, idea: Idea) -> float:
        """c alone."""
        said = gains(idea.estimates, self._goal, self._reference)
        return against_usual(said, self._calibration)[0]

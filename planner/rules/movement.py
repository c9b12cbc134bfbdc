"""Which of an idea's factors a new calibration moved, and by how much each of them moved the score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log

from planner.domain.calibration import Calibration, Finished
from planner.domain.idea import Idea
from planner.domain.score import Score
from planner.rules import numbers
from planner.rules.chance import lines, stated_chance
from planner.rules.defaults import LEAST_GAIN
from planner.rules.similarity import similarity, words

WORTH_SAYING = 0.01
"""A factor that moved the score by less than this share is not named."""
MOST_NAMED = 3
"""Factors named at most."""

Factor = tuple[float, str]
"""What a factor multiplies the score by, and how that is said."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One idea's score under two calibrations."""

    idea: Idea
    """The idea."""
    before: Score
    """Its score under the old calibration."""
    after: Score
    """Its score under the new one."""
    old: Calibration
    """The old calibration."""
    new: Calibration
    """The new calibration."""

    @property
    def relatives(self) -> float:
        """What the new calibration multiplies M by."""
        return self.after.chance.relatives / self.before.chance.relatives

    def is_relative(self, finished: Finished) -> bool:
        """Whether that finished idea resembles this one."""
        own = words(self.idea.title, self.idea.tags)
        return similarity(own, self.idea.category, finished.words, finished.category) > 0

    def factors(self, *, besides_relatives: bool = False) -> list[str]:
        """The factors that moved the score most, largest first; at least one phrase."""
        found = [*self._of_chance(), *self._of_gain(), *self._of_hours()]
        if not besides_relatives:
            found += [(self.relatives, f"relatives ×{self.relatives:.2f}"), self._overlap()]
        told = _largest(found)
        return told if told or besides_relatives else ["only others moved"]

    def overlap_factor(self) -> list[str]:
        """The overlap with kept relatives, where it moved."""
        return _largest([self._overlap()])

    def _overlap(self) -> Factor:
        factor = self.after.gain.overlap / self.before.gain.overlap
        return factor, f"overlap ×{factor:.2f}"

    def _of_chance(self) -> Iterator[Factor]:
        """Base rate, trust and usual, each by what it alone does to the old chance."""
        old, new = self.old, self.new
        before, after = self.before.chance, self.after.chance
        start = stated_chance(before.centred, lines(old.base, old.spread, old.trust))
        based = stated_chance(before.centred, lines(new.base, old.spread, old.trust))
        trusted = stated_chance(before.centred, lines(old.base, old.spread, new.trust))
        centred = stated_chance(after.centred, lines(old.base, new.spread, old.trust))
        yield based / start, f"base rate {numbers.chance(before.base)} → {numbers.chance(after.base)}"
        yield trusted / start, f"trust in stated chances {before.trust:.2f} → {after.trust:.2f}"
        yield centred / start, f"chance against the usual ×{centred / start:.2f}"

    def _of_gain(self) -> Iterator[Factor]:
        before, after = self.before.gain, self.after.gain
        scale, centred = after.scale / before.scale, exp(after.centred - before.centred)
        yield scale, f"gain scale ×{scale:.2f}"
        yield centred, f"gain against the usual ×{centred:.2f}"
        if after.variants != before.variants:
            whole = after.scale * exp(after.centred) * after.overlap
            left = max(LEAST_GAIN, after.used) / max(LEAST_GAIN, whole - before.variants)
            yield left, f"kept variants take {numbers.compact(after.variants)} MEI"

    def _of_hours(self) -> Iterator[Factor]:
        """Implementation and run hours; what P does to runs and later cost follows from the chance."""
        if not self.before.per_hour:
            return
        before, after = self.before.hours, self.after.hours
        longer = (before.used + after.implement - before.implement) / before.used
        runs = before.runs * (after.run_hours / before.run_hours - 1) if before.run_hours else 0.0
        yield (
            1 / longer,
            f"implementation {numbers.hours(before.implement)} → {numbers.hours(after.implement)}",
        )
        yield (
            before.used / (before.used + runs),
            f"run hours {numbers.compact(before.run_hours)} → {numbers.compact(after.run_hours)}",
        )


def _largest(factors: list[Factor]) -> list[str]:
    """The phrases of the factors worth saying, the largest first."""
    sized = [(abs(log(factor)), phrase) for factor, phrase in factors]
    worth = sorted((each for each in sized if each[0] > WORTH_SAYING), key=lambda each: -each[0])
    return [phrase for _, phrase in worth[:MOST_NAMED]]

"""Which of an idea's factors a new calibration moved, and by how much each of them moved the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, log

from planner.domain.calibration import Calibration, Finished
from planner.domain.idea import Idea
from planner.rules.defaults import LEAST_GAIN, SLOPES
from planner.rules.scoring.chance import stated_chance
from planner.rules.scoring.score import Parts
from planner.rules.scoring.similarity import similarity, words
from planner.rules.wording import numbers

WORTH_SAYING = 0.01
"""A factor that moved the score by less than this share is not named."""
MOST_NAMED = 3
"""Factors named at most."""

Factor = tuple[float, Callable[[], str]]
"""What a factor multiplies the score by, and how that is said; most are too small to be said at all."""


class Shift:
    """What lies between two calibrations, worked out once for all ideas."""

    def __init__(self, old: Calibration, new: Calibration) -> None:
        self._old, self._new = old, new
        self._of_chance: dict[tuple[float | None, float | None], list[Factor]] = {}
        self.scale = exp(new.gain_scale) / exp(old.gain_scale)
        """What the gain scale multiplies every gain by."""

    def of_chance(self, before: float | None, after: float | None) -> list[Factor]:
        """Base rate, trust and usual, each by what it alone does to the old chance of a centred statement.

        None stands for no statement, which the base rate alone moves.
        """
        if (before, after) not in self._of_chance:
            self._of_chance[before, after] = self._work_out(before, after)
        return self._of_chance[before, after]

    def _work_out(self, before: float | None, after: float | None) -> list[Factor]:
        old, new = self._old, self._new
        start = stated_chance(before, old.base, old.spread, old.trust)
        based = stated_chance(before, new.base, old.spread, old.trust) / start
        trusted = stated_chance(before, old.base, old.spread, new.trust) / start
        centred = stated_chance(after, old.base, new.spread, old.trust) / start
        return [
            (based, lambda: f"base rate {numbers.chance(old.base)} → {numbers.chance(new.base)}"),
            (trusted, lambda: f"trust in stated chances {_trust(old):.2f} → {_trust(new):.2f}"),
            (centred, lambda: f"chance against the usual ×{centred:.2f}"),
        ]


def _trust(calibration: Calibration) -> float:
    """Mean slope of stated odds."""
    return sum(slope * trust for slope, trust in zip(SLOPES, calibration.trust, strict=True))


@dataclass(frozen=True, slots=True)
class Movement:
    """One idea's score under two calibrations."""

    idea: Idea
    """The idea."""
    before: Parts
    """What the old calibration makes of it."""
    after: Parts
    """What the new one does."""
    shift: Shift
    """What lies between the two calibrations."""
    per_hour: bool
    """Whether hours divide the score."""

    @property
    def relatives(self) -> float:
        """What the new calibration multiplies M by."""
        return self.after.kin.multiplier / self.before.kin.multiplier

    def is_relative(self, finished: Finished) -> bool:
        """Whether that finished idea resembles this one."""
        own = words(self.idea.title, self.idea.tags)
        return similarity(own, self.idea.category, finished.words, finished.category) > 0

    def factors(self, *, besides_relatives: bool = False) -> list[str]:
        """The factors that moved the score most, largest first; at least one phrase."""
        found = [*self.shift.of_chance(self.before.odds, self.after.odds), *self._of_gain()]
        if self.per_hour:
            found += self._of_hours()
        if not besides_relatives:
            found += [(self.relatives, lambda: f"relatives ×{self.relatives:.2f}"), self._overlap()]
        told = _largest(found)
        return told if told or besides_relatives else ["only others moved"]

    def overlap_factor(self) -> list[str]:
        """The overlap with kept relatives, where it moved."""
        return _largest([self._overlap()])

    def _overlap(self) -> Factor:
        factor = self.after.kin.overlap / self.before.kin.overlap
        return factor, lambda: f"overlap ×{factor:.2f}"

    def _of_gain(self) -> Iterator[Factor]:
        before, after, scale = self.before, self.after, self.shift.scale
        centred = exp(after.gain - before.gain)
        yield scale, lambda: f"gain scale ×{scale:.2f}"
        yield centred, lambda: f"gain against the usual ×{centred:.2f}"
        taken = after.kin.variants
        if taken != before.kin.variants:
            whole = after.promised * after.kin.overlap
            left = max(LEAST_GAIN, whole - taken) / max(LEAST_GAIN, whole - before.kin.variants)
            yield left, lambda: f"kept variants take {numbers.compact(taken)} MEI"

    def _of_hours(self) -> Iterator[Factor]:
        """Implementation and run hours; what P does to runs and later cost follows from the chance."""
        before, after = self.before, self.after
        longer = (before.hours + after.left - before.left) / before.hours
        longer_runs = after.run_hours / before.run_hours if before.run_hours else 1.0
        runs = before.runs * (longer_runs - 1)
        search = after.search - before.search * longer_runs
        yield 1 / longer, lambda: f"implementation {numbers.hours(before.left)} → {numbers.hours(after.left)}"
        yield (
            before.hours / (before.hours + runs),
            lambda: f"run hours {numbers.compact(before.run_hours)} → {numbers.compact(after.run_hours)}",
        )
        yield (
            before.hours / (before.hours + search) if before.search else 1.0,
            lambda: (
                f"a configuration's share of a full run ×{after.search / before.search / longer_runs:.2f}"
            ),
        )


def _largest(factors: list[Factor]) -> list[str]:
    """The phrases of the factors worth saying, the largest first."""
    sized = [(abs(log(factor)), phrase) for factor, phrase in factors if factor != 1.0]
    worth = sorted([each for each in sized if each[0] > WORTH_SAYING], key=lambda each: -each[0])
    return [phrase() for _, phrase in worth[:MOST_NAMED]]

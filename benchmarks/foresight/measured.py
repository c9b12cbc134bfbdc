"""What the runs of one rung have measured so far, judged by the product's own verdict rule."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.foresight.people import GOAL
from planner.domain.outcome import Evidence
from planner.rules.judging import verdict


class Measured:
    """The baseline's values by seed, and how far seeds have been found to lie apart.

    The same sums as `rules.judging.comparison` makes of a whole ledger, kept up to date instead of made anew.
    """

    def __init__(self, baseline: Mapping[int, float]) -> None:
        self.baseline: dict[int, float] = {}
        """Values of the baseline in force by seed, in MEI."""
        self._groups: list[list[float]] = []  # of every configuration; one that ran once says nothing
        self._differences: list[list[float]] = []  # of every idea to the baseline of its time
        self.replace_baseline({}, baseline)

    def replace_baseline(self, adopted: Mapping[int, float], own: Mapping[int, float]) -> None:
        """Another baseline is in force: the seeds of the idea that it adopts, topped up by its own runs."""
        self.baseline = {**adopted, **own}
        if len(own) > 1:
            self._groups.append(list(own.values()))

    def evidence(self, values: Mapping[int, float], base: float) -> Evidence:
        """What an idea's seeds so far say against the baseline; ask after each of them, from seed 0 on."""
        self._remember(values)
        noise = verdict.noise(self._groups, GOAL.minimum_effect)
        spread = verdict.pair_noise(self._differences, noise)
        return verdict.evidence(values, self.baseline, GOAL, noise, base, spread)

    def _remember(self, values: Mapping[int, float]) -> None:
        """The newest seed joins its configuration's; the second makes it one that says something."""
        if len(values) < 2:
            return
        if len(values) > 2:
            self._groups.pop()
            self._differences.pop()
        self._groups.append(list(values.values()))
        self._differences.append(
            [value - self.baseline[seed] for seed, value in values.items() if seed in self.baseline]
        )

"""One idea climbs the ladder: its runs, and what their verdict is by the product's own rules."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.foresight.attempt import Ladder
from benchmarks.foresight.measured import Measured
from benchmarks.foresight.truth import Truth
from benchmarks.foresight.world import World
from planner.domain.outcome import Evidence
from planner.domain.run import Rung
from planner.domain.verdict import Verdict
from planner.rules.judging import verdict


class Bench:
    """Where ideas are run: both rungs, the baseline in force, and its true value."""

    def __init__(self, world: World, truth: Truth, ladder: Ladder) -> None:
        self.world, self.truth, self.ladder = world, truth, ladder
        self.level = 0.0
        """True value of the baseline's metric, in MEI."""
        self.full = Measured(self.baseline_runs(self.world.ideas, first=0))
        self.small = Measured(self.small_baseline_runs(self.world.ideas, first=0))

    def baseline_runs(self, row: int, first: int) -> dict[int, float]:
        """Full runs of the baseline that the idea of this place became, from this seed on."""
        errors = self.truth.baseline_seeds[row].tolist()
        return {seed: self.level + errors[seed] for seed in range(first, self.world.seeds)}

    def small_baseline_runs(self, row: int, first: int) -> dict[int, float]:
        """The same for small runs."""
        errors = (self.small_noise * self.truth.small_baseline_seeds[row]).tolist()
        return {seed: self.level + errors[seed] for seed in range(first, self.world.seeds)}

    @property
    def small_noise(self) -> float:
        """Seed-to-seed standard deviation of small runs, in MEI."""
        return self.world.seed_noise * self.ladder.small_noise


class Found(NamedTuple):
    """What a trial came to."""

    verdict: Verdict
    """The product's verdict."""
    rung: Rung
    """The rung that decided it."""
    evidence: Evidence | None = None
    """What its seeds said; None of a broken implementation."""

    @property
    def gain(self) -> float:
        """The measured gain, shrunk, in MEI; 0 without evidence."""
        return self.evidence.gain if self.evidence else 0.0


class Trial:
    """One idea on the bench; `base` is the base rate that its verdict is judged with."""

    def __init__(self, bench: Bench, place: int, *, effect: float, base: float) -> None:
        self._bench, self._place, self._base = bench, place, base
        self.effect = effect
        """Its true effect in MEI."""
        self.runs = 0.0
        """What its runs cost so far, in full runs."""
        self._values: dict[int, float] = {}
        self._small_values: dict[int, float] = {}

    @property
    def seeds(self) -> int:
        """Full runs of its own."""
        return len(self._values)

    def climb(self) -> Found:
        """Rung by rung up to its verdict; a broken one is nobody's evidence."""
        ladder = self._bench.ladder
        self.runs += ladder.check_share if ladder.check else 0.0
        if self._bench.truth.bug[self._place]:
            self.runs += 0.0 if ladder.check else 1.0
            return Found("invalid", "check")
        if ladder.small and (evidence := self._clearly_worse()):
            return Found("worse", "small", evidence)
        return self._seed_by_seed()

    def confirm(self) -> Found:
        """A win, judged once more on all the seeds that the next baseline needs of it anyway."""
        most = self._bench.world.seeds
        evidence = self._bench.full.evidence(self._values, self._base)
        while self.seeds < most:
            self._run_a_seed()
            evidence = self._bench.full.evidence(self._values, self._base)
        decided = verdict.judge(evidence, most, confirming=True)
        assert decided is not None
        return Found(decided, "full", evidence)

    def adopt(self) -> None:
        """It becomes the baseline, and its seeds the baseline's, topped up to as many as that has."""
        bench, seeds = self._bench, self._bench.world.seeds
        bench.level += self.effect
        self.runs += seeds - len(self._values)
        bench.full.replace_baseline(self._values, bench.baseline_runs(self._place, len(self._values)))
        if bench.ladder.small:
            self.runs += bench.ladder.small_share * (seeds - len(self._small_values))
            topped_up = bench.small_baseline_runs(self._place, len(self._small_values))
            bench.small.replace_baseline(self._small_values, topped_up)

    def _clearly_worse(self) -> Evidence | None:
        """The evidence of one small run where the product would call that worse."""
        bench = self._bench
        error = bench.small_noise * float(bench.truth.small_seeds[self._place, 0])
        self._small_values[0] = bench.level + self.effect + error
        self.runs += bench.ladder.small_share
        evidence = bench.small.evidence(self._small_values, self._base)
        return evidence if verdict.judge(evidence, 1) == "worse" else None

    def _seed_by_seed(self) -> Found:
        decided = None
        while decided is None:
            self._run_a_seed()
            evidence = self._bench.full.evidence(self._values, self._base)
            decided = verdict.judge(evidence, self._bench.world.seeds)
        return Found(decided, "full", evidence)

    def _run_a_seed(self) -> None:
        """One more full run."""
        seed = len(self._values)
        error = float(self._bench.truth.seeds[self._place, seed])
        self._values[seed] = self._bench.level + self.effect + error
        self.runs += 1

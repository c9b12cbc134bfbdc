"""One research programme: a policy chooses, ideas are tried, and what works is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from math import exp

from benchmarks.foresight.attempt import Attempt, Forecast, Ladder
from benchmarks.foresight.people import settings_of, timestamp
from benchmarks.foresight.replicate import Replicate
from benchmarks.foresight.trial import Bench, Found, Trial
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.rules.learning.settled import settled
from planner.rules.learning.trust import base_rate


class Policy(ABC):
    """Chooses what to try next in one programme."""

    @abstractmethod
    def choose(self, now: Programme) -> int:
        """The place of one of the open ideas."""

    def forecast(self, now: Programme, place: int) -> Forecast:
        """What it believes of the idea it chose; unless a policy knows better, what was said."""
        said = now.replicate.said
        chance, gain, hours = said.chance[place], said.gain[place], said.hours[place]
        return Forecast(chance=float(chance), gain=float(gain), hours=float(hours))

    def keeps(self, now: Programme, idea: Idea, gain: float) -> bool:  # noqa: ARG002  (the rule's signature)
        """Whether a win of this measured gain, in MEI, is adopted; unless a policy objects, it is."""
        return True

    def learn(self, now: Programme) -> None:  # noqa: B027  (most policies learn nothing)
        """Called after every outcome."""


class Programme:
    """The state of one programme, which a policy may ask about; only the oracle asks for the truth."""

    def __init__(self, replicate: Replicate, ladder: Ladder | None = None) -> None:
        self.replicate = replicate
        self.settings = settings_of(replicate.world)
        self.clock = 0.0
        """Working hours gone."""
        self.open: list[int] = []
        """Places of the ideas to choose from, in order of arrival."""
        self.ideas: dict[int, Idea] = {}
        """What has arrived, as the product holds it, by number."""
        self.outcomes: list[Outcome] = []
        """What was tried, in order."""
        self.complexity = 0.0
        """True complexity of everything kept."""
        self.left = [1.0] * len(replicate.ideas)
        """Share of its gain that kept relatives have truly left to each idea."""
        self._bench = Bench(replicate.world, replicate.truth, ladder or Ladder())
        self._arrives: list[float] = replicate.truth.arrives.tolist()
        self._version = 1

    @property
    def slow(self) -> float:
        """How many times longer implementation takes because of what was kept."""
        return float((1.0 + self.replicate.world.slow) ** self.complexity)

    def ledger(self) -> Ledger:
        """What the product knows: the ideas that have arrived, and the outcomes so far."""
        return Ledger(ideas=self.ideas, outcomes=tuple(self.outcomes))

    def chance(self, place: int) -> float:
        """The true chance that an idea works, were it tried now."""
        drift = self.replicate.world.drift * len(self.outcomes)
        return 1.0 / (1.0 + exp(drift - float(self.replicate.truth.log_odds[place])))

    def run(self, policy: Policy) -> list[Attempt]:
        """Try one idea after another; those that are decided when the hours are gone."""
        attempts, end = [], self.replicate.world.horizon
        while self.clock < end and self._has_an_idea():
            attempts.append(self._try(policy.choose(self), policy))
            policy.learn(self)
        return [attempt for attempt in attempts if attempt.ended <= end]

    def _has_an_idea(self) -> bool:
        """Let in the ideas whose hour has come, the next one at least; False when none is left."""
        known, everything = len(self.ideas), self.replicate.ideas
        if not self.open and known < len(everything):
            self.clock = max(self.clock, self._arrives[known])
        for idea in everything[known:]:
            if self._arrives[idea.id - 1] > self.clock:
                break
            self.ideas[idea.id] = idea
            self.open.append(idea.id - 1)
        return bool(self.open)

    def _try(self, place: int, policy: Policy) -> Attempt:
        """Implement an idea, run it, keep it if it won and the policy likes it, note what it came to."""
        forecast, hours = policy.forecast(self, place), float(self.replicate.truth.hours[place]) * self.slow
        self.open.remove(place)
        idea = self.ideas[place + 1] = replace(self.replicate.ideas[place], frozen=forecast.frozen)
        works, trial = self._trial(place)
        found = trial.climb()
        seeds = trial.seeds
        if found.verdict == "improved" and policy.keeps(self, idea, found.gain):
            found = trial.confirm()
        kept = found.verdict == "improved" and policy.keeps(self, idea, found.gain)
        compared_with = self._version
        if kept:
            trial.adopt()
            self._build_on(place)
        run_hours = trial.runs * float(self.replicate.truth.run_hours[place])
        self.clock += hours + self.replicate.world.gpu_hour * run_hours
        outcome = self._outcome(idea, found, baseline=compared_with, kept=kept)
        self.outcomes.append(replace(outcome, hours=hours, run_hours=run_hours))
        return Attempt(
            place=place,
            ended=self.clock,
            forecast=forecast,
            hours=hours,
            run_hours=run_hours,
            verdict=found.verdict,
            seeds=seeds,
            kept=kept,
            works=works,
            effect=trial.effect,
        )

    def _trial(self, place: int) -> tuple[bool, Trial]:
        """Whether the idea truly works, and the idea on the bench.

        Its verdict rests on the base rate that the product would have learned by now, whoever chooses.
        """
        truth = self.replicate.truth
        works = bool(truth.coin[place] < self.chance(place))
        effect = float(truth.gain[place]) * self.left[place] if works else float(truth.harm[place])
        return works, Trial(self._bench, place, effect=effect, base=base_rate(settled(self.ledger())))

    def _outcome(self, idea: Idea, found: Found, *, baseline: int, kept: bool) -> Outcome:
        """The outcome as the product holds it, now."""
        return Outcome(
            idea=idea.id,
            at=timestamp(self.clock),
            verdict=found.verdict,
            reason=found.verdict,
            rung=found.rung,
            baseline=baseline,
            evidence=found.evidence,
            kept=kept,
            worth=kept if found.verdict == "improved" else None,
            complexity=float(self.replicate.truth.complexity[idea.id - 1]),
        )

    def _build_on(self, place: int) -> None:
        """What keeping an idea does to the others: its relatives have less to give, all take longer."""
        truth, world = self.replicate.truth, self.replicate.world
        self._version += 1
        self.complexity += float(truth.complexity[place])
        family = truth.family == truth.family[place]
        category = truth.category == truth.category[place]
        left = (1.0 - world.overlap_family * family) * (1.0 - world.overlap_category * category)
        self.left = [before * share for before, share in zip(self.left, left.tolist(), strict=True)]

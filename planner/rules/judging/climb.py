"""One dispatched idea with the facts that its next step depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from planner.clock import after
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence, Outcome
from planner.domain.run import RUNGS, Run, Rung
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.rules.judging.comparison import as_it_is, since_dispatch


@dataclass(frozen=True)
class Climb:
    """One dispatched idea, the ledger it climbs in, and the baseline in force."""

    idea: Idea
    ledger: Ledger
    settings: Settings
    baseline: Baseline
    now: str
    """UTC, ISO 8601; dates the outcome."""

    @property
    def version(self) -> int:
        """The version of the baseline in force."""
        return self.baseline.version

    @cached_property
    def every(self) -> tuple[Run, ...]:
        """Every run of the idea, whatever for, oldest first: what it has cost."""
        return tuple(run for run in self.ledger.runs.values() if run.idea == self.idea.id)

    @cached_property
    def own(self) -> tuple[Run, ...]:
        """Its runs on the ladder, those of a sweep's configurations apart; oldest first."""
        return tuple(run for run in self.every if _climbs(run))

    @cached_property
    def recent(self) -> tuple[Run, ...]:
        """Those of them that were queued since the dispatch."""
        return since_dispatch(self.idea, self.own)

    @cached_property
    def beside(self) -> tuple[Run, ...]:
        """Every run of the baseline in force, oldest first, but for those struck out."""
        runs = self.ledger.runs.values()
        return tuple(
            run for run in runs if run.idea is None and run.baseline == self.version and _beside(run)
        )

    @cached_property
    def as_it_is(self) -> tuple[Run, ...]:
        """Its runs against the baseline in force that speak of what it would run now, oldest first."""
        against = [run for run in self.own if run.baseline == self.version]
        return tuple(as_it_is(self.idea, self.baseline, against))

    def past(self, rung: Rung) -> bool:
        """Whether a higher rung has been tried since the dispatch: nothing climbs down again."""
        return any(RUNGS.index(run.rung) > RUNGS.index(rung) for run in self.recent)

    def judged(self, rung: Rung, decided: Verdict, reason: str, evidence: Evidence) -> Outcome:
        """The outcome of an idea of which its seeds have spoken."""
        return self._outcome(rung, decided, reason, evidence)

    def invalid(self, run: Run, reason: str) -> Outcome:
        """The outcome of an idea that could not be tried as it stands: never evidence against it."""
        return self._outcome(run.rung, "invalid", reason, None)

    def _outcome(self, rung: Rung, decided: Verdict, reason: str, evidence: Evidence | None) -> Outcome:
        energies = [run.energy_wh for run in self.every if run.energy_wh is not None]
        return Outcome(
            idea=self.idea.id,
            # Wherever the clock stands now, the runs that it rests on ended before it.
            at=after(self.now, *(run.ended_at or "" for run in (*self.every, *self.beside))),
            verdict=decided,
            reason=reason,
            rung=rung,
            baseline=self.version,
            evidence=evidence,
            kept=decided == "improved",
            hours=self.idea.spent_hours or None,
            run_hours=sum(run.hours for run in self.every),
            energy_wh=sum(energies) if energies else None,
            anyway=self.idea.dispatch.anyway if self.idea.dispatch else None,
            chosen=self.idea.dispatch.chosen if self.idea.dispatch else None,
        )


def attempts(runs: Iterable[Run], rung: Rung, seed: int, step: int = 0) -> list[Run]:
    """The runs of one rung and seed, oldest first; the last one is what counts."""
    return [run for run in runs if (run.rung, run.seed, run.step) == (rung, seed, step)]


def _climbs(run: Run) -> bool:
    return run.rung in RUNGS and run.replay_of is None and run.config is None


def _beside(run: Run) -> bool:
    return _climbs(run) and not run.struck

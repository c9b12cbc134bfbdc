"""Discarded ideas that are worth another look, because what they were discarded under has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Literal

from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence, Outcome
from planner.domain.remark import Comeback
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea
from planner.rules.judging import verdict
from planner.rules.judging.keep import going_rate, keep
from planner.rules.judging.trouble import MEASURED
from planner.rules.learning.settled import newest_outcomes
from planner.rules.reviewing.attention import looked_at
from planner.rules.wording import numbers

Kind = Literal["repaired", "seeds", "worth", "goal", "data", "baseline"]
NOTICEABLE = 0.01
"""Share by which the minimum effect must have shrunk to be another one."""


def comebacks(
    ledger: Ledger,
    settings: Settings,
    ranked: Sequence[RankedIdea] = (),
    fingerprints: Mapping[str, str] | None = None,
) -> tuple[Comeback, ...]:
    """Discarded ideas, one of whose reasons no longer holds: repaired ones first, then the likeliest.

    `ranked` is the whole ranking; `fingerprints` are those of the data files by run, as far as known.
    What a person has parked or dropped stays there, and so does what was looked at again since the newest
    outcome or baseline.
    """
    now = _Now(ledger, settings, ranked, fingerprints or {})
    outcomes = newest_outcomes(ledger)
    found = [now.look(idea, outcomes.get(idea.id)) for idea in ledger.ideas.values()]
    return tuple(sorted((one for one in found if one is not None), key=_most_promising))


def judged_runs(ledger: Ledger) -> dict[int, Run]:
    """By idea, the newest run that its verdict could rest on."""
    ended = [run for run in ledger.runs.values() if run.rung in MEASURED and run.status == "finished"]
    return {run.idea: run for run in ended if run.idea is not None and run.comparable}


def newest_run(ledger: Ledger) -> Run | None:
    """The run that ended last with a value: the data it saw are the data in force."""
    ended = [run for run in ledger.runs.values() if run.ended_at and run.value is not None]
    return max(ended, key=lambda run: (run.ended_at or "", run.id), default=None)


def _most_promising(one: Comeback) -> tuple[bool, float, int]:
    return one.kind != "repaired", -(one.q or 0.0), one.idea


@dataclass(frozen=True)
class _Now:
    """What holds now, against which each discarded idea is looked at."""

    ledger: Ledger
    settings: Settings
    ranked: Sequence[RankedIdea]
    fingerprints: Mapping[str, str]

    def look(self, idea: Idea, outcome: Outcome | None) -> Comeback | None:
        """The comeback of one idea; None where nothing has changed for it."""
        if idea.place != "backlog" or looked_at(idea, max(self._newest, idea.edited_at or "")):
            return None
        if idea.dispatch is not None:
            return self._halted(idea)
        if outcome is None or outcome.kept:
            return None
        for kind, reason in self._changes(idea, outcome):
            if reason:
                return _comeback(idea, outcome.at, kind, reason, outcome.evidence)
        return None

    def _halted(self, idea: Idea) -> Comeback | None:
        wish = idea.dispatch
        if wish is None or wish.halted is None or not idea.edited_at or idea.edited_at <= wish.at:
            return None
        return _comeback(idea, wish.at, "repaired", f"edited since it was halted: {wish.halted}", None)

    def _changes(self, idea: Idea, outcome: Outcome) -> list[tuple[Kind, str]]:
        """What may have changed, the most telling first; an empty reason says that it has not."""
        if outcome.verdict == "invalid":
            return [("repaired", _repaired(idea, outcome))]
        if outcome.verdict == "improved":
            return [("worth", self._worth(idea, outcome))]
        if outcome.imported is not None:
            return []
        return [
            ("goal", self._goal(outcome)),
            ("data", self._data(idea)),
            ("baseline", self._baseline(outcome)),
            ("seeds", self._seeds(idea, outcome)),
        ]

    def _worth(self, idea: Idea, outcome: Outcome) -> str:
        """A win turned down for its complexity may pay once nothing better is left."""
        if outcome.worth is not False or outcome.gain is None:
            return ""
        worth, sentence = keep(idea, outcome.gain, self._rate, self.settings)
        return sentence if worth else ""

    @cached_property
    def _newest(self) -> str:
        """When the newest outcome or baseline came, UTC, ISO 8601; empty before any."""
        outcomes, baselines = self.ledger.outcomes, self.ledger.baselines
        return max([*(one.at for one in outcomes), *(one.at for one in baselines)], default="")

    @cached_property
    def _rate(self) -> float:
        return going_rate(row.score for row in self.ranked if row.rank is not None)

    def _goal(self, outcome: Outcome) -> str:
        goal, judged_by = self.settings.goal, self._baselines.get(outcome.baseline)
        if judged_by is not None and judged_by.metric not in (None, goal.metric):
            return f"it was judged by {judged_by.metric}; the goal is {goal.metric} now"
        then = minimum_effect_then(outcome.evidence, goal) if outcome.evidence else None
        if then is None or goal.minimum_effect >= then * (1 - NOTICEABLE):
            return ""
        return f"1 MEI was {then:.4g} when it was judged, it is {goal.minimum_effect:.4g} now"

    def _data(self, idea: Idea) -> str:
        run = self._judged.get(idea.id)
        then = self.fingerprints.get(run.id) if run else None
        changed = then is not None and self._data_now is not None and then != self._data_now
        return "the data have changed since it ran" if changed else ""

    @cached_property
    def _judged(self) -> dict[int, Run]:
        return judged_runs(self.ledger)

    @cached_property
    def _data_now(self) -> str | None:
        newest = newest_run(self.ledger)
        return self.fingerprints.get(newest.id) if newest else None

    @cached_property
    def _baselines(self) -> dict[int, Baseline]:
        return {baseline.version: baseline for baseline in self.ledger.baselines}

    def _baseline(self, outcome: Outcome) -> str:
        newest = self.ledger.baselines[-1] if self.ledger.baselines else None
        if newest is None or newest.version <= outcome.baseline:
            return ""
        adopted = self.ledger.ideas.get(newest.adopted) if newest.adopted is not None else None
        because = f" with “{adopted.title}”" if adopted else ""
        return (
            f"it was judged against baseline {outcome.baseline}; baseline {newest.version}{because} is newer"
        )

    def _seeds(self, idea: Idea, outcome: Outcome) -> str:
        if outcome.verdict != "inconclusive" or outcome.evidence is None:
            return ""
        base = self.ledger.calibration.base
        further = verdict.more_seeds(outcome.evidence, self.settings.goal, base)
        if not further:
            return "" if further is None else "by what is known now its seeds decide it"
        seeds = "seed" if further == 1 else "seeds"
        cost = numbers.compact(further * self._run_hours(idea))
        return f"about {further} more {seeds} would decide, {cost} GPU hours"

    def _run_hours(self, idea: Idea) -> float:
        measured = self.ledger.calibration.run_hours or self.settings.rung("full").hours
        return measured if idea.run_hours is None else idea.run_hours


def minimum_effect_then(evidence: Evidence, goal: Goal) -> float | None:
    """The minimum effect an idea was judged by, in the metric's own unit; None where it can't be told.

    The error in MEI and the noise in the metric's own unit say how the two compared. Where the effect is that
    of pairs, it says so itself, and on the rung `small` the error holds more than the noise.
    """
    if evidence.error <= 0:
        return None
    one_pair = len(evidence.pairs) == evidence.seeds == evidence.baseline_seeds == 1
    if not evidence.paired and not one_pair:
        return evidence.noise * sqrt(1 / evidence.seeds + 1 / evidence.baseline_seeds) / evidence.error
    differences = [goal.sign * (pair.idea - pair.baseline) for pair in evidence.pairs]
    if not differences or not evidence.effect:
        return None
    return evidence.share * sum(differences) / len(differences) / evidence.effect


def _repaired(idea: Idea, outcome: Outcome) -> str:
    edited = idea.edited_at is not None and idea.edited_at > outcome.at
    return f"edited since it was invalid: {outcome.reason}" if edited else ""


def _comeback(idea: Idea, at: str, kind: Kind, reason: str, evidence: Evidence | None) -> Comeback:
    q = evidence.q if evidence else None
    return Comeback(idea=idea.id, title=idea.title, at=at, kind=kind, reason=reason, q=q)

"""How many more seeds would decide, and what they cost."""

from __future__ import annotations

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import Settings
from planner.rules.judging import verdict
from planner.rules.judging.comparison import evidence_so_far
from planner.rules.learning.measured import whole_hours


def outlook(idea: Idea, ledger: Ledger, settings: Settings) -> str | None:
    """How many more seeds would decide and what they cost; None without evidence or with enough of it."""
    evidence = evidence_so_far(idea, ledger, settings)
    if evidence is None:
        return None
    further = verdict.more_seeds(evidence, settings.goal, ledger.calibration.base)
    if further is None:
        return f"more than {verdict.FARTHEST} further seeds would be needed to decide"
    if further == 0:
        return None
    seeds = "seed" if further == 1 else "seeds"
    hours = further * _hours_per_seed(idea, ledger, settings)
    return f"about {further} more {seeds} would decide, about {_in_words(hours)} GPU hours"


def _hours_per_seed(idea: Idea, ledger: Ledger, settings: Settings) -> float:
    """Hours of one more full run: of the idea's own so far, else as measured, else as the project says."""
    runs = ledger.runs
    own = [run for run in runs.values() if run.idea == idea.id and run.rung == "full"]
    ended = [run for run in own if run.status == "finished" and run.comparable]
    if ended:
        return sum(whole_hours(run, runs) for run in ended) / len(ended)
    return ledger.calibration.run_hours or settings.rung("full").hours


def _in_words(hours: float) -> str:
    """Two figures, without an exponent."""
    if hours < 0.01:
        return "0.01"
    return f"{hours:.2g}" if hours < 10 else f"{hours:.0f}"

"""Which rung decided what, and what it all took: the last lines of `dispatch --wait`."""

from __future__ import annotations

from collections.abc import Iterable

from planner.cli.table import table
from planner.domain.outcome import Outcome
from planner.domain.run import RUNGS, Run
from planner.domain.view import View
from planner.rules.judging.correcting import in_words
from planner.rules.wording import numbers
from planner.rules.wording.display import fit

TITLE = 40
"""Cells an idea may take."""


def summary(before: View, view: View, ideas: Iterable[int]) -> list[str]:
    """A line for each of several ideas, and the hours by rung; empty for one idea alone."""
    known = len(before.ledger.outcomes)
    landed = {one.idea: one for one in view.ledger.outcomes[known:]}
    rows = [_row(landed[idea], view) for idea in ideas if idea in landed]
    if len(rows) < 2:
        return []
    runs = [run for key, run in view.ledger.runs.items() if key not in before.ledger.runs]
    return ["", *table(("decided", "idea", "at", "runs took"), rows), _spent(runs)]


def _row(outcome: Outcome, view: View) -> tuple[str, ...]:
    idea = view.ledger.ideas.get(outcome.idea)
    seeds = outcome.evidence.seeds if outcome.evidence and outcome.rung == "full" else 0
    where = f"{outcome.rung}, {seeds} seed{'' if seeds == 1 else 's'}" if seeds else outcome.rung
    name = fit(f"#{outcome.idea} {idea.title if idea else ''}".rstrip(), TITLE)
    return in_words(outcome), name, where, numbers.duration(outcome.run_hours * 3600)


def _spent(runs: list[Run]) -> str:
    """The wall hours of all runs by rung, those of the baseline among them."""
    by_rung = {rung: [run for run in runs if run.rung == rung] for rung in RUNGS}
    parts = [f"{rung} {numbers.duration(_seconds(own))} ({len(own)})" for rung, own in by_rung.items() if own]
    baseline = _seconds(run for run in runs if run.idea is None)
    whole = numbers.duration(_seconds(runs))
    return f"runs took {whole}: {', '.join(parts)}; the baseline's {numbers.duration(baseline)} among them"


def _seconds(runs: Iterable[Run]) -> float:
    """Wall seconds of all of them."""
    return 3600 * sum(run.hours for run in runs)

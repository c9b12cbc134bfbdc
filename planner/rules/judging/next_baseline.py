"""What a dispatch is compared with: the baseline in force, or its next version where something changed."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.settings import Settings
from planner.rules.judging.comparison import code_of, current_baseline


def next_baseline(
    ledger: Ledger, settings: Settings, *, at: str = "", anew: str | None = None, merged: bool = False
) -> Baseline:
    """What a dispatch is compared with: the baseline in force, or its next version where something changed.

    `anew` says why it is to be measured anew, though it gives the recipe what it gave it before. The code of
    a branch that was adopted stays part of it until the work tree has it, as `merged` says.
    """
    newest = current_baseline(ledger)
    if newest is not None and newest.ref is not None and merged:
        newest = replace(newest, ref=None)
    because = _why_anew(newest, settings)
    if newest is not None and because is None:
        if anew is None:
            return newest
        return replace(newest, version=newest.version + 1, at=at, because=anew, adopted=None)
    version = newest.version + 1 if newest else 1
    params, metric = settings.baseline.params, settings.goal.metric
    ref, commit = code_of(newest) if newest else (None, None)
    return Baseline(
        version=version, params=params, metric=metric, at=at, because=because or "", ref=ref, commit=commit
    )


def _why_anew(newest: Baseline | None, settings: Settings) -> str | None:
    """Why the baseline in force no longer is what planner.toml says; None while it is."""
    if newest is None:
        return "the first"
    if newest.params != settings.baseline.params:
        return "planner.toml's [baseline] params changed"
    # Values of one metric say nothing of another.
    if newest.metric not in (None, settings.goal.metric):
        return f"the goal's metric changed from {newest.metric} to {settings.goal.metric}"
    return None

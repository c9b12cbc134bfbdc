"""Small ledgers for the tests of the judging rules: what a test does not say is filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from planner.domain.goal import Goal
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence, Outcome
from planner.domain.run import Run
from planner.domain.settings import RungSettings, Settings
from planner.domain.verdict import Verdict

ACCURACY = Goal(metric="val_accuracy", minimum_effect=0.2)
SETTINGS = Settings(goal=ACCURACY, rungs={"full": RungSettings(seeds=5, hours=4.0)})
FIVE = (76.1, 76.3, 75.9, 76.2, 76.0)
"""The baseline's five seeds."""

WRITTEN = "2026-11-01T09:00:00.000Z"
ASKED = "2026-11-02T09:00:00.000Z"
LATER = "2026-11-02T12:00:00.000Z"
NOW = "2026-11-03T09:00:00.000Z"


def an_idea(number: int = 1, **fields: Any) -> Idea:
    """An idea with a param of its own, dispatched."""
    usual: dict[str, Any] = {
        "title": f"idea {number}",
        "created_at": WRITTEN,
        "created_by": "ana",
        "change": Change(params={"idea": number}),
        "dispatch": Dispatch(at=ASKED, by="ana"),
    }
    return Idea(id=number, **(usual | fields))


def a_run(name: str, idea: int | None = None, **fields: Any) -> Run:
    """A finished full run, queued after the dispatch, with the params its idea would have."""
    usual: dict[str, Any] = {
        "baseline": 1,
        "rung": "full",
        "seed": 0,
        "params": {"lr": 0.1} | ({} if idea is None else {"idea": idea}),
        "queued_at": LATER,
        "order": 0.0,
        "status": "finished",
        "hours": 1.0,
    }
    return Run(id=name, idea=idea, **(usual | fields))


def a_check(name: str = "c1", idea: int = 1, **fields: Any) -> Run:
    """The idea's check, passed unless told otherwise, of a recipe for which `tiny` means nothing."""
    return a_run(name, idea, rung="check", **({"hours": 0.1, "covers": ("tiny",)} | fields))


def baseline_runs(values: Iterable[float] = FIVE, version: int = 1, **fields: Any) -> list[Run]:
    """One finished run of the baseline for each value, seeds from 0."""
    return [
        a_run(f"b{version}-{seed}", None, seed=seed, value=value, baseline=version, **fields)
        for seed, value in enumerate(values)
    ]


def idea_runs(values: Iterable[float | None], idea: int = 1, **fields: Any) -> list[Run]:
    """One finished run of the idea for each value, seeds from 0."""
    return [
        a_run(f"i{idea}-{seed}", idea, seed=seed, value=value, **fields) for seed, value in enumerate(values)
    ]


def a_ledger(ideas: Iterable[Idea], runs: Iterable[Run] = (), **fields: Any) -> Ledger:
    """A ledger with one baseline."""
    usual: dict[str, Any] = {"baselines": (Baseline(version=1, params={"lr": 0.1}, at=WRITTEN),)}
    return Ledger(
        ideas={idea.id: idea for idea in ideas}, runs={run.id: run for run in runs}, **(usual | fields)
    )


def some_evidence(gain: float, q: float) -> Evidence:
    """Evidence of two seeds with the gain and the chance given."""
    return Evidence(
        pairs=(),
        seeds=2,
        baseline_seeds=5,
        effect=gain,
        error=0.5,
        low=gain - 1,
        high=gain + 1,
        q=q,
        gain=gain,
        noise=0.2,
        paired=False,
    )


def an_outcome(idea: int, verdict: Verdict, at: str, **fields: Any) -> Outcome:
    """An outcome with a plain reason."""
    usual: dict[str, Any] = {"reason": f"{verdict} it is", "rung": "full", "baseline": 1}
    return Outcome(idea=idea, verdict=verdict, at=at, **(usual | fields))


def with_runs(ledger: Ledger, *runs: Run) -> Ledger:
    """The ledger with further runs, or newer states of the ones it has."""
    return replace(ledger, runs=ledger.runs | {run.id: run for run in runs})

"""What to do about a run that did not simply finish."""

from __future__ import annotations

from collections.abc import Sequence

from planner.domain.exhausted import OUT_OF_MEMORY
from planner.domain.run import Run, Rung
from planner.domain.settings import Settings
from planner.rules.judging import verdict
from planner.rules.judging.climb import Climb
from planner.rules.judging.steps import Halt, Settle, Start, Step, describe

MEASURED: tuple[Rung, ...] = ("small", "full")
"""Rungs whose runs must come to a value of the goal's metric."""


def own_trouble(climb: Climb, attempts: Sequence[Run]) -> Step | None:
    """What to do about a run of the idea that did not simply finish; None when it did."""
    run = attempts[-1]
    if short := _short_of_memory(run):
        return short
    if run.status == "failed":
        return Settle(climb.invalid(run, run.cause or f"{describe(run)} failed"))
    if run.status == "finished":
        if run.rung in MEASURED and not verdict.counts(run.value):
            return Settle(climb.invalid(run, f"{_no_number(climb.settings)} in run {run.id}"))
        return None
    return _interrupted(attempts)


def baseline_trouble(climb: Climb, attempts: Sequence[Run]) -> Step | None:
    """What to do about the baseline's newest run of a seed that still has no value; None when none ran."""
    if not attempts:
        return None
    run = attempts[-1]
    if short := _short_of_memory(run):
        return short
    if run.status == "failed":
        return Halt(f"baseline run {run.id} failed: {run.cause or 'it did not say why'}")
    if run.status == "finished":
        return Halt(f"{_no_number(climb.settings)} in baseline run {run.id}")
    return _interrupted(attempts)


def _interrupted(attempts: Sequence[Run]) -> Step | None:
    """A crash is nobody's evidence: once it is repeated, then a person must look. So it is with a stop."""
    run = attempts[-1]
    if run.status == "stopped":
        who = "by a person" if run.stop_requested or not run.cause else f"early: {run.cause}"
        return Halt(f"{describe(run)} was stopped {who}")
    if sum(attempt.status == "crashed" for attempt in attempts) > 1:
        return Halt(f"{describe(run)} crashed again: {run.cause or 'nobody knows why'}")
    return Start(run.idea, run.rung, run.seed, retry_of=run.id, step=run.step)


def _short_of_memory(run: Run) -> Step | None:
    """What asked for more memory than there is would ask for it again: it is never repeated unchanged."""
    if run.status not in ("failed", "crashed") or OUT_OF_MEMORY not in run.cause.lower():
        return None
    if run.cause.startswith(OUT_OF_MEMORY):
        advice = "" if "smaller" in run.cause else "; a smaller batch may fit"
        return Halt(f"{describe(run)} ran {run.cause}{advice}")
    return Halt(f"{describe(run)} ran out of memory; a smaller batch may fit: {run.cause}")


def _no_number(settings: Settings) -> str:
    return f"{settings.goal.metric} was missing or not finite"

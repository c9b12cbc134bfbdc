"""Runs in a line each, as status, runs and dispatch tell them."""

from __future__ import annotations

from planner.domain.event import Progress
from planner.domain.run import LIVE, Run
from planner.domain.view import RunView, View
from planner.rules.judging.steps import where
from planner.rules.progress import too_quiet
from planner.rules.wording import numbers
from planner.rules.wording.marks import mark


def name(view: RunView) -> str:
    """A run by its id, its rung, its seed and its idea."""
    run = view.run
    whose = "the baseline" if run.idea is None else f"#{run.idea} “{view.title}”"
    return f"{run.id} {where(run)}, of {whose}"


def standing(view: RunView, metric: str) -> str:
    """How a run stands, whichever state it is in."""
    if view.run.status == "running":
        return progress(view, metric)
    if view.run.status == "queued":
        return f"queued: {view.run.waits}" if view.run.waits else "queued, next to start"
    return ending(view.run, metric)


def retold(one: RunView, view: View) -> str:
    """How a run stands, with what sets it apart: of a replay that ended, how it came out."""
    run, goal = one.run, view.settings.goal
    apart, told = mark(run, view.ledger, goal), standing(one, goal.metric)
    if run.replay_of is not None and run.status not in LIVE:
        return apart
    return f"{apart}: {told}" if apart and run.rate is None else told


def progress(view: RunView, metric: str) -> str:
    """How far a running run is: epochs, the metric's last value, the time left."""
    told = view.progress
    parts = [epochs(told), from_where(told)]
    if points := told.curves.get(metric):
        parts.append(f"{metric} {numbers.metric(points[-1][1])}")
    if told.eta_seconds is not None:
        parts.append(f"{numbers.duration(told.eta_seconds)} left")
    if view.silent_seconds is not None and too_quiet(told, view.silent_seconds):
        parts.append(f"silent for {numbers.duration(view.silent_seconds)}")
    return " · ".join(part for part in parts if part)


def epochs(told: Progress) -> str:
    """Epochs so far, of how many where that is known."""
    if not told.epoch:
        return "starting" if told.started_at is None else "before its first epoch"
    return f"epoch {told.epoch} of {told.epochs}" if told.epochs else f"epoch {told.epoch}"


def from_where(told: Progress) -> str:
    """Which run it went on from, and after which epoch; empty when it trained from the start."""
    return f"from epoch {told.resumed.epoch} of {told.resumed.run}" if told.resumed else ""


def ending(run: Run, metric: str) -> str:
    """How an ended run ended: its value, or why there is none."""
    if run.status != "finished":
        if run.cause.startswith(run.status):  # it says so itself
            return run.cause
        return f"{run.status}: {run.cause}" if run.cause else run.status
    value = f"{metric} {numbers.metric(run.value)}" if run.value is not None else _valueless(run, metric)
    struck = f"struck out ({run.struck}): " if run.struck else ""
    resumed = f", from epoch {run.inherited} of {run.resumed_from}" if run.resumed_from else ""
    return f"{struck}{value} in {numbers.duration(run.hours * 3600)}{resumed}"


def _valueless(run: Run, metric: str) -> str:
    """What a run without a value came to: of a search for the learning rate, the rate."""
    if run.rung in ("check", "tiny"):
        return "passed"
    if run.rung != "lr":
        return f"{metric} missing or not finite"
    return "no learning rate found" if run.rate is None else f"learning rate: try {run.rate:.2g}"

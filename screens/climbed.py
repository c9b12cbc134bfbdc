"""How far an idea has climbed the ladder: the rung it is on, and how each rung ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner.domain.outcome import Outcome
from planner.domain.run import LIVE, RUNGS, Run, Rung
from planner.domain.view import RankedIdea, RunView
from screens import numbers, signs

LAST = "full"
"""The rung that decides what no cheaper one did: it goes without saying."""


def live_rungs(runs: Iterable[RunView]) -> dict[int, str]:
    """The rung that each idea is on, by its number: of its running run, else of the first in the queue."""
    found: dict[int, str] = {}
    for view in runs:
        if view.run.status in LIVE and view.run.idea is not None:
            found.setdefault(view.run.idea, view.run.rung)
    return found


def rung_of(row: RankedIdea, live: Mapping[int, str]) -> str:
    """The rung an idea is on, or the cheap one that decided; empty where there is nothing to say."""
    if row.status in ("queued", "running"):
        return live.get(row.idea.id, "")
    if row.status not in ("done", "invalid") or row.outcome is None:
        return ""
    return row.outcome.rung if row.outcome.rung in RUNGS and row.outcome.rung != LAST else ""


def climbed(idea: int, runs: Iterable[Run], outcome: Outcome | None) -> list[str]:
    """One line, such as `✓ check · ✓ tiny 4s · ✗ small 12s: worse`; empty before the first run.

    A sweep's configurations are told apart; replays and searches for a rate are no part of the climb.
    """
    own = [run for run in runs if run.idea == idea and run.rung != "lr" and run.replay_of is None]
    told = [part for rung in RUNGS if (part := _told(rung, own, outcome))]
    return [" · ".join(told)] if told else []


def _told(rung: Rung, own: Sequence[Run], outcome: Outcome | None) -> str:
    """A rung with the sign of how it stands, what its runs took, and in a word what became of it."""
    here = [run for run in own if run.rung == rung and run.config is None]
    if not here:
        passed = any(rung in run.covers and run.status == "finished" for run in own)
        return f"{signs.RUN['finished'].sign} {rung}" if passed else ""
    last = here[-1]
    decided = outcome is not None and outcome.rung == rung and last.status not in LIVE
    sign = signs.VERDICT[outcome.verdict] if outcome and decided else signs.of_run(last)
    many = f" {len(here)} runs" if len(here) > 1 else ""
    hours = sum(run.hours for run in here)
    took = f" {numbers.duration(3600 * hours)}" if hours else ""
    word = "" if sign is signs.RUN["finished"] else f": {sign.word}"
    return f"{sign.sign} {rung}{many}{took}{word}"

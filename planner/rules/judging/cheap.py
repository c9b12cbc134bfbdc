"""The rungs `check` and `tiny`: does the code work, and can it learn at all."""

from __future__ import annotations

from planner.domain.run import Rung
from planner.rules.judging.climb import Climb, attempts
from planner.rules.judging.steps import Start, Step
from planner.rules.judging.trouble import own_trouble

CHEAP: tuple[Rung, ...] = ("check", "tiny")
"""Each is climbed once since the dispatch, with seed 0; what fails on one makes the idea invalid."""


def cheap(climb: Climb) -> Step | None:
    """The cheap rungs in order; None when all that mean something have passed since the dispatch."""
    for rung in CHEAP:
        if climb.past(rung) or _needless(climb, rung):
            continue
        tried = attempts(climb.recent, rung, 0)
        if not tried:
            return Start(climb.idea.id, rung, 0)
        if trouble := own_trouble(climb, tried):
            return trouble
    return None


def _needless(climb: Climb, rung: Rung) -> bool:
    """Whether a run that has passed covers the rung; of a command nobody can see what it trains on."""
    if rung == "tiny" and climb.settings.recipe.command is not None:
        return True
    return any(rung in run.covers for run in climb.recent if run.status == "finished")

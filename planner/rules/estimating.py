"""A person's numbers change: a newer estimate over an older one, and one criterion a step up or down."""

from __future__ import annotations

from dataclasses import replace
from math import exp

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake

CRITERIA = ("hours", "complexity", "impact", "likelihood")
"""The four estimates, in the order they are shown."""
FACTOR = 1.25
"""One step of hours and impact multiplies or divides by this."""
STEP_OF_CHANCE = 0.05
"""One step of likelihood adds or takes this."""


def with_estimate(idea: Idea, new: Estimate) -> Idea:
    """The idea with one person's newer numbers over the older ones, which move to its history."""
    old = idea.estimates.get(new.by)
    if old is None:
        return replace(idea, estimates={**idea.estimates, new.by: new})
    merged = replace(
        new,
        hours=old.hours if new.hours is None else new.hours,
        complexity=old.complexity if new.complexity is None else new.complexity,
        impact=old.impact if new.impact is None else new.impact,
        relative=old.relative if new.impact is None else new.relative,
        likelihood=old.likelihood if new.likelihood is None else new.likelihood,
    )
    return replace(idea, estimates={**idea.estimates, new.by: merged}, history=(*idea.history, old))


def nudge(
    idea: Idea, calibration: Calibration, goal: Goal, criterion: str, step: int, *, by: str, at: str
) -> Idea:
    """Move one criterion of one person `step` steps, from what they said or else from the priors."""
    if criterion not in CRITERIA:
        raise Mistake(f"no criterion {criterion!r}: it is one of {', '.join(CRITERIA)}")
    old = idea.estimates.get(by) or Estimate(by=by, at=at)
    moved = Estimate(by=by, at=at)
    if criterion == "hours":
        moved = replace(moved, hours=_round(_or(old.hours, 2.0) * FACTOR**step))
    elif criterion == "complexity":
        moved = replace(moved, complexity=min(5.0, max(0.0, _or(old.complexity, 1.0) + step)))
    elif criterion == "impact":
        prior = goal.sign * goal.minimum_effect * exp(calibration.gain_scale)
        relative = old.relative and old.impact is not None
        moved = replace(moved, impact=_round(_or(old.impact, prior) * FACTOR**step), relative=relative)
    else:
        chance = _or(old.likelihood, calibration.base) + step * STEP_OF_CHANCE
        moved = replace(moved, likelihood=min(1.0, max(0.0, round(chance, 4))))
    return with_estimate(idea, moved)


def _or(said: float | None, prior: float) -> float:
    return prior if said is None else said


def _round(value: float) -> float:
    """Three significant digits: a nudged number should read like one a person types."""
    return float(f"{value:.3g}")

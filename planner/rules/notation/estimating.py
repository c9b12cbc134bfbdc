"""A person's numbers: as typed, a newer estimate over an older one, one criterion a step up or down."""

from __future__ import annotations

from dataclasses import replace
from math import exp

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.rules.notation import typed

CRITERIA = ("hours", "complexity", "impact", "likelihood")
"""The four estimates, in the order they are shown."""
FACTOR = 1.25
"""One step of hours and impact multiplies or divides by this."""
STEP_OF_CHANCE = 0.05
"""One step of likelihood adds or takes this."""


def typed_estimate(
    goal: Goal,
    *,
    by: str,
    at: str,
    hours: str | None = None,
    complexity: str | None = None,
    impact: str | None = None,
    likelihood: str | None = None,
) -> Estimate | None:
    """One person's numbers from what is typed, ranges among them; None when nothing is.

    Raises a Mistake that says what would be right.
    """
    numbers: dict[str, float] = {}
    ranges: dict[str, tuple[float, float]] = {}
    relative = False
    if impact is not None:
        numbers["impact"], relative, ends = typed.impact_range(impact, goal)
        ranges |= {"impact": ends} if ends else {}
    for name, text, read in (
        ("hours", hours, typed.hours_range),
        ("complexity", complexity, typed.complexity_range),
        ("likelihood", likelihood, typed.likelihood_range),
    ):
        if text is not None:
            numbers[name], ends = read(text)
            ranges |= {name: ends} if ends else {}
    return Estimate(by=by, at=at, relative=relative, ranges=ranges, **numbers) if numbers else None


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
        ranges=_merged_ranges(old, new),
    )
    return replace(idea, estimates={**idea.estimates, new.by: merged}, history=(*idea.history, old))


def _merged_ranges(old: Estimate, new: Estimate) -> dict[str, tuple[float, float]]:
    """The newer ranges, and the older ones of criteria that the newer estimate does not speak of."""
    silent = {name: ends for name, ends in old.ranges.items() if getattr(new, name) is None}
    return {name: ends for name in CRITERIA if (ends := new.ranges.get(name) or silent.get(name))}


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

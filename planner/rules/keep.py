"""The keep rule: whether a win pays for the complexity it adds."""

from __future__ import annotations

from planner.domain.idea import Idea
from planner.domain.score import Score
from planner.domain.settings import Settings
from planner.rules.defaults import IMPLEMENT_SHARE, SLOW_PER_POINT
from planner.rules.stated import complexity_or_assumed


def keep(
    idea: Idea, gain: float, best: float, settings: Settings, *, complexity: float | None = None
) -> tuple[bool, str]:
    """Whether a measured gain (MEI) is worth keeping, and why in a sentence.

    `best` is the best remaining score in MEI per hour: what the hours lost to complexity would have brought.
    `complexity` is the measured one; where nobody could measure it, the stated one counts.
    """
    complexity = complexity_or_assumed(idea) if complexity is None else complexity
    hours = complexity * SLOW_PER_POINT * IMPLEMENT_SHARE * settings.score.horizon
    cost = max(0.0, best) * hours
    facts = (
        f"{gain:.1f} MEI gained, against {cost:.1f} MEI that the best remaining idea would bring "
        f"in the {hours:.1f} h which complexity {complexity:g} costs later work"
    )
    return (True, f"worth keeping: {facts}") if gain > cost else (False, f"not worth its complexity: {facts}")


def per_hour(score: Score) -> float:
    """A score in MEI per hour, also where runs are the bottleneck and the ranking leaves hours out."""
    return score.chance.used * score.gain.used / score.hours.used

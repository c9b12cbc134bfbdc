"""The keep rule: whether a win pays for the complexity it adds."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from planner.domain.idea import Idea
from planner.domain.score import Score
from planner.domain.settings import Settings
from planner.rules.defaults import IMPLEMENT_SHARE, SLOW_PER_POINT
from planner.rules.scoring.stated import complexity_or_assumed, median

SOON = 20
"""Ideas that are tried while complexity that is added now still counts."""


def keep(
    idea: Idea, gain: float, rate: float, settings: Settings, *, complexity: float | None = None
) -> tuple[bool, str]:
    """Whether a measured gain (MEI) is worth keeping, and why in a sentence.

    `rate` is what the hours lost to complexity would have brought, in MEI per hour; see `going_rate`.
    `complexity` is the measured one; where nobody could measure it, the stated one counts.
    """
    complexity = complexity_or_assumed(idea) if complexity is None else complexity
    hours = complexity * SLOW_PER_POINT * IMPLEMENT_SHARE * settings.score.horizon
    cost = max(0.0, rate) * hours
    facts = (
        f"{gain:.1f} MEI gained, against {cost:.1f} MEI that the next ideas would bring "
        f"in the {hours:.1f} h which complexity {complexity:g} costs later work"
    )
    return (True, f"worth keeping: {facts}") if gain > cost else (False, f"not worth its complexity: {facts}")


def going_rate(remaining: Iterable[Score]) -> float:
    """What an hour of later work brings, in MEI: the median over the best ideas that remain; 0 without any.

    The hours that complexity costs lie in the future of many ideas, and the very best score is the one that
    is most likely too high: against it, a planner whose estimates mean nothing gives up real wins.
    """
    best = nlargest(SOON, map(per_hour, remaining))
    return median(best) if best else 0.0


def per_hour(score: Score) -> float:
    """A score in MEI per hour, also where runs are the bottleneck and the ranking leaves hours out."""
    return score.chance.used * score.gain.used / score.hours.used

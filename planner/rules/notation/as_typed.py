"""An estimate as a person would type it: what is read back is what was said."""

from __future__ import annotations

from collections.abc import Callable

from planner.domain.estimate import Estimate
from planner.rules.notation.estimating import CRITERIA


def as_typed(estimate: Estimate | None) -> dict[str, str]:
    """Each criterion as typed, its range where one was said; empty where that person said nothing."""
    if estimate is None:
        return dict.fromkeys(CRITERIA, "")
    return {name: _typed(estimate, name, write) for name, write in _writers(estimate).items()}


def _typed(estimate: Estimate, criterion: str, write: Callable[[float], str]) -> str:
    number, ends = getattr(estimate, criterion), estimate.ranges.get(criterion)
    if number is None:
        return ""
    # A dash between two gains could be one's sign.
    return write(number) if ends is None else (".." if criterion == "impact" else "-").join(map(write, ends))


def _writers(estimate: Estimate) -> dict[str, Callable[[float], str]]:
    """How a number of each criterion is typed, in the order of CRITERIA."""
    share = (lambda impact: f"{_short(impact * 100, '+')}%") if estimate.relative else None
    return {
        "hours": _hours,
        "complexity": _short,
        "impact": share or (lambda impact: _short(impact, "+")),
        "likelihood": lambda chance: f"{_short(chance * 100)}%",
    }


def _hours(hours: float) -> str:
    return f"{_short(hours * 60)}m" if hours < 1 else f"{_short(hours)}h"


def _short(value: float, sign: str = "") -> str:
    """The number without digits that only binary fractions have."""
    return f"{value:{sign}.10g}"

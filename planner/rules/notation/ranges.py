"""A range as a person types it: `2h-5h`, `2-5h`, `0.1..0.5pp`, `10 to 30%`; its two ends and its middle."""

from __future__ import annotations

import re
from math import exp, sqrt

from planner.rules.scoring.stated import log_odds

Ends = tuple[float, float]
"""Lowest and highest, the lowest first."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_UNIT = r"(?:pp|%|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
_END = rf"{_NUMBER}(?:\s*{_UNIT})?(?:\s*(?:\d+\.?\d*|\.\d+)\s*{_UNIT})*"
# Compiled when first matched, which takes longer than all else here: most ideas are captured without a range.
_RANGE = rf"({_END})\s*(?:\.{{2,3}}|…|-|(?<=\s)to(?=\s))\s*({_END})"
_LAST_UNIT = rf"{_UNIT}\Z"
_LOOSELY = re.ASCII | re.IGNORECASE
_DASHES = str.maketrans("−–—", "---")
_LONGEST = 120
"""Characters that two numbers and what stands between them may have."""


def ends(text: str) -> tuple[str, str] | None:
    """The two ends of a range as typed, each with its unit; None when the text is no range.

    A unit that only one end names is that of both. A leading minus is a sign: `-0.05--0.02` is a range,
    and `-0.03` and `1e-3` are numbers.
    """
    typed = text.strip().translate(_DASHES)
    found = re.fullmatch(_RANGE, typed, _LOOSELY) if len(typed) <= _LONGEST else None
    if found is None:
        return None
    low, high = found[1].strip(), found[2].strip()
    return _with_unit_of(low, high), _with_unit_of(high, low)


def geometric(low: float, high: float) -> float:
    """The middle of two amounts of one sign, neither 0: as many times the one as the other is times it."""
    # The second form serves numbers so small that their product would be 0.
    middle = sqrt(low * high) or sqrt(abs(low)) * sqrt(abs(high))
    return middle if low > 0 else -middle


def by_log_odds(low: float, high: float) -> float:
    """The middle of two chances by their log-odds, 0 and 1 held to what is finite; never outside the two."""
    middle = 1.0 / (1.0 + exp(-(log_odds(low) + log_odds(high)) / 2))
    return min(high, max(low, middle))


def _with_unit_of(end: str, other: str) -> str:
    unit = re.search(_LAST_UNIT, other, _LOOSELY)
    return end if unit is None or re.search(_LAST_UNIT, end, _LOOSELY) else end + unit[0]

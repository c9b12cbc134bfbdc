"""What a person types, as numbers or as ranges of them: hours, complexity, impact, likelihood, params."""

from __future__ import annotations

import re
from collections.abc import Callable

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.rules.notation.literal import value_of
from planner.rules.notation.ranges import Ends, by_log_odds, ends, geometric

LONGEST = 60
"""Characters a number may have."""
MOST_HOURS = 10_000.0
"""Nobody plans five years of work as one idea."""
MOST_SHARE = 100.0
"""A relative impact may be at most this many times the baseline's value."""
MOST_IMPACT = 1e12
"""No metric moves by more, in its own unit."""
HOURS_OF_UNIT = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 8.0, "w": 40.0}
"""A day is 8 hours, a week 5 days."""

_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_PLAIN = re.compile(rf"[+-]?{_NUMBER}(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_UNIT = r"(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
_STRETCH = re.compile(rf"({_NUMBER})\s*{_UNIT}(?![a-z])\s*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*", re.ASCII)

_LIKE_HOURS = "write hours like 30m, 2h or 1.5d"


def hours(text: str) -> float:
    """Hours from `30m`, `2h`, `1h30m`, `1.5d` or `2`; a plain number is hours, above 0 and at most 10,000."""
    typed = _tidy(text, "hours", _LIKE_HOURS).lower()
    found = _number(typed)
    if found is None:
        found = _stretches(typed, text)
    if found <= 0:
        raise Mistake(f"hours {_shown(text)} are not above 0; {_LIKE_HOURS}")
    if found > MOST_HOURS:
        raise Mistake(f"hours {_shown(text)} are more than {MOST_HOURS:,.0f}; {_LIKE_HOURS}")
    return found


def complexity(text: str) -> float:
    """Complexity 0 to 5, such as `0`, `2` or `1.5`."""
    scale = "write a number from 0 (config only) to 5 (more than 1,000 lines)"
    found = _number(_tidy(text, "complexity", scale))
    if found is None or not 0 <= found <= 5:
        raise Mistake(f"complexity {_shown(text)} is not on the scale; {scale}")
    return abs(found)


def likelihood(text: str) -> float:
    """Chance 0 to 1 from `20%` or `0.2`."""
    like = "write a chance like 20% or 0.2"
    typed = _tidy(text, "likelihood", like)
    found = _number(typed.removesuffix("%").rstrip())
    if found is None:
        raise Mistake(f"likelihood {_shown(text)} is not a number; {like}")
    if typed.endswith("%"):
        found /= 100
    elif 1 < found <= 100:
        raise Mistake(f"likelihood {_shown(text)} is above 1; for a chance in per cent write {found:g}%")
    if not 0 <= found <= 1:
        raise Mistake(f"likelihood {_shown(text)} is not between 0% and 100%; {like}")
    return abs(found)


def impact(text: str, goal: Goal) -> tuple[float, bool]:
    """Signed change of the goal's metric, and whether it is a share of the baseline's value.

    `+0.5pp` is percentage points, `-0.03` the metric's own unit, `2%` a share. Without a sign it is an
    improvement; a sign that would make the metric worse is a Mistake.
    """
    good = "+" if goal.sign > 0 else "-"
    like = f"write it like {good}0.5pp, {good}0.03 or {good}2%"
    typed = _tidy(text, "impact", like)
    number, unit = _split_unit(typed)
    found = _number(number)
    if found is None:
        raise Mistake(f"impact {_shown(text)} is not a number; {like}")
    if found == 0:
        raise Mistake(f"impact {_shown(text)} is none: say what it brings if it works; {like}")
    if number[0] in "+-" and found * goal.sign < 0:
        better = "higher" if goal.sign > 0 else "lower"
        raise Mistake(
            f"impact {_shown(text)} would make {goal.metric} worse, which is better {better}; "
            f"if it improves, write {good}{typed.lstrip('+-')}"
        )
    return _in_unit(goal.sign * abs(found), unit, goal, text)


# -- ranges -----------------------------------------------------------------------------------


def hours_range(text: str) -> tuple[float, Ends | None]:
    """Hours as `hours` reads them, or the geometric middle of `2h-5h` with its ends."""
    return _middle_and_ends(text, "hours", hours, geometric)


def complexity_range(text: str) -> tuple[float, Ends | None]:
    """Complexity as `complexity` reads it, or the mean of `1-3` with its ends."""
    return _middle_and_ends(text, "complexity", complexity, lambda low, high: (low + high) / 2)


def likelihood_range(text: str) -> tuple[float, Ends | None]:
    """A chance as `likelihood` reads it, or the middle of `10-30%` by log-odds with its ends."""
    return _middle_and_ends(text, "likelihood", likelihood, by_log_odds)


def impact_range(text: str, goal: Goal) -> tuple[float, bool, Ends | None]:
    """An impact as `impact` reads it, or the geometric middle of `+0.1pp..0.5pp` with its ends.

    The ends are signed like the middle, the numerically lowest first.
    """
    found = ends(text)
    if found is None:
        return *impact(text, goal), None
    (low, relative), (high, other) = (impact(end, goal) for end in found)
    if relative is not other:
        raise Mistake(f"impact {_shown(text)} has ends in two units; write both alike, like 0.1pp..0.5pp")
    # Of two falls either may be meant as the lower: the smaller one, or the one that leads further down.
    falls = found[0].startswith("-")
    if abs(low) > abs(high) and not falls:
        raise _upside_down(text, "impact")
    if low == high:
        return low, relative, None
    return geometric(low, high), relative, (min(low, high), max(low, high))


def _middle_and_ends(
    text: str, what: str, read: Callable[[str], float], middle: Callable[[float, float], float]
) -> tuple[float, Ends | None]:
    found = ends(text)
    if found is None:
        return read(text), None
    low, high = map(read, found)
    if low > high:
        raise _upside_down(text, what)
    return (low, None) if low == high else (middle(low, high), (low, high))


def _upside_down(text: str, what: str) -> Mistake:
    low, high = ends(text) or ("", "")
    return Mistake(f"{what} {_shown(text)}: the range is upside down; write it as {high}..{low}")


# -- params -----------------------------------------------------------------------------------


def param(text: str) -> tuple[str, object]:
    """Name and value from `name=value`; the value is a number, true, false, null, a list or a string."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise Mistake(f"param {_shown(text)} has no name and value; write it like lr=0.001")
    return param_name(name), value_of(value.strip(), name)


def param_name(name: str) -> str:
    """The name of a param; a Mistake when it is none."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise Mistake(
            f"param name {_shown(name)} is no name: letters, digits, _ . - after a first letter, "
            f"at most {LONGEST}, like label_smoothing=0.1"
        )
    return name


# -- parts ------------------------------------------------------------------------------------


def in_per_cent(goal: Goal) -> bool:
    """Whether the metric itself is counted in per cent, as its target or else its minimum effect shows."""
    if goal.target is not None:
        return goal.target > 1.5
    return goal.minimum_effect >= 0.1


def _in_unit(change: float, unit: str, goal: Goal, text: str) -> tuple[float, bool]:
    """The change in what it was typed in: percentage points, a share, or the metric's own unit."""
    amount = change if unit == "" or (unit == "pp" and in_per_cent(goal)) else change / 100
    most = MOST_SHARE if unit == "%" else MOST_IMPACT
    if abs(amount) > most:
        raise Mistake(f"impact {_shown(text)} is larger than any metric moves; check its unit")
    if unit == "pp" and not in_per_cent(goal) and abs(amount) > 1:
        raise Mistake(f"impact {_shown(text)} is more than 100 percentage points; write it like 0.5pp")
    return amount, unit == "%"


def _split_unit(typed: str) -> tuple[str, str]:
    lower = typed.lower()
    unit = "pp" if lower.endswith("pp") else "%" if lower.endswith("%") else ""
    return lower.removesuffix(unit).rstrip(), unit


def _stretches(typed: str, text: str) -> float:
    """The sum of stretches such as `1h 30m`, each unit once."""
    found = list(_STRETCH.finditer(typed))
    units = [match[2][0] for match in found]
    if not found or "".join(match[0] for match in found) != typed or len(set(units)) < len(units):
        raise Mistake(f"hours {_shown(text)} are not a stretch of time; {_LIKE_HOURS}")
    return sum(float(match[1]) * HOURS_OF_UNIT[unit] for match, unit in zip(found, units, strict=True))


def _tidy(text: str, what: str, like: str) -> str:
    """The text without blanks around it, typographic minus signs made plain; a Mistake when empty or long."""
    typed = text.strip().replace("−", "-").replace("–", "-")
    if not typed:
        raise Mistake(f"{what} is empty; {like}")
    if len(typed) > LONGEST:
        raise Mistake(f"{what} {_shown(text)} is too long to be a number; {like}")
    return typed


def _number(typed: str) -> float | None:
    """A plain decimal number; None for anything else, `nan` and `inf` among it."""
    if not _PLAIN.fullmatch(typed):
        return None
    return float(typed)


def _shown(text: str) -> str:
    """What was typed, in quotes and short enough for one sentence."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")

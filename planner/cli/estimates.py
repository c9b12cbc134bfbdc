"""Estimates as `planner show` tells them: each person's numbers, and what all of them come to together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp

from planner.cli.table import table
from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.domain.score import Opinion
from planner.domain.view import RankedIdea
from planner.rules.learning.freeze import changed_since, intact
from planner.rules.scoring.stated import median
from planner.rules.wording import numbers
from planner.rules.wording.people import Write, pooled, stated

HEADINGS = ("", "who", "said", "usual", "centred")
"""Columns of the table by person; the last has what is left of a number without the person's habit."""
POOLED = "pooled"
"""Whose number the median of several people is; after the arrow, what the score makes of it."""


def said(row: RankedIdea) -> Iterator[str]:
    """Who expects what, what they expected before, and what stands frozen."""
    idea = row.idea
    if idea.estimates:
        yield from table(HEADINGS, list(_rows(row)))
    for who, one in idea.estimates.items():
        yield f"{who} says: {estimate(one)}"
    for one in reversed(idea.history):
        yield f"  before {one.at[:10]}, {one.by} said: {estimate(one)}"
    if idea.frozen:
        yield _frozen(idea)


def estimate(one: Estimate) -> str:
    """One person's numbers in a line, ranges with them; what that person did not say is left out."""
    parts = []
    if one.hours is not None:
        parts.append(f"hours {one.hours:.4g}{_range(one, 'hours')}")
    if one.complexity is not None:
        parts.append(f"complexity {one.complexity:g}{_range(one, 'complexity')}")
    if one.impact is not None:
        times, unit = (100.0, " % of the baseline's") if one.relative else (1.0, "")
        parts.append(f"impact {times * one.impact:+.4g}{_range(one, 'impact', times)}{unit}")
    if one.likelihood is not None:
        parts.append(f"chance {100 * one.likelihood:.4g}{_range(one, 'likelihood', 100)} %")
    return " · ".join(parts) or "nothing"


def _range(one: Estimate, criterion: str, times: float = 1.0) -> str:
    ends = one.ranges.get(criterion)
    return "" if ends is None else f" ({times * ends[0]:.4g} to {times * ends[1]:.4g})"


def _frozen(idea: Idea) -> str:
    frozen = idea.frozen
    if frozen is None:
        return ""
    told = f"frozen at the first dispatch, {frozen.at}, digest {frozen.digest[:12]}"
    if not intact(frozen):
        return f"{told}; the digest does not fit: what was frozen is not what stands there now"
    return f"{told}; changed since it was frozen: that counts from now on" if changed_since(idea) else told


def _rows(row: RankedIdea) -> Iterator[Sequence[str]]:
    """A person's number a row, by factor, and below those of several people what they come to together."""
    score, together = row.score, pooled(row.score)
    yield from _factor(
        "chance", score.chance.people, numbers.chance, numbers.chance, _odds, together["chance"]
    )
    yield from _factor(
        "gain, MEI", score.gain.people, numbers.compact, numbers.compact, _times, together["gain"]
    )
    yield from _factor("hours", score.hours.people, numbers.compact, _takes, _hours, together["hours"])
    points = [
        (who, f"{one.complexity:g}{_range(one, 'complexity')}")
        for who, one in row.idea.estimates.items()
        if one.complexity is not None
    ]
    for place, (who, told) in enumerate(points):
        yield ("" if place else "complexity", who, told, "", "")
    if len(points) > 1:
        yield ("", POOLED, "", "", f"{score.hours.complexity:g}")


def _factor(
    name: str, people: Sequence[Opinion], write: Write, habit: Write, centre: Write, together: str
) -> Iterator[Sequence[str]]:
    for place, one in enumerate(people):
        first = "" if place else name
        yield (first, one.by, stated(one, write), habit(one.usual), centre(one.centred))
    if len(people) > 1:
        yield ("", POOLED, "", "", f"{centre(median([one.centred for one in people]))} → {together}")


def _odds(centred: float) -> str:
    return f"odds ×{exp(centred):.2f}"


def _times(centred: float) -> str:
    return f"×{exp(centred):.2f}"


def _takes(ratio: float) -> str:
    return f"takes ×{ratio:.2f}"


def _hours(centred: float) -> str:
    return numbers.compact(exp(centred))

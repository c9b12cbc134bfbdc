"""Several people on one idea, a line a factor: what each said and usually says, and the pooled number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp

from planner.domain.score import Opinion, Score
from planner.domain.view import RankedIdea
from planner.rules.wording import numbers
from planner.rules.wording.display import cells, clean, fit

WIDTH = 80
"""Columns of a small terminal."""
NAME = 12
"""Cells of a person's name, at most."""

Write = Callable[[float], str]


def pooled(score: Score) -> dict[str, str]:
    """What the people of each factor come to together, before relatives and whatever else is not theirs."""
    gain = score.gain.scale * exp(score.gain.centred)
    return {
        "chance": numbers.chance(score.chance.stated),
        "gain": f"{numbers.compact(gain)} MEI",
        "hours": numbers.compact(score.hours.implement_total),
    }


def people(row: RankedIdea) -> tuple[str, ...]:
    """A line for each factor that counts and of which more than one person spoke; each fits 80 columns."""
    score, together = row.score, pooled(row.score)
    factors: tuple[tuple[str, tuple[Opinion, ...], Write, Write], ...] = (
        ("chance", score.chance.people, numbers.chance, numbers.chance),
        ("gain", score.gain.people, numbers.compact, numbers.compact),
        ("hours", score.hours.people, numbers.compact, "×{:.2f}".format),
    )
    return tuple(
        _line(factor, spoke, together[factor], write, habit)
        for factor, spoke, write, habit in factors
        if len(spoke) > 1 and not (factor == "hours" and row.idea.change.runnable)
    )


def stated(opinion: Opinion, write: Write) -> str:
    """What one person said: a number, or both ends of a range."""
    if opinion.low is None or opinion.high is None:
        return write(opinion.said)
    low, high = write(opinion.low), write(opinion.high)
    return f"{low.removesuffix(' %')}–{high}" if high.endswith(" %") else f"{low}–{high}"


def _line(factor: str, spoke: Sequence[Opinion], together: str, write: Write, habit: Write) -> str:
    """The longest form that fits: habits in words, habits in brackets, the first people and how many more."""
    begin, end = f" people  {factor:<8} ", f" → pooled {together}"
    usually = "takes " if factor == "hours" else "usually "
    names = [fit(clean(one.by), NAME) for one in spoke]
    tried = [
        [
            f"{name} {stated(one, write)} ({word}{habit(one.usual)})"
            for name, one in zip(names, spoke, strict=True)
        ]
        for word in (usually, "")
    ]
    lines = [begin + " · ".join(parts) + end for parts in tried]
    lines += [
        f"{begin}{' · '.join(tried[1][:count])} and {len(spoke) - count} more{end}"
        for count in range(len(spoke) - 1, 0, -1)
    ]
    return next((line for line in lines if cells(line) <= WIDTH), lines[-1])

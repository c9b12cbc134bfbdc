"""What to do next, in words that fit one small screen: the idea, why, what it costs, what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from planner.domain.view import RankedIdea
from planner.rules.scoring.ranking import alike
from planner.rules.wording import numbers
from planner.rules.wording.display import cells, fit
from planner.rules.wording.wrapped import wrapped

WIDTH = 80
"""Columns of a small terminal."""
HEIGHT = 23
"""Its lines, but for the one the prompt takes."""
MOST_NOTES = 6
"""Lines of notes that leave room for two short answers."""
FACTORS = ("chance", "gain", "hours")
"""The lines of the why-panel that are told; its last says what would change the answer."""
LENGTHS = ((4, 2), (3, 2), (2, 2), (2, 1), (1, 1))
"""Lines that a factor may take, and that each of the others may, from the longest answer to the shortest."""
CHANGE = "would change it: "

Verb = Literal["run", "implement"]


def answer(
    verb: Verb, row: RankedIdea, ranked: Sequence[RankedIdea], panel: Sequence[str]
) -> list[list[str]]:
    """One answer, in several lengths, the longest first; `panel` is the idea's why-panel."""
    return [_answer(verb, row, ranked, panel, *most) for most in LENGTHS]


def none(verb: Verb, reason: str) -> list[list[str]]:
    """That there is no such idea, and why, in as many lengths."""
    return [wrapped(f"{verb}: {reason}", WIDTH)] * len(LENGTHS)


def screen(blocks: Sequence[Sequence[Sequence[str]]], notes: Sequence[str] = ()) -> list[str]:
    """The blocks below each other, as long as they may be to fit one screen; the notes stand above them."""
    head = [line for note in notes for line in wrapped(note, WIDTH, most=3)][:MOST_NOTES]
    whole: list[str] = []
    for lengths in zip(*blocks, strict=True):
        whole = [line for block in ([head] if head else []) + list(lengths) for line in ["", *block]][1:]
        if len(whole) <= HEIGHT:
            break
    return whole[:HEIGHT]


def _answer(
    verb: Verb, row: RankedIdea, ranked: Sequence[RankedIdea], panel: Sequence[str], factors: int, others: int
) -> list[str]:
    """One answer, each factor in at most so many lines, and each of the others."""
    told = [found for name in FACTORS if (found := _line(panel, name))]
    change = _line(panel, CHANGE)
    return [
        _head(verb, row),
        *wrapped(_why(row, ranked), WIDTH, indent=2, hang=4, most=others),
        *[part for line in told for part in wrapped(line, WIDTH, indent=2, hang=19, most=factors)],
        *wrapped(f"costs {_cost(row)}", WIDTH, indent=2, hang=8, most=others),
        *(wrapped(change, WIDTH, indent=2, hang=4, most=others) if change else []),
    ]


def _line(panel: Sequence[str], start: str) -> str:
    """The first line of the panel that starts so; empty when there is none."""
    return next((line.strip() for line in panel if line.strip().startswith(start)), "")


def _head(verb: Verb, row: RankedIdea) -> str:
    """The idea, and the command that takes it up; a long title gives way to the command."""
    command = f"planner {'dispatch' if verb == 'run' else 'start'} {row.idea.id}"
    start, end = f"{verb} #{row.idea.id} “", f"” · {command}"
    return start + fit(row.idea.title, WIDTH - cells(start) - cells(end)) + end


def _why(row: RankedIdea, ranked: Sequence[RankedIdea]) -> str:
    """The score in words, beside the idea that comes next."""
    score = row.score
    expected = f"{numbers.chance(score.chance.used)} chance of {numbers.compact(score.gain.used)} MEI"
    spend = f" for {numbers.hours(score.hours.used)} still to spend" if score.per_hour else ""
    place = f"rank {row.rank} of {sum(one.rank is not None for one in ranked)}"
    worth = f"{numbers.score(score.value, score.per_hour)} {numbers.score_unit(score.per_hour)}"
    return f"{expected}{spend}: {worth}, {place}{_beside(row, ranked)}"


def _beside(row: RankedIdea, ranked: Sequence[RankedIdea]) -> str:
    rank = row.rank or 0
    below = next((one for one in ranked if one.rank == rank + 1), None)
    if below is None:
        return ""
    noise = ", no real difference" if alike(row.score.value, below.score.value) else ""
    other = numbers.score(below.score.value, below.score.per_hour)
    return f"; next “{fit(below.idea.title, 24)}” with {other}{noise}"


def _cost(row: RankedIdea) -> str:
    """Both currencies, apart."""
    hours = row.score.hours
    low, high = (max(0.0, end - hours.spent) for end in (hours.low, hours.high))
    work = f"{numbers.hours(hours.implement)} of work ({numbers.hours(low)} to {numbers.hours(high)})"
    spent = numbers.hours(hours.gpu)
    gpu = f"{spent if spent.startswith('under') else f'about {spent}'} of GPU until its verdict"
    return f"{work} and {gpu}" if hours.implement else f"no more work and {gpu}"

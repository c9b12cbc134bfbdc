"""A nudge drawn before it is written: the idea with its new score, in its new place; then written."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from time import sleep

from planner.domain.view import RankedIdea, View
from planner.rules.notation.estimating import nudge
from planner.rules.scoring.ranking import place_in_order
from planner.rules.scoring.score import score

BREATH = 0.02
"""Seconds a frame takes to get out to the terminal."""


def nudged(view: View, idea_id: int, criterion: str, step: int, *, who: str, at: str) -> View:
    """The view as it will be once the nudge is written; a Mistake where the rule refuses it."""
    place = next(index for index, row in enumerate(view.ranked) if row.idea.id == idea_id)
    row, calibration, settings = view.ranked[place], view.ledger.calibration, view.settings
    idea = nudge(row.idea, calibration, settings.goal, criterion, step, by=who, at=at)
    moved = replace(row, idea=idea, score=score(idea, calibration, settings))
    return replace(view, ranked=placed(view.ranked, place, moved))


def placed(rows: tuple[RankedIdea, ...], start: int, moved: RankedIdea) -> tuple[RankedIdea, ...]:
    """The rows with the one at `start` changed and put where its score belongs, ranks in between moved on."""
    others = [*rows[:start], *rows[start + 1 :]]
    end = start if moved.rank is None else _place(others, moved)
    others.insert(end, moved)
    if end != start:
        low, high = min(start, end), max(start, end) + 1
        others[low:high] = [_at(row, low + offset + 1) for offset, row in enumerate(others[low:high])]
    return tuple(others)


def _place(others: list[RankedIdea], moved: RankedIdea) -> int:
    """Where among the ranked, which come first and fall in score."""
    ranked = bisect_left(others, True, key=lambda row: row.rank is None)
    return bisect_left(
        others, place_in_order(moved.score), hi=ranked, key=lambda row: place_in_order(row.score)
    )


def _at(row: RankedIdea, rank: int) -> RankedIdea:
    return RankedIdea(idea=row.idea, status=row.status, score=row.score, rank=rank, outcome=row.outcome)


def after_a_breath(verb: Callable[[], object]) -> None:
    """Do a verb once the terminal has what was drawn: writing a large backlog would hold that up.

    The wait is in the verb's own thread, so that leaving right now still writes it.
    """
    sleep(BREATH)
    verb()

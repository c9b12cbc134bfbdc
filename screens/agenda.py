"""What the last step of a review asks about, one idea a line: broken, halted, in doubt, back again, stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.review import Review
from planner.rules.notation.estimating import CRITERIA
from screens.signs import Sign

KINDS = {
    "invalid": Sign("!", "invalid", "warn"),
    "halted": Sign("‖", "halted", "warn"),
    "timer": Sign("◔", "timer", "live"),
    "doubt": Sign("≠", "doubtful", "warn"),
    "comeback": Sign("↺", "comeback", "live"),
    "stale": Sign("…", "stale", "dim"),
}
"""Why an idea is on the list."""


@dataclass(frozen=True, slots=True)
class Item:
    """One idea that wants a look."""

    kind: str
    """One of KINDS."""
    idea: int
    """Its number."""
    title: str
    """Its title."""
    since: str
    """Since when, UTC, ISO 8601."""
    reason: str
    """Why, in a sentence."""
    criterion: str = CRITERIA[-1]
    """What to estimate again."""


def items(review: Review) -> tuple[Item, ...]:
    """Everything that wants a look, what is broken first."""
    return tuple(_items(review))


def _items(review: Review) -> Iterator[Item]:
    for kind, listed in (("invalid", review.repair), ("halted", review.halted), ("timer", review.timers)):
        yield from (Item(kind, one.idea, one.title, one.since, one.reason) for one in listed)
    for doubt in review.doubts:
        yield Item("doubt", doubt.idea, doubt.title, doubt.since, doubt.reason, doubt.criterion)
    for comeback in review.comebacks:
        yield Item("comeback", comeback.idea, comeback.title, comeback.at, comeback.reason)
    for one in review.stale:
        yield Item("stale", one.idea, one.title, one.since, "nobody has touched it for four weeks")

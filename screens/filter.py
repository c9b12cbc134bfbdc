"""What a person types after `/`: words, and `status:`, `tag:`, `category:`, `by:` with a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.view import RankedIdea
from screens.signs import of_idea

FIELDS = ("status", "tag", "category", "by")
"""What a word can be narrowed to, as in `tag:loss`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Every part must hold; a `-` before a part turns it round."""

    parts: tuple[tuple[str, str, bool], ...] = ()
    """(field or empty for any text, lower-case value, wanted)."""

    @classmethod
    def of(cls, text: str) -> Filter:
        """Read what was typed; an unknown field is taken as a word."""
        return cls(tuple(_part(word) for word in text.lower().split()))

    def select(self, rows: Sequence[RankedIdea]) -> tuple[RankedIdea, ...]:
        """The rows that hold, in their order."""
        return tuple(row for row in rows if self.holds(row)) if self.parts else tuple(rows)

    def holds(self, row: RankedIdea) -> bool:
        """Whether an idea has everything that is asked for."""
        return all(_has(row, field, value) == wanted for field, value, wanted in self.parts)


def _part(word: str) -> tuple[str, str, bool]:
    wanted = not (word.startswith("-") and len(word) > 1)
    word = word if wanted else word[1:]
    field, colon, value = word.partition(":")
    return (field, value, wanted) if colon and field in FIELDS else ("", word, wanted)


def _has(row: RankedIdea, field: str, value: str) -> bool:
    idea = row.idea
    if field == "status":
        return row.status.startswith(value) or of_idea(row).word.replace(" ", "-").startswith(value)
    if field == "category":
        return idea.category.lower().startswith(value)
    if field == "tag":
        return any(tag.lower().startswith(value) for tag in idea.tags)
    if field == "by":
        return any(who.lower().startswith(value) for who in {idea.created_by, *idea.estimates})
    if value.startswith("#") and value[1:].isascii() and value[1:].isdigit():
        return idea.id == int(value[1:])
    return value in idea.title.lower() or value in idea.hypothesis.lower() or value in idea.tags

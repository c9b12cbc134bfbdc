"""The idea that a number means."""

from __future__ import annotations

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake


def find_idea(ideas: dict[int, Idea], idea_id: int) -> Idea:
    """The idea of that number; a Mistake when there is none."""
    if idea_id not in ideas:
        known = f"ideas run from 1 to {max(ideas)}" if ideas else "there are no ideas yet"
        raise Mistake(f"no idea {idea_id}: {known}; `planner list` shows them")
    return ideas[idea_id]

"""What a test asks about the table of ideas."""

from __future__ import annotations

from textual.pilot import Pilot

from screens.widgets.idea_table import IdeaTable


def table(pilot: Pilot[None]) -> IdeaTable:
    """The table."""
    return pilot.app.screen.query_one(IdeaTable)


def order(pilot: Pilot[None]) -> list[int]:
    """The ideas by number, as they stand."""
    return [row.idea.id for row in table(pilot).rows]


def here(pilot: Pilot[None]) -> int:
    """The highlighted idea."""
    row = table(pilot).current
    assert row is not None
    return row.idea.id

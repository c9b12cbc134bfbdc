"""The filter narrows the backlog."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot

from screens.widgets.entry import Entry
from tests.screens import project
from tests.screens.story import drive, press, seen, until, write
from tests.screens.table import order, table


def test_the_filter_narrows_at_once_and_escape_clears_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "status:ready tag:lr")
        assert order(pilot) == [5]
        assert "1 of 12" in seen(pilot.app)
        await press(pilot, "enter")
        assert pilot.app.focused is table(pilot)
        await press(pilot, "escape")
        assert len(order(pilot)) == 12

    drive(project.engine(), story)


def test_a_filter_without_matches_says_how_to_clear_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "zzz")
        assert "No idea matches" in seen(pilot.app)

    drive(project.engine(), story)


def test_text_typed_right_after_slash_lands_in_the_filter():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        for character in "/mixup x":
            pilot.app.post_message(
                events.Key({"/": "slash", " ": "space"}.get(character, character), character)
            )
        await until(
            pilot,
            lambda: (
                bool(pilot.app.screen.query(Entry)) and pilot.app.screen.query_one(Entry).text == "mixup x"
            ),
        )

    drive(engine, story)
    assert not engine.done

"""Moving about the backlog, by keys and with the mouse."""

from __future__ import annotations

from textual.pilot import Pilot

from screens.widgets.idea_table import IdeaTable
from tests.screens import project
from tests.screens.story import drive, line_with, planner, press, seen, settled, until
from tests.screens.table import here, order, table


def test_the_best_idea_is_first_and_explained():
    async def story(pilot: Pilot[None]) -> None:
        assert here(pilot) == 9
        assert "rank 1  batch normalisation" in seen(pilot.app)
        assert "base rate" in seen(pilot.app)

    drive(project.engine(), story)


def test_keys_move_the_cursor_and_the_panel_follows():
    async def story(pilot: Pilot[None]) -> None:
        ideas = order(pilot)
        await press(pilot, "j", "down")
        assert here(pilot) == ideas[2]
        assert "muon optimizer   " in line_with(pilot.app, "rank 3  muon")
        await press(pilot, "k", "end")
        assert here(pilot) == ideas[-1]
        await press(pilot, "home", "up")
        assert here(pilot) == ideas[0]
        await press(pilot, "pagedown")
        assert here(pilot) == ideas[8]

    drive(project.engine(), story)


def test_a_click_points_and_the_wheel_scrolls():
    async def story(pilot: Pilot[None]) -> None:
        await pilot.click(IdeaTable, offset=(10, 4))
        await settled(pilot)
        assert here(pilot) == order(pilot)[3]
        before = line_with(pilot.app, "batch normalisation after ev")
        table(pilot).scroll_down(animate=False)
        await settled(pilot)
        assert before
        assert not line_with(pilot.app, "   1 batch")

    drive(project.engine(), story)


def test_the_cursor_stays_on_its_idea_when_rows_move():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j", "j")
        idea = here(pilot)
        await press(pilot, *["minus"] * 6)
        assert here(pilot) == idea
        assert order(pilot).index(idea) != 3

    drive(project.engine(), story)


def test_the_cursor_stays_on_its_idea_when_somebody_else_adds_one():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j")
        idea = here(pilot)
        planner(pilot).engine.add("a quick win -t 5m -c 0 -i +3pp -l 95% --set a=1")
        await until(pilot, lambda: len(order(pilot)) == 13)
        assert here(pilot) == idea

    drive(project.engine(), story)

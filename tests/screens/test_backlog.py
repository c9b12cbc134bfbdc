"""The home screen as a whole: what it says, and what it does not do."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from screens.backlog import BacklogScreen
from screens.widgets.entry import Entry
from tests.screens import project
from tests.screens.story import drive, planner, press, seen, settled, until, write
from tests.screens.table import here, order, table


def test_an_empty_backlog_teaches_what_to_do():
    async def story(pilot: Pilot[None]) -> None:
        assert "Press a and type the first one" in seen(pilot.app)
        assert "edit" not in seen(pilot.app).splitlines()[-1]

    drive(project.empty(), story)


def test_a_warning_about_the_store_is_always_in_sight():
    engine = project.engine()
    engine.warning = "the backlog is read-only: `planner doctor --restore` brings back the newest good backup"

    async def story(pilot: Pilot[None]) -> None:
        assert "! the backlog is read-only" in seen(pilot.app)
        await press(pilot, "r")
        assert "! the backlog is read-only" in seen(pilot.app)

    drive(engine, story)


def test_a_project_that_can_t_be_read_is_said_and_read_again():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        engine.unreadable = "planner.toml: line 3 is no TOML"
        await until(pilot, lambda: "! planner.toml: line 3" in seen(pilot.app))
        engine.unreadable = None
        await until(pilot, lambda: "planner.toml" not in seen(pilot.app))

    drive(engine, story)


def test_the_palette_holds_every_action():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "colon")
        await write(pilot, "dispatch")
        await until(pilot, lambda: "climb the ladder" in seen(pilot.app))

    drive(project.engine(), story)


def test_help_explains_the_screen_and_its_keys():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        assert "The ideas still to decide, best first" in seen(pilot.app)
        assert "Type an idea in one line" in seen(pilot.app)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BacklogScreen)

    drive(project.engine(), story, size=(100, 40))


def test_columns_give_way_to_the_title_when_it_is_narrow():
    async def story(pilot: Pilot[None]) -> None:
        assert "category" not in seen(pilot.app)
        await pilot.resize_terminal(60, 20)
        await settled(pilot)
        assert "batch normalisation" in seen(pilot.app)
        await pilot.resize_terminal(200, 40)
        await settled(pilot)
        assert "category" in seen(pilot.app)

    drive(project.engine(), story)


def test_only_what_is_visible_is_drawn():
    engine = project.engine()
    sample = engine.ledger.ideas[1]
    many = {number: replace(sample, id=number, title=f"idea {number}") for number in range(1, 3001)}
    engine.ledger = replace(engine.ledger, ideas=many, outcomes=(), revisions=())
    drawn: list[int] = []

    async def story(pilot: Pilot[None]) -> None:
        cell = table(pilot).cell
        table(pilot).cell = lambda index, row, column: drawn.append(index) or cell(index, row, column)  # type: ignore[method-assign, func-returns-value]
        await press(pilot, "end")
        assert here(pilot) == order(pilot)[-1]
        assert len(set(drawn)) <= 20

    drive(engine, story)


def test_a_click_on_a_name_above_goes_there_and_a_click_on_a_key_below_presses_it():
    async def story(pilot: Pilot[None]) -> None:
        above = seen(pilot.app).splitlines()[0]
        await pilot.click(offset=(above.index("runs") + 1, 0))
        await until(pilot, lambda: pilot.app.current_mode == "runs")
        await press(pilot, "b")
        below = seen(pilot.app).splitlines()[-1]
        await pilot.click(offset=(below.index("add"), 23))
        await until(pilot, lambda: bool(pilot.app.screen.query(Entry)))

    drive(project.engine(), story)


def test_a_reading_in_which_nothing_changed_repaints_no_row():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        drawn: list[int] = []
        draw = table(pilot).render_line
        table(pilot).render_line = lambda y: drawn.append(y) or draw(y)  # type: ignore[method-assign, func-returns-value]
        engine.ledger = replace(engine.ledger, generation=engine.ledger.generation + 1)
        await until(pilot, lambda: planner(pilot).view is engine.view())
        await settled(pilot)
        assert drawn == []

    drive(engine, story)

"""What a person should know: one calm line, until it is hidden."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from screens.ask import AskScreen
from tests.screens import past, project
from tests.screens.story import drive, press, seen, settled, until, write
from tests.screens.table import table


def test_a_forgotten_timer_is_told_in_one_line_and_z_hides_it_for_good():
    engine = past.forgetful()

    async def story(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "the timer of “cutmix” has run 27 h" in seen(pilot.app))
        await press(pilot, "z")
        assert "has run 27 h" not in seen(pilot.app)
        engine.park(8)
        await until(pilot, lambda: "backlog 8" in seen(pilot.app))
        await settled(pilot)
        assert "has run 27 h" not in seen(pilot.app)

    drive(engine, story, size=(100, 40))


def test_s_on_a_forgotten_timer_asks_what_the_work_took():
    engine = past.forgetful()

    async def story(pilot: Pilot[None]) -> None:
        table(pilot).point_at(2)
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, AskScreen)
        await write(pilot, "3h")
        await press(pilot, "enter")
        await until(pilot, lambda: "“cutmix” took 3h more" in seen(pilot.app))
        await until(pilot, lambda: "has run 27 h" not in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("stop_timer", 2, 3.0)]


def test_a_reason_to_stop_is_told_in_one_line_of_a_small_terminal():
    engine = project.engine()
    engine.settings = replace(engine.settings, goal=replace(engine.settings.goal, target=0.97))
    reached = replace(engine.runs[-1].run, metrics={"val_accuracy": 0.9712})
    engine.runs[-1] = replace(engine.runs[-1], run=reached)
    engine.ledger = replace(engine.ledger, baselines=past.ledger().baselines)

    async def story(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "the goal is reached" in seen(pilot.app).lower())
        assert "z hides it" in seen(pilot.app)
        await press(pilot, "r")
        assert "the goal is reached" in seen(pilot.app).lower()
        await press(pilot, "z", "b")
        assert "the goal is reached" not in seen(pilot.app).lower()

    drive(engine, story)

"""What a person does with the highlighted or the marked ideas."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.screens import project
from tests.screens.story import drive, line_with, press, seen, settled, until
from tests.screens.table import here, order, table


def test_d_dispatches_the_highlighted_idea():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "d")
        await until(pilot, lambda: "… queued" in line_with(pilot.app, "cosine schedule"))

    drive(engine, story)
    assert engine.done == [("dispatch", 5)]


def test_verbs_are_about_all_that_are_marked():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "space", "space")
        assert line_with(pilot.app, "cosine schedule").strip().startswith("◆")
        await press(pilot, "p")
        await until(pilot, lambda: len(engine.done) == 2)
        await settled(pilot)
        assert not table(pilot).marked

    drive(engine, story)
    assert engine.done == [("park", 5), ("park", 4)]


def test_a_dropped_idea_leaves_the_cursor_where_it_was_and_u_brings_it_back():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        first, second, *_ = order(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: order(pilot)[0] == second)
        assert here(pilot) == second
        await press(pilot, "u")
        await until(pilot, lambda: order(pilot)[0] == first)
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: order(pilot)[0] == second)

    drive(engine, story)


def test_p_parks_and_brings_back():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "end", "p")
        await until(pilot, lambda: "○ open" in line_with(pilot.app, "mixture of experts"))

    drive(engine, story)
    assert engine.done == [("restore", 6)]


def test_s_starts_and_stops_the_timer():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "s")
        await until(pilot, lambda: "timer" in line_with(pilot.app, "cosine schedule"))
        await press(pilot, "s")
        await until(pilot, lambda: "ready" in line_with(pilot.app, "cosine schedule"))

    drive(engine, story)
    assert engine.done == [("start_timer", 5), ("stop_timer", 5)]


def test_nothing_to_undo_is_said():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "u")
        await until(pilot, lambda: "nothing to undo" in seen(pilot.app))

    drive(project.engine(), story)

"""The queue as it is, and what a person does with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from planner.domain.event import Progress
from planner.domain.idea import Change
from planner.rules.notation.sweeping import sweep
from screens.run import RunScreen
from screens.runs import RunsScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.run_table import RunTable
from tests.screens import project
from tests.screens.story import drive, line_with, press, seen, settled, until


def table(pilot: Pilot[None]) -> RunTable:
    return pilot.app.screen.query_one(RunTable)


def keys(pilot: Pilot[None]) -> set[str]:
    return {key.description for key in pilot.app.screen.query_one(KeyLine).keys}


def test_every_run_says_how_it_stands():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        shown = seen(pilot.app)
        assert "12/20 · 1m 04s left" in shown
        assert "silent for 25s" in shown
        assert "waits for a free slot" in shown
        assert "† crashed" in line_with(pilot.app, "out of memory on the GPU")
        assert "= no gain" in line_with(pilot.app, "0.9706")

    drive(project.engine(), story, size=(160, 45))


def test_the_metrics_of_an_ended_run_begin_with_the_goal_s():
    engine = project.engine()
    ended = {"accuracy": 0.98, "loss": 0.1, "val_accuracy": 0.97, "val_loss": 0.2}
    engine.runs[0] = replace(
        engine.runs[0], run=replace(engine.runs[0].run, metrics=ended), progress=Progress()
    )

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        assert "val_accuracy = 0.9700" in line_with(pilot.app, "metrics ")

    drive(engine, story, size=(160, 45))


def test_what_sets_a_run_apart_stands_in_its_row():
    engine = project.engine()
    usual = next(one for one in engine.runs if one.run.status == "finished" and one.run.idea is not None)
    idea = engine.ledger.ideas[usual.run.idea]
    swept = replace(idea, change=Change(sweep=sweep(["lr=1e-4..1e-1"])))
    tried = replace(usual.run, id="r88-0000", config=7, params={"lr": 0.003, "epochs": 20})
    rate = replace(usual.run, id="r90-0000", rung="lr", rate=0.0032, value=None)
    again = replace(usual.run, id="r91-0000", replay_of=usual.run.id)
    engine.runs += [replace(usual, run=run) for run in (tried, rate, again)]
    engine.ledger = replace(engine.ledger, ideas={**engine.ledger.ideas, idea.id: swept})

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        told = line_with(pilot.app, "configuration 7 (lr 0.003)")
        assert "took" in told
        assert "no gain" not in told
        assert "improved" not in told
        assert " lr " in line_with(pilot.app, "learning rate: try 0.0032")
        assert f"replay of {usual.run.id}" in seen(pilot.app)

    drive(engine, story, size=(160, 45))


def test_only_keys_that_would_do_something_are_live():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        assert {"open", "stop"} <= keys(pilot)
        assert not {"requeue", "sooner", "resume"} & keys(pilot)
        await press(pilot, "down", "down")
        assert {"stop", "sooner", "later"} <= keys(pilot)
        assert "open" not in keys(pilot)
        await press(pilot, "down", "down", "down")
        assert {"open", "requeue"} <= keys(pilot)
        assert "stop" not in keys(pilot)

    drive(project.engine(), story)


@pytest.mark.parametrize(
    ("moves", "key", "done"),
    [
        ([], "x", ("stop_run", "r21-3fa1")),
        (["down"] * 5, "R", ("requeue", "r20-3fa0")),
        (["down"] * 3, "shift+up", ("move_run", "r24-3fa4", -1)),
        (["down"] * 2, "J", ("move_run", "r23-3fa3", 1)),
    ],
)
def test_keys_do_what_they_say(moves: list[str], key: str, done: tuple[object, ...]):
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", *moves, key)
        await until(pilot, lambda: engine.done == [done])

    drive(engine, story)


def test_the_cursor_stays_on_a_run_that_moves_in_the_queue():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "down", "down", "shift+down")
        await until(pilot, lambda: table(pilot).rows[3].run.id == "r23-3fa3")
        assert table(pilot).cursor == 3

    drive(engine, story)


def test_a_run_that_is_asked_to_stop_says_so():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "x")
        await until(pilot, lambda: "stopping" in seen(pilot.app))
        await until(pilot, lambda: "stops at its next batch" in seen(pilot.app))

    drive(project.engine(), story)


def test_80_columns_leave_a_title_room_and_tell_every_state_without_colour():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "x", "end")
        await until(pilot, lambda: "stopping" in line_with(pilot.app, "batch normalisation after ev"))
        signs = [line.split()[0] for line in seen(pilot.app).splitlines()[2:12]]
        assert signs == ["▶", "▶", "…", "…", "…", "†", "✗", "✓", "■", "✓"]

    drive(project.engine(), story)


def test_a_pause_is_told_and_c_ends_it():
    engine = project.engine()
    engine.ledger = replace(engine.ledger, paused="two runs vanished when the machine went down")

    async def story(pilot: Pilot[None]) -> None:
        assert "two runs vanished" in seen(pilot.app)
        await press(pilot, "r", "c")
        await until(pilot, lambda: "two runs vanished" not in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("resume",)]


def test_enter_opens_the_run_and_escape_comes_back():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "enter")
        assert isinstance(pilot.app.screen, RunScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RunsScreen)
        await press(pilot, "escape")
        assert pilot.app.current_mode == "backlog"

    drive(project.engine(), story)


def test_a_double_click_is_enter_and_so_opens_only_what_has_begun():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        await pilot.click(RunTable, offset=(10, 3), times=2)
        await settled(pilot)
        assert table(pilot).cursor == 2
        assert isinstance(pilot.app.screen, RunsScreen)  # that one waits in the queue
        await pilot.click(RunTable, offset=(10, 1), times=2)
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))

    drive(project.engine(), story)


def test_what_happens_behind_a_screen_is_there_when_one_comes_back():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "b")
        engine.stop_run("r21-3fa1")
        await until(pilot, lambda: pilot.app.view is engine.view())  # type: ignore[attr-defined]
        await press(pilot, "r")
        assert "stopping" in seen(pilot.app)

    drive(engine, story)


def test_without_runs_it_teaches_how_to_start_one():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        assert "Nothing has run yet." in seen(pilot.app)

    drive(project.empty(), story)

"""A sweep in the terminal: every configuration, the best one, and the next round."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from planner.domain.idea import Change
from planner.domain.sweep import Tried
from screens.ask import AskScreen
from screens.run import RunScreen
from screens.sweep import SweepScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.sweep_table import SweepTable, columns_of
from tests.screens import project_sweep
from tests.screens.project_sweep import IDEA, TITLE
from tests.screens.story import drive, press, seen, settled, until, write
from tests.screens.table import table as ideas


async def opened(pilot: Pilot[None]) -> None:
    ideas(pilot).point_at(IDEA)
    await until(pilot, lambda: "sweep" in keys(pilot))
    await press(pilot, "w")
    assert isinstance(pilot.app.screen, SweepScreen)


def rows(pilot: Pilot[None]) -> list[Tried]:
    return list(pilot.app.screen.query_one(SweepTable).rows)


def keys(pilot: Pilot[None]) -> set[str]:
    return {key.description for key in pilot.app.screen.query_one(KeyLine).keys}


def test_w_opens_the_sweep_of_an_idea_that_has_one_and_is_live_there_alone():
    async def story(pilot: Pilot[None]) -> None:
        ideas(pilot).point_at(5)
        await settled(pilot)
        assert "sweep" not in keys(pilot)
        await opened(pilot)
        shown = seen(pilot.app)
        assert TITLE in shown
        assert "14 of at most 30 configurations tried, 1 of them failed, 1 running" in shown
        await press(pilot, "escape")
        assert pilot.app.current_mode == "backlog"
        assert not isinstance(pilot.app.screen, SweepScreen)

    drive(project_sweep.unfinished(), story)


def test_the_best_is_first_and_marked_and_what_failed_is_last():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        values = [one.value for one in rows(pilot) if one.value is not None]
        assert values == sorted(values, reverse=True)
        assert rows(pilot)[-1].value is None
        best = rows(pilot)[0]
        marked = [line for line in seen(pilot.app).splitlines() if line.strip().startswith("*")]
        assert [line.split()[1] for line in marked] == [str(best.number)]
        await press(pilot, "end")
        assert "out of memory on the GPU" in seen(pilot.app) or "3/20" in seen(pilot.app)

    drive(project_sweep.unfinished(), story)


def test_s_orders_by_number_and_along_each_param():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "s")
        assert [one.number for one in rows(pilot)] == list(range(15))
        await press(pilot, "s")
        rates = [one.values["lr"] for one in rows(pilot)]
        assert rates == sorted(rates)  # type: ignore[type-var]
        assert "↓lr" in seen(pilot.app)
        await press(pilot, "S", "S", "S")
        assert "↓dropout" in seen(pilot.app)

    drive(project_sweep.unfinished(), story, size=(160, 45))


@pytest.mark.parametrize("axes", range(1, 7))
@pytest.mark.parametrize("width", [38, 56, 79, 118, 159])
def test_columns_fit_any_width(axes: int, width: int):
    found = project_sweep.unfinished(axes=axes).ledger.ideas[IDEA].change.sweep
    assert found is not None
    columns = columns_of(found.axes, "val_accuracy", "best", width)
    assert 1 + sum(column.width + 1 for column in columns) <= width
    assert all(column.width > 0 for column in columns)
    assert {"number", "value", "seeds"} <= {column.name for column in columns}
    if width >= 79:
        assert {f"={axis.name}" for axis in found.axes} <= {column.name for column in columns}


def test_while_it_searches_its_ranges_stay_and_where_it_rests_they_can_move():
    async def under_way(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert not {"narrow", "more", "dispatch", "edit ranges"} & keys(pilot)
        await press(pilot, "end")

    halted, judged = project_sweep.interrupted(), project_sweep.finished().ledger.outcomes
    again = project_sweep.interrupted()
    again.ledger = replace(again.ledger, outcomes=judged)

    async def at_rest(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert {"narrow", "more", "dispatch", "edit ranges"} <= keys(pilot)
        assert "halted: configuration 14 was stopped by a person" in seen(pilot.app)

    async def over(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert {"narrow", "more", "edit ranges"} <= keys(pilot)
        assert "dispatch" not in keys(pilot)
        assert "improved" in seen(pilot.app)

    drive(project_sweep.unfinished(), under_way)
    drive(halted, at_rest)
    drive(again, at_rest)
    drive(project_sweep.finished(), over)


def test_n_shows_the_narrower_ranges_and_goes_on_there():
    engine = project_sweep.finished()

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "n")
        assert isinstance(pilot.app.screen, AskScreen)
        shown = " ".join(seen(pilot.app).split())
        assert "narrow the ranges of #30" in shown
        assert "round 2" in shown
        await press(pilot, "enter")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("sweep_on", IDEA, True, None)]


def test_m_asks_how_many_more_and_a_mistake_leaves_the_question_open():
    engine = project_sweep.finished()

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "m")
        await write(pilot, "12")
        await press(pilot, "enter")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("sweep_on", IDEA, False, "12")]


def test_too_few_to_narrow_is_said():
    engine = project_sweep.interrupted()
    engine.runs = engine.runs[:3]

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "n")
        await until(pilot, lambda: "more than 3 are" in seen(pilot.app))

    drive(engine, story)
    assert not engine.done


def test_fresh_seeds_stand_beside_the_one_that_chose():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert " 0-3 " in next(line for line in seen(pilot.app).splitlines() if line.strip().startswith("*"))
        assert "seed 1 0.9810 · seed 2 0.9820 · seed 3 0.9830" in " ".join(seen(pilot.app).split())

    drive(project_sweep.finished(), story, size=(160, 45))


def test_what_was_tried_before_the_win_was_adopted_is_still_there():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert len(rows(pilot)) == 30
        assert "baseline v1 is no longer in force" in " ".join(seen(pilot.app).split())
        assert not {"narrow", "more"} & keys(pilot)
        assert "dispatch" in keys(pilot)

    drive(project_sweep.adopted(), story)


def test_enter_opens_the_run_of_a_configuration_and_escape_comes_back():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        first = rows(pilot)[0]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RunScreen)
        assert pilot.app.screen.run_id == first.run
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SweepScreen)

    drive(project_sweep.finished(), story)


def test_from_a_run_of_a_configuration_w_opens_its_sweep():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "w")
        assert isinstance(pilot.app.screen, SweepScreen)
        assert TITLE in seen(pilot.app)

    drive(project_sweep.unfinished(), story)


def test_space_reads_on_in_the_sheet():
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert "0.003162..0.01778" not in seen(pilot.app)
        for _ in range(3):
            await press(pilot, "space")
            if "0.003162..0.01778" in seen(pilot.app):
                break
        assert "0.003162..0.01778" in seen(pilot.app)

    drive(project_sweep.finished(), story)


def test_x_stops_the_configuration_that_trains():
    engine = project_sweep.unfinished()

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "s", "end", "x")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("stop_run", "r114-3fa0")]


def test_a_configuration_that_ends_appears_and_the_cursor_stays_on_its_own():
    engine = project_sweep.unfinished()

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, "down")
        held = rows(pilot)[1].number
        last = engine.runs[-1]
        engine.runs[-1] = replace(last, run=replace(last.run, status="finished", value=0.999))
        await until(pilot, lambda: rows(pilot)[0].value == 0.999)
        current = pilot.app.screen.query_one(SweepTable).current
        assert current is not None
        assert current.number == held

    drive(engine, story)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: project_sweep.unfinished(configs=-1), "check and tiny look at one of them first"),
        (lambda: project_sweep.untouched(), "d dispatches the idea"),
    ],
)
def test_before_the_first_configuration_it_says_what_comes(made: object, told: str):
    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert told in seen(pilot.app)

    assert callable(made)
    drive(made(), story)


def test_a_sweep_that_is_taken_away_under_it_says_so():
    engine = project_sweep.finished()

    async def story(pilot: Pilot[None]) -> None:
        await opened(pilot)
        idea = replace(engine.ledger.ideas[IDEA], change=Change(params={"lr": 0.1}))
        engine.ledger = replace(engine.ledger, ideas={**engine.ledger.ideas, IDEA: idea})
        await until(pilot, lambda: "sweeps nothing any more" in seen(pilot.app))
        await until(pilot, lambda: not {"narrow", "more", "open run", "edit ranges"} & keys(pilot))

    drive(engine, story)

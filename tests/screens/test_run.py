"""One run, live and afterwards."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from planner.domain.event import Check, Progress
from planner.domain.view import RunDetail
from screens.run import SHEETS, RunScreen
from screens.widgets.plot_card import PlotCard
from screens.widgets.run_sheets import LogSheet
from tests.screens import project
from tests.screens.fake import NOW, FakeEngine
from tests.screens.story import drive, line_with, planner, press, seen, settled, until


async def open_run(pilot: Pilot[None], run_id: str, sheet: str = "curves") -> None:
    planner(pilot).open_run(run_id)
    await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
    await settled(pilot)
    await press(pilot, str(SHEETS.index(sheet) + 1))


def with_detail(**changes: object) -> FakeEngine:
    engine = project.engine()
    engine.details["r18-3fa8"] = replace(engine.details["r18-3fa8"], **changes)  # type: ignore[arg-type]
    return engine


def test_enter_on_an_idea_opens_its_newest_run():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RunScreen)
        assert "r21-3fa1" in seen(pilot.app)

    drive(project.engine(), story)


def test_an_idea_that_has_not_run_says_how_to_run_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "enter")
        await until(pilot, lambda: "d dispatches it" in seen(pilot.app))

    drive(project.engine(), story)


def test_as_many_plots_as_fit_are_drawn_and_m_shows_the_next():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r21-3fa1")
        await until(pilot, lambda: "validation 0.9708" in seen(pilot.app))
        assert len(pilot.app.screen.query(PlotCard)) == 1
        await press(pilot, "m")
        assert line_with(pilot.app, "─ train").strip().startswith("loss")
        await press(pilot, "m")
        assert "busy" in line_with(pilot.app, "gpu")
        await press(pilot, "m")
        assert "validation 0.9708" in seen(pilot.app)

    drive(project.engine(), story)


def test_a_wide_screen_shows_curves_and_gpu_at_once():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r21-3fa1")
        await until(pilot, lambda: len(pilot.app.screen.query(PlotCard)) == 3)

    drive(project.engine(), story, size=(160, 45))


@pytest.mark.parametrize(
    ("sheet", "shown"),
    [
        ("log", "Epoch 20/20"),
        ("worst", "6.2"),
        ("slices", "sevens"),
        ("confusion", "expected"),
        ("context", "versions.keras = 3.15.0"),
    ],
)
def test_every_sheet_shows_its_part(sheet: str, shown: str):
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", sheet)
        await until(pilot, lambda: shown in seen(pilot.app))

    drive(project.engine(), story, size=(100, 40))


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_without_anything_to_show_says_why(sheet: str):
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r19-3fa9", sheet)
        body = seen(pilot.app).splitlines()[5:-3]
        assert any(line.strip() for line in body)

    drive(project.engine(), story)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_is_not_read_yet_is_not_told_as_missing(sheet: str):
    engine, gate = project.engine(), threading.Event()
    read = engine.run_detail
    engine.run_detail = lambda run_id: read(run_id) if gate.wait() else None  # type: ignore[assignment, return-value, method-assign]  # held back

    async def story(pilot: Pilot[None]) -> None:
        planner(pilot).open_run("r18-3fa8")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        await pilot.press(str(SHEETS.index(sheet) + 1))
        await until(pilot, lambda: pilot.app.screen.sheet == sheet)  # type: ignore[attr-defined]  # a RunScreen
        try:
            await until(pilot, lambda: "reading the run…" in seen(pilot.app))
        finally:
            gate.set()
        await until(pilot, lambda: "reading the run…" not in seen(pilot.app))

    drive(engine, story)


def test_what_a_run_was_is_set_in_behind_its_name():
    engine = project.engine()
    detail = engine.details["r18-3fa8"]
    context = {"idea": 7, "hypothesis": "so many words " * 12}
    engine.details["r18-3fa8"] = replace(detail, context=context)

    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", "context")
        await until(pilot, lambda: "hypothesis" in seen(pilot.app))
        lines = seen(pilot.app).splitlines()
        first = next(place for place, line in enumerate(lines) if "hypothesis" in line)
        begins = lines[first].index("so many")
        assert lines[first + 1][:begins].strip() == ""
        assert lines[first + 1][begins] != " "

    drive(engine, story)


def test_a_run_of_a_cheap_rung_opens_with_what_was_asked_and_what_failed():
    engine = project.engine()
    asked = (
        Check(at=NOW, name="forward pass", passed=True, detail="gives answers of shape (32, 10)"),
        Check(at=NOW, name="frozen layers", passed=False, detail="layer dense_1 is held fast"),
    )
    place = next(place for place, one in enumerate(engine.runs) if one.run.id == "r19-3fa9")
    engine.runs[place] = replace(engine.runs[place], progress=Progress(checks=asked))

    async def story(pilot: Pilot[None]) -> None:
        planner(pilot).open_run("r19-3fa9")
        await until(pilot, lambda: "1 of 2 hold" in seen(pilot.app))
        assert line_with(pilot.app, "layer dense_1 is held fast").strip().startswith("✗ frozen layers")
        await press(pilot, "1", "n", "N")
        assert "1 of 2 hold" not in seen(pilot.app)

    drive(engine, story)


def test_tab_turns_through_the_sheets():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8")
        await press(pilot, "tab", "tab")
        assert "6.2" in seen(pilot.app)
        await press(pilot, "shift+tab")
        assert "Epoch 20/20" in seen(pilot.app)

    drive(project.engine(), story)


def test_a_live_log_is_followed_until_one_scrolls_up():
    engine = project.engine()
    lines = [f"line {number}" for number in range(200)]

    def grow(number: int) -> None:
        engine.details["r21-3fa1"] = replace(engine.details["r21-3fa1"], log="\n".join(lines[:number]))
        view = engine.runs[0]
        engine.runs[0] = replace(view, progress=replace(view.progress, seconds=view.progress.seconds + 1))

    async def story(pilot: Pilot[None]) -> None:
        grow(50)
        await open_run(pilot, "r21-3fa1", "log")
        await until(pilot, lambda: "line 49" in seen(pilot.app))
        grow(100)
        await until(pilot, lambda: "line 99" in seen(pilot.app))
        await press(pilot, "home")
        grow(200)
        sheet = pilot.app.screen.query_one(LogSheet)
        await until(pilot, lambda: sheet.virtual_size.height == 200)
        assert "line 0" in seen(pilot.app)

    drive(engine, story)


def test_a_huge_line_is_broken_not_drawn_whole():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", "log")
        await until(pilot, lambda: "x" * 70 in seen(pilot.app))

    drive(with_detail(log="x" * 65_000), story)


def test_progress_bars_are_shown_at_their_last_state():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", "log")
        await until(pilot, lambda: "10/10 done" in seen(pilot.app))
        assert "1/10" not in seen(pilot.app)

    drive(with_detail(log="\x1b[1m1/10\x1b[0m\r5/10\r10/10 done\n"), story)


def test_a_model_of_many_classes_shows_as_many_as_fit_and_says_so():
    many = tuple(tuple(int(row == column) for column in range(300)) for row in range(300))
    labels = tuple(f"class {number}" for number in range(300))
    evaluation = project.engine().details["r18-3fa8"].evaluation
    assert evaluation is not None

    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", "confusion")
        await press(pilot, "end")
        await until(pilot, lambda: "of 300 classes" in seen(pilot.app))

    drive(with_detail(evaluation=replace(evaluation, confusion=many, labels=labels)), story)


def test_x_stops_the_open_run_and_r_queues_an_ended_one_again():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r21-3fa1")
        await press(pilot, "x")
        await open_run(pilot, "r17-3fa7")
        await press(pilot, "R")
        await until(pilot, lambda: engine.done == [("stop_run", "r21-3fa1"), ("requeue", "r17-3fa7")])
        await open_run(pilot, "r18-3fa8")
        await press(pilot, "p")
        await until(pilot, lambda: engine.done[2:] == [("replay", "r18-3fa8")])

    drive(engine, story)


def test_n_goes_through_the_runs_of_the_idea():
    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8")
        await press(pilot, "n")
        assert "r17-3fa7" in seen(pilot.app)
        assert "stopped by ana" in seen(pilot.app)
        await press(pilot, "n", "N")
        assert "r18-3fa8" in seen(pilot.app)

    drive(project.engine(), story)


def test_a_detail_that_comes_late_does_not_cover_another_run():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await open_run(pilot, "r18-3fa8", "context")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        late: RunDetail = engine.details["r21-3fa1"]
        screen.post_message(RunScreen.Read(late))
        await settled(pilot)
        assert "r18-3fa8" in seen(pilot.app)
        assert "r21-3fa1" not in seen(pilot.app)

    drive(engine, story)

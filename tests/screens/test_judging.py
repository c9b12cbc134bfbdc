"""What a person says over a verdict: asked for with its reason, done, and taken back."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.ask import AskScreen
from screens.widgets.entry import Line
from tests.screens import past, project
from tests.screens.story import drive, line_with, planner, press, seen, settled, until, write
from tests.screens.table import here, table


async def on(pilot: Pilot[None], idea: int) -> None:
    table(pilot).point_at(idea)
    await settled(pilot)
    assert here(pilot) == idea


def test_a_verdict_is_overruled_with_a_reason_and_stands_again_when_that_is_taken_back():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 22)
        await press(pilot, "o")
        assert "overrule the verdict on #22" in seen(pilot.app)
        await press(pilot, "right", "enter")
        await write(pilot, "the split leaked")
        await press(pilot, "enter")
        await until(pilot, lambda: "overruled the verdict on #22" in seen(pilot.app))
        await until(pilot, lambda: "✗ worse" in line_with(pilot.app, "ranger"))
        await press(pilot, "o")
        assert "[as the seeds say]" in seen(pilot.app)
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: "= no gain" in line_with(pilot.app, "ranger"))

    drive(engine, story)
    assert engine.done == [("overrule", 22, "worse", "the split leaked"), ("overrule_back", 22)]


def test_without_a_reason_nothing_is_done_and_the_question_stays():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        await press(pilot, "D", "enter")
        assert "! say why, in a few words" in seen(pilot.app)
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, AskScreen)

    drive(engine, story)
    assert not engine.done


def test_a_reason_that_can_t_be_written_stays_typed():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        await press(pilot, "D")
        await write(pilot, "slow")
        engine.refuse = "the disk is full: free some space, then try again"
        await press(pilot, "enter")
        await until(pilot, lambda: "! the disk is full" in seen(pilot.app))
        assert "slow" in seen(pilot.app)

    drive(engine, story)


def test_a_win_is_declined_and_kept_after_all():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        await press(pilot, "D")
        await write(pilot, "too slow")
        await press(pilot, "enter")
        await until(pilot, lambda: "not adopted" in seen(pilot.app))
        await until(pilot, lambda: planner(pilot).view is engine.view())
        await press(pilot, "D")
        await until(pilot, lambda: "kept after all" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("decline", 21, "too slow"), ("decline_back", 21)]


def test_a_win_is_adopted_and_what_speaks_against_it_asks_again():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 22)
        await press(pilot, "A")
        assert not isinstance(pilot.app.screen, AskScreen)  # that one has not improved
        await on(pilot, 21)
        await press(pilot, "A")
        engine.refuse = "idea 21 is not adopted: not worth its complexity"
        await press(pilot, "enter")
        await until(pilot, lambda: "! idea 21 is not adopted" in seen(pilot.app))
        engine.refuse = None
        await press(pilot, "right", "enter")
        await until(pilot, lambda: "adopted #21 · u undoes it" in seen(pilot.app))

    drive(engine, story)
    assert engine.done[-1] == ("adopt", 21, True)


def test_an_idea_is_given_up_with_what_it_has_cost():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "X")
        await write(pilot, "needs another framework")
        await press(pilot, "enter")
        await write(pilot, "2h")
        await press(pilot, "enter")
        await until(pilot, lambda: "gave up #5 · u undoes it" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("give_up", 5, "needs another framework", "2h")]


def test_keys_about_a_verdict_live_only_where_there_is_one():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "o", "D")
        assert not isinstance(pilot.app.screen, AskScreen)
        await on(pilot, 22)
        await press(pilot, "D", "X")
        assert not isinstance(pilot.app.screen, AskScreen)

    drive(engine, story)


def test_a_run_is_struck_out_and_counts_again():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r", *["down"] * 7, "X")
        await write(pilot, "wrong data")
        await press(pilot, "enter")
        await until(pilot, lambda: "struck out: wrong data" in line_with(pilot.app, "✓ dropout 0.3"))
        await press(pilot, "enter", "X")
        await until(pilot, lambda: "counts again" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("strike", "r18-3fa8", "wrong data"), ("strike_back", "r18-3fa8")]


def test_the_palette_calibrates_anew_and_imports_a_file():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "colon")
        await write(pilot, "calibrate anew")
        await press(pilot, "enter")
        await until(pilot, lambda: "3 scores moved" in seen(pilot.app))
        await press(pilot, "colon")
        await write(pilot, "import a file")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))
        await press(pilot, "tab")
        await write(pilot, "ideas.csv")
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: "ideas.csv: 3 new ideas" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("calibrate_now",), ("import_file", "ideas.csv", "ideas")]


@pytest.mark.parametrize(
    ("typed", "columns"),
    [
        ("Run time=run_hours, Who=by", ("Run time=run_hours", "Who=by")),
        ("--map 'Idea name=title' --map Notes=hypothesis", ("Idea name=title", "Notes=hypothesis")),
        ('"Time, in hours=run_hours"', ("Time, in hours=run_hours",)),
        (" ", ()),
    ],
)
def test_columns_are_mapped_as_on_the_command_line(typed: str, columns: tuple[str, ...]):
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "I", "tab")
        await write(pilot, "ideas.csv")
        await press(pilot, "enter")
        pilot.app.screen.query_one("#columns", Line).value = typed
        await press(pilot, "enter")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("import_file", "ideas.csv", "ideas", *columns)]


def test_a_choice_is_made_with_the_mouse_too():
    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 22)
        await press(pilot, "o")
        lines = seen(pilot.app).splitlines()
        row = next(y for y, line in enumerate(lines) if "inconclusive  invalid" in line)
        await pilot.click(offset=(lines[row].index("inconclusive") + 1, row))
        await settled(pilot)
        assert "[inconclusive]" in seen(pilot.app)

    drive(past.engine(), story)

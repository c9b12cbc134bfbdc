"""The weekly review on the screen."""

from __future__ import annotations

import threading

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.edit import EditScreen
from screens.review import beside
from screens.widgets.markdown_sheet import MarkdownSheet
from tests.screens import past, project
from tests.screens.story import drive, line_with, press, seen, settled, until, write


class Reader(App[None]):
    """A sheet alone."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        yield MarkdownSheet()

    def on_ready(self) -> None:
        self.query_one(MarkdownSheet).show(self.text)


def read(text: str, width: int = 60) -> list[str]:
    import asyncio

    lines: list[str] = []

    async def live() -> None:
        app = Reader(text)
        async with app.run_test(size=(width, 30)) as pilot:
            await pilot.pause()
            lines.extend(line.strip() for line in seen(app).rstrip().splitlines())

    asyncio.run(live())
    return lines


def test_this_week_is_shown_first_and_arrows_turn_the_weeks():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v")
        await until(pilot, lambda: "1 no gain" in seen(pilot.app))
        assert "‹ 2026-W47 ›" in seen(pilot.app)
        await press(pilot, "left")
        await until(pilot, lambda: "No idea came to an outcome" in seen(pilot.app))
        assert "‹ 2026-W46 ›" in seen(pilot.app)
        await press(pilot, "right", "right")
        await until(pilot, lambda: "1 no gain" in seen(pilot.app))

    drive(project.engine(), story)


def test_a_week_that_is_being_read_says_so():
    engine, gate = project.engine(), threading.Event()
    read = engine.review
    engine.review = lambda week=None: read(week) if gate.wait() else None  # type: ignore[assignment, return-value, method-assign]  # held back

    async def story(pilot: Pilot[None]) -> None:
        try:
            await pilot.press("v")
            await until(pilot, lambda: "reading the week…" in seen(pilot.app))
        finally:
            gate.set()
        await until(pilot, lambda: "1 no gain" in seen(pilot.app))
        assert "reading the week…" not in seen(pilot.app)

    drive(engine, story)


def test_w_writes_the_week_that_is_shown():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "left", "w")
        await until(pilot, lambda: "wrote .planner/reviews/2026-W46.md" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("write_review", "2026-W46")]


# -- the four steps -------------------------------------------------------------------------------


def test_the_steps_are_gone_through_by_tab_by_number_and_by_a_click():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v")
        await until(pilot, lambda: "came to an outcome" in seen(pilot.app))
        await press(pilot, "tab")
        assert "Gain kept" in seen(pilot.app)
        await press(pilot, "n")
        assert "How good the guesses were: 9 resolved ideas" in seen(pilot.app)
        await press(pilot, "4")
        assert "halted" in seen(pilot.app)
        await press(pilot, "shift+tab", "N", "N")
        assert "came to an outcome" in seen(pilot.app)
        stepper = seen(pilot.app).splitlines()[1]
        await pilot.click(offset=(stepper.index("what next") + 2, 1))
        await settled(pilot)
        assert "halted" in seen(pilot.app)
        await pilot.click(offset=(stepper.index("‹"), 1))
        await until(pilot, lambda: "‹ 2026-W46 ›" in seen(pilot.app))

    drive(past.engine(), story)


def test_a_week_that_is_over_has_nothing_to_be_done_any_more():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "4", "left", "left")
        await until(pilot, lambda: "This week is long over" in seen(pilot.app))
        assert "keep" not in seen(pilot.app).splitlines()[-1]

    drive(past.engine(), story)


def test_the_highlighted_idea_is_told_in_full_and_space_reads_on_below_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "down", "down", "down", "down", "down")
        assert "line 31)" in seen(pilot.app)
        await press(pilot, "2", "space")
        assert "Drought: 2 ideas" in seen(pilot.app)
        await press(pilot, "backspace")
        assert "27 · test-time augmentation" in seen(pilot.app)

    drive(past.engine(), story)


def test_wins_are_declined_and_verdicts_overruled_right_in_the_review():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "2", "D")
        await write(pilot, "slow")
        await press(pilot, "enter")
        await until(pilot, lambda: "not adopted: slow" in seen(pilot.app))
        await until(pilot, lambda: "Gain kept: +0.0" in seen(pilot.app))
        await press(pilot, "1", "o")
        await press(pilot, "right", "enter")
        await write(pilot, "leak")
        await press(pilot, "enter")
        await until(pilot, lambda: "ana says: leak" in seen(pilot.app))
        await until(pilot, lambda: "Overruled by ana" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("decline", 27, "slow"), ("overrule", 27, "worse", "leak")]


@pytest.mark.parametrize(
    ("moves", "key", "done"),
    [
        (3, "y", ("keep", 10)),
        (3, "p", ("park", 10)),
        (3, "x", ("drop", 10)),
        (0, "y", ("keep", 3)),
        (1, "y", ("keep", 4)),
        (2, "y", ("keep", 28)),
        (2, "p", ("park", 28)),
        (0, "x", ("drop", 3)),
    ],
)
def test_one_key_is_a_word_on_an_open_question_and_it_is_off_the_list(
    moves: int, key: str, done: tuple[object, ...]
):
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "4", *["down"] * moves)
        assert f"#{done[1]} " in seen(pilot.app)
        await press(pilot, key)
        await until(pilot, lambda: f" #{done[1]} " not in "".join(seen(pilot.app).splitlines()[2:7]))
        await until(pilot, lambda: "undoes" in seen(pilot.app))
        await press(pilot, "u")
        await until(pilot, lambda: f" #{done[1]} " in "".join(seen(pilot.app).splitlines()[2:7]))

    drive(engine, story)
    assert engine.done == [done]


def test_an_open_question_is_estimated_anew_in_the_form():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "4", "end", "e")
        assert isinstance(pilot.app.screen, EditScreen)
        assert "idea #10" in seen(pilot.app)

    drive(past.engine(), story)


def test_a_comeback_is_tried_again():
    engine = past.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "4", "down", "down", "d")
        await until(pilot, lambda: engine.done == [("dispatch", 28)])

    drive(engine, story)


def test_the_guesses_of_one_person_or_one_category_are_judged_alone():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "3")
        assert "○ said  ● happened" in seen(pilot.app)
        await press(pilot, "f")
        await until(pilot, lambda: "8 resolved ideas that ana spoke about" in seen(pilot.app))
        assert "[ana]" in seen(pilot.app)
        await press(pilot, "c")
        await until(pilot, lambda: "ana spoke about in architecture" in seen(pilot.app))
        line = line_with(pilot.app, "f whose").rindex("bo")
        await pilot.click(offset=(line, 2))
        await until(pilot, lambda: "that bo spoke about in architecture" in seen(pilot.app))

    drive(past.engine(), story)


def test_the_record_fits_a_small_terminal_to_the_last_column():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "3", "space", "space")
        await until(pilot, lambda: "log-loss" in seen(pilot.app))
        assert line_with(pilot.app, "log-loss").rstrip().endswith("skill")
        assert len(line_with(pilot.app, "log-loss").rstrip()) == 80

    drive(past.engine(), story)


def test_weeks_turn_over_the_year():
    assert beside("2026-W01", -1) == "2025-W52"
    assert beside("2026-W53", 1) == "2027-W01"


def test_headings_lists_and_emphasis_are_read_without_their_signs():
    lines = read("# One\n\nsome **bold** and `code`\n\n- first\n- second\n\n## Two\n\nend")
    assert lines == ["One", "some bold and code", "• first", "• second", "", "Two", "end"]


def test_a_table_is_aligned_and_breaks_its_widest_column():
    long = "a title that is rather long for this width"
    text = f"| idea | verdict |\n|---|---|\n| {long} | no gain |\n| b | worse |\n"
    lines = read(text, width=40)
    assert lines[0].split() == ["idea", "verdict"]
    assert len({line.index(word) for line, word in ((lines[0], "verdict"), (lines[1], "no gain"))}) == 1
    assert len(lines) == 4


def test_text_of_people_stays_text():
    lines = read("[link](http://example.org) <b>x</b> [@click=app.bell]y[/]")
    assert "[@click=app.bell]y[/]" in lines[0]
    assert "<b>x</b>" in lines[0]

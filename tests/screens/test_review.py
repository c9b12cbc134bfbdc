"""The weekly review on the screen."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.review import beside
from screens.widgets.markdown_sheet import MarkdownSheet
from tests.screens import project
from tests.screens.story import drive, press, seen, until


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


def test_w_writes_the_week_that_is_shown():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v", "left", "w")
        await until(pilot, lambda: "wrote .planner/reviews/2026-W46.md" in seen(pilot.app))

    drive(engine, story)
    assert engine.done == [("write_review", "2026-W46")]


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

"""Hostile text on every screen: shown as it is, harming nothing, and no control byte goes out."""

from __future__ import annotations

import os
import re
import select
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from planner.domain.idea import Change
from screens.ask import AskScreen, Field
from screens.edit import EditScreen
from screens.notices import Notice
from screens.run import SHEETS, RunScreen
from screens.widgets.lines import Lines
from screens.widgets.rows import Rows
from tests.drills.figure import Figure
from tests.drills.hostile import CORPUS, SHORT, acted_on
from tests.drills.hostile_project import fill
from tests.projects import make_project
from tests.screens import project
from tests.screens.hostile import BUNCH, BUNCHES, HUGE, LINES, SIZE, Looks, backlog, idea_of, outcomes, runs
from tests.screens.story import drive, planner, press, seen, settled, until, write
from tests.screens.test_terminal import starting

CLASSES_IN_SIGHT = 20
"""Of a confusion, at the width of these tests."""
Publish = Callable[[Figure], None]


def test_the_backlog_and_why(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        looks = Looks(pilot, "backlog and why-panel")
        table = pilot.app.screen.query_one(Rows)
        await looks.over(table)
        order = [row.idea.id for row in table.rows]
        for number in range(0, len(order), BUNCH):
            assert table.point_at(number)
            await until(
                pilot, lambda number=number: pilot.app.screen.query_one("WhyPanel").row.idea.id == number
            )
            await looks.over(pilot.app.screen.query_one("WhyPanel", Lines))
        publish(looks.figure(len(order)))

    drive(backlog(), story, SIZE)


def test_the_runs(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        looks = Looks(pilot, "runs")
        table = pilot.app.screen.query_one(Rows)
        await looks.over(table)
        await looks.down(table, step=BUNCH)
        publish(looks.figure(len(table.rows)))

    drive(runs(), story, SIZE)


def test_the_sheets_of_a_run(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        planner(pilot).open_run("r1-3fa1")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        for number, name in enumerate(SHEETS, 1):
            await press(pilot, str(number))
            looks = Looks(pilot, f"run, {name}")
            if name == "curves":
                for _ in SHORT[::40]:
                    looks.look()
                    await press(pilot, "m")
            else:
                await looks.over(pilot.app.screen.query_one(f"#{name}", Lines))
            publish(
                looks.figure(
                    {"curves": len(SHORT[::40]), "confusion": CLASSES_IN_SIGHT}.get(name, len(SHORT))
                )
            )

    drive(runs(), story, SIZE)


def test_the_review(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "v")
        looks = Looks(pilot, "review, all four steps")
        for step in "1234":
            await press(pilot, step)
            for widget in pilot.app.screen.query("OutcomeTable, AgendaTable, MarkdownSheet").results(Lines):
                if widget.display:
                    await looks.over(widget)
        for table in pilot.app.screen.query("AgendaTable").results(Rows):
            await looks.down(table)
        told = len(planner(pilot).view.ledger.ideas) + len(planner(pilot).view.ledger.outcomes)
        publish(looks.figure(BUNCH * told))

    drive(outcomes(), story, SIZE)


def test_what_is_said_beside_the_screen(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        app, looks = planner(pilot), Looks(pilot, "banner, notices, GPU line, messages")
        for text in (*BUNCHES, *HUGE):
            app.trouble = text
            app.clear_notifications()
            app.say(text)
            await pilot.pause()
            looks.look()
        app.trouble = ""
        for text in (*LINES, *HUGE):
            app.gpu = text
            app.notices = (Notice(about=text, text=text, short=text),)
            await pilot.pause()
            looks.look()
        publish(looks.figure(len(CORPUS)))

    drive(project.engine(), story, SIZE)


def rotated(number: int, places: int) -> Iterator[str]:
    """As many strings as there are places, others at every number."""
    return (SHORT[(number * places + place) % len(SHORT)] for place in range(places))


def test_every_field_that_is_typed_in(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        looks = Looks(pilot, "pasted into a line, a filter, a form, a question, the palette")
        for key in ("a", "slash"):
            await press(pilot, key)
            for text in (*LINES, *HUGE):
                await _paste(pilot, text)
                looks.look()
            await press(pilot, "escape")
        await pilot.app.push_screen(EditScreen(next(iter(project.ideas().values())), "hours"))
        await settled(pilot)
        fields = [*pilot.app.screen.query("Input, TextArea").results(Input | TextArea)]  # type: ignore[arg-type]
        for number in range(-(-len(SHORT) // len(fields))):
            for field, text in zip(fields, rotated(number, len(fields)), strict=True):
                field.post_message(events.Paste(text))
            await pilot.pause()
            looks.look()
            for field in fields:
                field.clear()
        await press(pilot, "escape", "colon")
        for text in LINES:
            await _paste(pilot, text)
            looks.look()
        publish(looks.figure(len(CORPUS)))

    drive(backlog(SHORT[:2]), story, SIZE)


async def _paste(pilot: Pilot[None], text: str) -> None:
    """Paste a text over what stands in the line that has the focus."""
    line = pilot.app.focused
    assert isinstance(line, Input)
    line.clear()
    line.post_message(events.Paste(text))
    await pilot.pause()


def test_forms_and_questions_about_it(publish: Publish):
    async def story(pilot: Pilot[None]) -> None:
        looks = Looks(pilot, "form of an idea, question about it")
        because = Field(name="because", label="because", hint="why")
        for number in range(0, len(BUNCHES), 3):
            first, second, third = (*BUNCHES, *BUNCHES)[number : number + 3]
            idea = replace(idea_of(number, first, second), change=Change(params={"told": third}, ref=third))
            await pilot.app.push_screen(EditScreen(idea, "hours"))
            await pilot.pause()
            looks.look()
            pilot.app.pop_screen()
            await pilot.app.push_screen(AskScreen(first, f"{first} {second} {third}", (because,), str))
            await pilot.pause()
            looks.look()
            pilot.app.pop_screen()
        publish(looks.figure(len(SHORT)))

    drive(backlog(SHORT[:2]), story, SIZE)


def test_several_lines_are_pasted_as_one_and_what_does_not_fit_is_refused_with_a_word():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        line = pilot.app.focused
        assert isinstance(line, Input)
        await _paste(pilot, "label\nsmoothing\r\n0.1")
        assert line.value == "label smoothing 0.1"
        line.post_message(events.Paste("x" * 1_000_000))
        await until(pilot, lambda: "A line holds 2,000 characters" in seen(pilot.app))
        assert line.value == "label smoothing 0.1"

    drive(project.engine(), story, SIZE)


def test_a_filter_of_digits_that_are_no_number_finds_nothing():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "#²")
        assert "No idea matches" in seen(pilot.app)

    drive(project.engine(), story, SIZE)


@pytest.mark.parametrize("text", ["[/", "[@click=app.bell]x[/]", "[bold red]x[/bold red]", "a\x00b"])
def test_markup_in_a_title_is_shown_as_it_was_typed(text: str):
    async def story(pilot: Pilot[None]) -> None:
        assert text.replace("\x00", "␀") in seen(pilot.app).splitlines()[2]

    engine = project.engine()
    ideas = {number: replace(idea, title=text) for number, idea in engine.ledger.ideas.items()}
    engine.ledger = replace(engine.ledger, ideas=ideas)
    drive(engine, story)


OWN = re.compile(r"\x1b\[[0-9;?<>=$]*[@-~]|\x1b[=>78]|\x1b\]22;[a-z-]*\x07")
"""What Textual itself writes to a terminal: it moves, colours and switches, and shapes the pointer."""
REAL = """
import sys
from pathlib import Path
from planner.store.layout import Layout
from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from screens.app import run
with WorkspaceEngine(Workspace(Layout(Path(sys.argv[1])), who="[/\\x1b]0;who\\x07")) as engine:
    sys.exit(run(engine))
"""


def test_a_real_terminal_gets_no_byte_of_it(tmp_path: Path, publish: Publish):
    folder = tmp_path / "\x1b]0;owned\x07 [red]\u202e"
    fill(make_project(folder))
    with starting(REAL.replace("sys.argv[1]", ascii(str(folder)))) as terminal:
        terminal.wait_for("nothing starts by itself: [/ [/]")
        for keys in (b" ", b"\x1b[6~", b"r", b"\x1b[6~", b"v", b"4", b"b", b"e"):
            os.write(terminal.terminal, keys)
            while select.select([terminal.terminal], [], [], 0.1)[0] and terminal.read():
                pass
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        terminal.left_on()  # which reads what is still on its way
    left = OWN.sub("", terminal.seen.decode())
    assert not acted_on(left, "\r\n"), ascii(left)
    publish(Figure(what="bytes to a real terminal", tried=len(terminal.seen), held=len(terminal.seen)))

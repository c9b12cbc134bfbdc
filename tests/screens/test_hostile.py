"""Hostile text on every screen: shown as it is, harming nothing, and no control byte goes out."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from planner.domain.estimate import Estimate
from planner.domain.evaluation import Evaluation, Example, Slice
from planner.domain.event import Check, Progress
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.outcome import Outcome
from planner.domain.view import RunDetail, RunView
from screens.ask import AskScreen, Field
from screens.edit import EditScreen
from screens.notices import Notice
from screens.run import SHEETS, RunScreen
from screens.widgets.lines import Lines
from screens.widgets.rows import Rows
from tests.drills.figure import Figure
from tests.drills.hostile import CORPUS, MADE, SHORT, acted_on
from tests.drills.hostile_project import fill
from tests.projects import make_project
from tests.screens import past, project
from tests.screens.fake import NOW, FakeEngine
from tests.screens.story import drive, planner, press, seen, settled, until, write
from tests.screens.test_terminal import starting

Publish = Callable[[Figure], None]
SIZE = (100, 30)


class Looks:
    """Looks at what is painted, and counts the strings that were on a screen and what was wrong there."""

    def __init__(self, pilot: Pilot[None], where: str) -> None:
        self.pilot = pilot
        self.where = where
        self.wrong: list[str] = []

    def look(self) -> None:
        """Nothing hidden is on the screen now, no text is a link, and every line is as wide as the screen."""
        for strip in self.pilot.app.screen._compositor.render_strips():
            bad = acted_on(strip.text)
            links = [part.style.link for part in strip if part.style and part.style.link]
            if bad or links or strip.cell_length != self.pilot.app.size.width:
                self.wrong.append(f"{self.where}: {bad} {links} {strip.cell_length} {strip.text!a}")

    def figure(self, strings: int) -> Figure:
        """So many strings were on it."""
        assert not self.wrong, self.wrong[:3]
        return Figure(what=f"hostile strings on screen: {self.where}", tried=strings, held=strings)

    async def over(self, widget: Lines) -> None:
        """Look at all of what can be scrolled, a page at a time."""
        for top in range(0, max(1, widget.virtual_size.height), max(1, widget.size.height - 1)):
            widget.scroll_to(y=top, animate=False)
            await self.pilot.pause()
            self.look()

    async def down(self, table: Rows[object], step: int = 1) -> None:
        """Look at what is told of every row."""
        for row in range(0, len(table.rows), step):
            table.cursor = row
            await self.pilot.pause()
            self.look()


BUNCH = 8
BUNCHES = tuple("\n".join(SHORT[start : start + BUNCH]) for start in range(0, len(SHORT), BUNCH))
"""Several strings together, for texts that are told whole and one after the other."""
_ONE_LINE = [text for text in SHORT if len(text.splitlines()) == 1 and len(text) < 40]
LINES = (
    *(" ".join(_ONE_LINE[start : start + 3]) for start in range(0, len(_ONE_LINE), 3)),
    *(text for text in SHORT if text not in _ONE_LINE),
)
"""A few together where they stand on one line, of which only the first is pasted into a field."""
HUGE = MADE["huge"]


def idea_of(number: int, text: str, told: str) -> Idea:
    """An idea in which every text is this one, and its hypothesis another."""
    return Idea(
        id=number,
        title=text,
        hypothesis=told,
        category=text,
        tags=(text, told),
        created_at=NOW,
        created_by=text,
        change=Change(params={text: text, "told": told}, ref=text),
        estimates={text: Estimate(by=text, at=NOW, hours=1.0, complexity=1, likelihood=0.3)},
        history=(Estimate(by=text, at=NOW, hours=2.0),),
        dispatch=Dispatch(at=NOW, by=text, halted=told) if number % 2 else None,
    )


def backlog(texts: Sequence[str] = CORPUS) -> FakeEngine:
    """An idea of each string; a bunch more is told of every eighth."""
    engine = project.engine()
    engine.settings = replace(engine.settings, goal=replace(engine.settings.goal, metric="[/\x1b[31m\u202e"))
    ideas = {
        number: idea_of(number, text, "" if number % BUNCH else BUNCHES[number // BUNCH % len(BUNCHES)])
        for number, text in enumerate(texts)
    }
    engine.ledger = replace(engine.ledger, ideas=ideas, outcomes=(), revisions=())
    engine.runs = []
    return engine


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


def a_run(number: int, text: str, status: str) -> RunView:
    """A run in which every text is this one."""
    whole = project.run(number, 1, "full", status, started_at=NOW, cause=text, waits=text, ref=text)
    ended = None if status in ("running", "queued") else NOW
    started = None if status == "queued" else NOW
    return RunView(
        run=replace(whole, params={text: text}, struck=text, device=text, started_at=started, ended_at=ended),
        title=text,
        progress=Progress(alerts=(text,), checks=(Check(at=NOW, name=text, passed=False, detail=text),)),
    )


def runs() -> FakeEngine:
    """A run of each string, in every state, and one whose every sheet holds them all."""
    engine = backlog(SHORT[:2])
    states = ("running", "queued", "finished", "failed", "stopped", "crashed")
    engine.runs = [a_run(number, text, states[number % 6]) for number, text in enumerate(SHORT)]
    engine.details = {"r1-3fa1": detail(engine.runs[1])}
    return engine


def detail(view: RunView) -> RunDetail:
    """Everything a run can tell, in every string there is."""
    curve = ((1, 0.5), (2, 0.6))
    few = SHORT[::40]
    evaluation = Evaluation(
        metrics={f"val_{text}": 0.5 for text in few},
        slices=tuple(Slice(name=text, size=3, metrics=dict.fromkeys(few, 0.5)) for text in SHORT),
        worst=tuple(Example(index=1, loss=2.0, expected=text, got=text, confidence=0.9) for text in SHORT),
        labels=SHORT,
        confusion=tuple(tuple(range(30)) for _ in range(30)),
    )
    curves = dict.fromkeys((*few, *(f"val_{text}" for text in few)), curve)
    checks = tuple(Check(at=NOW, name=text, passed=False, detail=text) for text in SHORT)
    return RunDetail(
        run=replace(view, progress=Progress(curves=curves, epoch=2, alerts=SHORT, checks=checks)),
        log="\n".join(SHORT),
        evaluation=evaluation,
        context={text: {text: text} for text in SHORT},
        artefacts=SHORT,
    )


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
            publish(looks.figure(len(SHORT[::40]) if name == "curves" else len(SHORT)))

    drive(runs(), story, SIZE)


def outcomes() -> FakeEngine:
    """The review's project, with a bunch of strings in everything that it tells."""
    engine = past.engine()
    told = iter(BUNCHES * 9)
    ideas = {
        number: replace(
            idea,
            title=next(told),
            category=next(told),
            estimates={next(told): one for one in idea.estimates.values()},
            dispatch=idea.dispatch and replace(idea.dispatch, halted=idea.dispatch.halted and next(told)),
        )
        for number, idea in engine.ledger.ideas.items()
    }
    judged = tuple(_told(one, next(told)) for one in engine.ledger.outcomes)
    moved = tuple(replace(one, because=next(told)) for one in engine.ledger.revisions)
    engine.ledger = replace(engine.ledger, ideas=ideas, outcomes=judged, revisions=moved, paused=next(told))
    return engine


def _told(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, reason=text, declined=text if outcome.verdict == "improved" else None)


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
        publish(looks.figure(len(SHORT)))

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
        for text in LINES[::4]:
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
            terminal.drain()
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        terminal.drain()
    left = OWN.sub("", terminal.seen.decode())
    assert not acted_on(left, "\r\n"), ascii(left)
    publish(Figure(what="bytes to a real terminal", tried=len(terminal.seen), held=len(terminal.seen)))

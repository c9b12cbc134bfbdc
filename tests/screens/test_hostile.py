"""Hostile text on every screen: shown as it is, harming nothing, and no control byte goes out."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from planner.domain.estimate import Estimate
from planner.domain.evaluation import Evaluation, Example, Slice
from planner.domain.idea import Change
from planner.domain.view import RunDetail
from screens.run import SHEETS, RunScreen
from tests.screens import past, project
from tests.screens.fake import NOW, FakeEngine
from tests.screens.story import drive, planner, press, seen, settled, until

HOSTILE = [
    "[/",
    "[@click=app.bell]x[/]",
    "[bold red]x[/bold red]",
    "[link=file:///etc/passwd]x[/link]",
    "$foreground [$text on red]",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "\x1b[?1049l",
    "a\x00b",
    "a\x07\x08\x0b\x0c\rb",
    "\x7f\x80\x9b31m",
    "abc\u202edef\u202c",
    "\u2066x\u2069\u200b\u200d\ufeff",
    "line\nline\ttab",
    "\u2028\u2029",
    "\ud800",
    "\U000e0041",
    "宽" * 50,
    "e" + "\u0301" * 200,
    "x" * 5000,
    "👩‍👩‍👧‍👦 family",
    "`*_~|#<b>&amp;",
    "\\[escaped] [[double]]",
    "",
    " " * 40,
]
TOGETHER = [" ".join(HOSTILE[start::4]) for start in range(4)]
"""The same in four bunches, so that a usual test run stays quick."""
ALL = [
    *(pytest.param(text, id=f"bunch {number}") for number, text in enumerate(TOGETHER)),
    *(pytest.param(text, id=ascii(text)[:24], marks=pytest.mark.slow) for text in HOSTILE),
]
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def engine_with(text: str) -> FakeEngine:
    """A project in which every text from outside is this one."""
    engine = past.engine()
    ideas = {
        number: replace(
            idea,
            title=text,
            hypothesis=text,
            category=text,
            tags=(text,),
            created_by=text,
            change=Change(params={text: text}, ref=text),
            estimates={text: Estimate(by=text, at=NOW, hours=1.0, likelihood=0.3)},
            history=(Estimate(by=text, at=NOW, hours=2.0),),
            frozen=idea.frozen
            and replace(idea.frozen, estimates={text: Estimate(by=text, at=NOW, likelihood=0.3)}),
            dispatch=idea.dispatch and replace(idea.dispatch, halted=idea.dispatch.halted and text),
        )
        for number, idea in engine.ledger.ideas.items()
    }
    outcomes = tuple(
        replace(outcome, reason=text, declined=text if outcome.verdict == "improved" else None)
        for outcome in engine.ledger.outcomes
    )
    revisions = tuple(replace(revision, because=text) for revision in engine.ledger.revisions)
    engine.ledger = replace(engine.ledger, ideas=ideas, outcomes=outcomes, revisions=revisions, paused=text)
    engine.warning = text
    engine.gpu = text or "no GPU"
    engine.runs = [
        replace(
            view,
            title=text,
            run=replace(
                view.run, cause=text if view.run.ended_at else "", waits=text, params={text: text}, ref=text
            ),
            progress=replace(view.progress, alerts=(text,)),
        )
        for view in engine.runs
    ]
    engine.details = {view.run.id: detail_with(engine, view.run.id, text) for view in engine.runs}
    engine.settings = replace(engine.settings, goal=replace(engine.settings.goal, metric=text))
    return engine


def detail_with(engine: FakeEngine, run_id: str, text: str) -> RunDetail:
    view = next(view for view in engine.runs if view.run.id == run_id)
    curve = ((1, 0.5), (2, 0.6))
    evaluation = Evaluation(
        metrics={f"val_{text}": 0.5},
        slices=(Slice(name=text, size=3, metrics={text: 0.5}),),
        worst=(Example(index=1, loss=2.0, expected=text, got=text, confidence=0.9),),
        labels=(text, text),
        confusion=((3, 1), (2, 4)),
    )
    progress = replace(view.progress, curves={text: curve, f"val_{text}": curve}, epoch=2, epochs=2)
    return RunDetail(
        run=replace(view, progress=progress),
        log=text,
        evaluation=evaluation,
        context={text: {text: text}},
        artefacts=(text,),
    )


def check(pilot: Pilot[None]) -> None:
    """Nothing hidden is on the screen, and every line is as wide as the terminal."""
    for line in seen(pilot.app).split("\n"):
        bad = [character for character in line if unicodedata.category(character) in HIDDEN]
        assert not bad, (bad, line)


@pytest.mark.parametrize("text", ALL)
def test_every_screen_shows_it_literally_and_sends_no_control_byte(text: str):
    async def story(pilot: Pilot[None]) -> None:
        check(pilot)
        await press(pilot, "space", "e")
        check(pilot)
        await press(pilot, "escape", "question_mark")
        check(pilot)
        await press(pilot, "escape", "r")
        check(pilot)
        planner(pilot).open_run("r18-3fa8")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        for sheet in range(1, len(SHEETS) + 1):
            await press(pilot, str(sheet))
            check(pilot)
        for keys in (("v",), ("2",), ("3",), ("f",), ("c",), ("4",), ("1", "o")):
            await press(pilot, *keys)
            check(pilot)
        await press(pilot, "escape")
        planner(pilot).say(text)
        await settled(pilot)
        check(pilot)

    drive(engine_with(text), story, size=(100, 30))


@pytest.mark.parametrize("text", ["[/", "[@click=app.bell]x[/]", "[bold red]x[/bold red]", "a␀b"])
def test_markup_in_a_title_is_shown_as_it_was_typed(text: str):
    async def story(pilot: Pilot[None]) -> None:
        assert text in seen(pilot.app).splitlines()[3 if engine.warning else 2]

    engine = project.engine()
    engine.ledger = replace(
        engine.ledger,
        ideas={
            number: replace(idea, title=text.replace("␀", "\x00"))
            for number, idea in engine.ledger.ideas.items()
        },
    )
    drive(engine, story)


@pytest.mark.parametrize("text", ALL)
def test_it_can_be_pasted_into_every_line(text: str):
    async def story(pilot: Pilot[None]) -> None:
        from textual import events

        for key in ("a", "slash"):
            await press(pilot, key)
            assert pilot.app.focused is not None
            pilot.app.focused.post_message(events.Paste(text))
            await settled(pilot)
            check(pilot)
            await press(pilot, "escape")
        await press(pilot, "e")
        for name in ("title", "hypothesis", "params", "by"):
            pilot.app.screen.query_one(f"#{name}").post_message(events.Paste(text))
            await settled(pilot)
            check(pilot)

    drive(project.engine(), story, size=(100, 30))

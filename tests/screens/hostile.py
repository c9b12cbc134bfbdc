"""Projects in memory whose every text is a hostile string, and a look at what is painted of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle

from textual.pilot import Pilot

from planner.domain.estimate import Estimate
from planner.domain.evaluation import Evaluation, Example, Slice
from planner.domain.event import Check, Progress
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.outcome import Outcome
from planner.domain.view import RunDetail, RunView
from planner.rules.wording.display import cells
from screens.widgets.lines import Lines
from screens.widgets.rows import Rows
from tests.drills.figure import Figure
from tests.drills.hostile import CORPUS, MADE, SHORT, acted_on
from tests.screens import past, project, project_runs
from tests.screens.fake import NOW, FakeEngine

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

ROOM = 60
"""Columns in which strings stand beside each other: fewer than a line that is typed in has."""


def _beside(texts: Sequence[str]) -> Iterator[str]:
    """As many of them on each line as there is room for; one that is longer stands alone."""
    line: list[str] = []
    for text in texts:
        if line and sum(max(len(one), cells(one)) + 1 for one in (*line, text)) > ROOM:
            yield " ".join(line)
            line = []
        line.append(text)
    yield " ".join(line)


LINES = (
    *_beside([text for text in SHORT if len(text.splitlines()) == 1]),
    *(text for text in SHORT if len(text.splitlines()) != 1),
)
"""Several together where they stand on one line; alone they are titles of the backlog, and of every row."""

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


def a_run(number: int, text: str, status: str) -> RunView:
    """A run in which every text is this one."""
    whole = project_runs.run(number, 1, "full", status, started_at=NOW, cause=text, waits=text, ref=text)
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


def outcomes() -> FakeEngine:
    """The review's project, with a bunch of strings in everything that it tells."""
    engine = past.engine()
    whole, told = iter(BUNCHES), cycle(BUNCHES)
    ideas = {
        number: replace(
            idea,
            title=next(whole),
            category=next(told),
            estimates={next(told): one for one in idea.estimates.values()},
            dispatch=idea.dispatch and replace(idea.dispatch, halted=idea.dispatch.halted and next(told)),
        )
        for number, idea in engine.ledger.ideas.items()
    }
    judged = tuple(told_in(one, next(whole)) for one in engine.ledger.outcomes)
    moved = tuple(replace(one, because=next(told)) for one in engine.ledger.revisions)
    engine.ledger = replace(engine.ledger, ideas=ideas, outcomes=judged, revisions=moved, paused=next(told))
    return engine


def told_in(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, reason=text, declined=text if outcome.verdict == "improved" else None)

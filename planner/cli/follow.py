"""`--wait`: follow dispatched ideas until each has its verdict, or can't get one."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from planner.cli import rows
from planner.cli.decided import summary
from planner.cli.live import Live
from planner.cli.news import News, title
from planner.domain.mistake import Failed
from planner.domain.outcome import Outcome
from planner.domain.run import LIVE, Run
from planner.domain.view import RunView, View
from planner.rules.judging.correcting import in_a_sentence
from planner.rules.wording import numbers
from planner.rules.wording.display import fit
from planner.workspace.standing import dispatcher_comes

if TYPE_CHECKING:
    from planner.workspace.workspace import Workspace

PAUSE = 0.25
"""Seconds between two looks."""
PATIENCE = 30.0
"""Seconds a dispatcher may take to appear."""
BAR = 10
"""Cells of a progress bar."""
TITLE = 18
"""Cells of a title beside it."""


@dataclass
class Watch:
    """Whether a dispatcher is there, so that one that died is started again, once."""

    workspace: Workspace
    since: float
    """When it was last seen or started, monotonic."""
    seen: bool = False
    gone: bool = False
    restarted: bool = False

    def look(self, view: View) -> None:
        """Start a dispatcher that has gone with work left; Failed when it goes again."""
        if view.dispatcher or dispatcher_comes():
            self.seen, self.gone, self.since = self.seen or view.dispatcher, False, time.monotonic()
            return
        # One that ends between two looks has ended its work: a second look tells.
        if not self.gone:
            self.gone, self.since = True, time.monotonic()
        if time.monotonic() - self.since < (2.0 if self.seen else PATIENCE):
            return
        if self.restarted:
            log = self.workspace.layout.dispatcher_log
            raise Failed(f"the dispatcher has ended twice with work left; {log} says why")
        self.restarted, self.seen, self.gone, self.since = True, False, False, time.monotonic()
        self.workspace.ensure_dispatcher()


class Interruption:
    """Ctrl+C is heard between two looks: raised anywhere, an import or a finaliser could swallow it."""

    def __init__(self) -> None:
        self._asked = False

    def __enter__(self) -> Interruption:
        self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def obey(self) -> None:
        """Raise KeyboardInterrupt when somebody has asked."""
        if self._asked:
            raise KeyboardInterrupt

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True


def follow(workspace: Workspace, before: View, asked_at: Mapping[int, str], *, on_stderr: bool) -> View:
    """Tell what happens until none of the ideas climbs on; answers the last look.

    `before` is a look from before they were dispatched, `asked_at` tells by idea when they were.
    Failed when dispatch is paused, or when the dispatcher keeps dying.
    """
    news = News(before, asked_at.keys())
    view = workspace.view()
    watch = Watch(workspace, time.monotonic())
    with Live(on_stderr=on_stderr) as live, Interruption() as interruption:
        while True:
            live.tell(news.of(view))
            if not any(climbing(idea, view) for idea in asked_at):
                live.tell(summary(before, view, asked_at))
                return view
            if view.ledger.paused:
                raise Failed(f"dispatch is paused: {view.ledger.paused}")
            live.draw(foot(one, view) for one in view.runs if one.run.status == "running")
            watch.look(view)
            time.sleep(PAUSE)
            interruption.obey()
            view = workspace.view()


def climbing(idea_id: int, view: View) -> bool:
    """Whether an idea is still on its way to a verdict."""
    idea = view.ledger.ideas.get(idea_id)
    return idea is not None and idea.dispatch is not None and not idea.dispatch.halted


def outcome_since(idea_id: int, before: View, view: View) -> Outcome | None:
    """What the idea came to since an earlier look; by their order, since a clock may be set back."""
    known = sum(one.idea == idea_id for one in before.ledger.outcomes)
    found = [one for one in view.ledger.outcomes if one.idea == idea_id]
    return found[-1] if len(found) > known else None


def troubles(before: View, view: View, ideas: Iterable[int]) -> list[str]:
    """A sentence for each idea that has reached no verdict since an earlier look."""
    sentences = []
    for idea_id in ideas:
        outcome = outcome_since(idea_id, before, view)
        if outcome is None:
            sentences.append(f"#{idea_id} “{title(idea_id, view.ledger)}”: {_halted(idea_id, view)}")
        elif outcome.verdict == "invalid":
            sentences.append(f"#{idea_id} “{title(idea_id, view.ledger)}”: {in_a_sentence(outcome)}")
    return sentences


def _halted(idea_id: int, view: View) -> str:
    idea = view.ledger.ideas.get(idea_id)
    reason = idea.dispatch.halted if idea and idea.dispatch else None
    return f"halted: {reason}" if reason else "no longer dispatched"


def foot(one: RunView, view: View) -> str:
    """A running run with its progress bar, in a line that fits beside it on 80 columns."""
    told, run = one.progress, one.run
    share = told.epoch / told.epochs if told.epochs else 0.0
    whose = "baseline" if run.idea is None else fit(one.title, TITLE)
    stands = rows.progress(one, view.settings.goal.metric)
    return f"{numbers.bar(share, BAR)} {run.rung} {run.seed} {whose} · {stands}"


def followed(workspace: Workspace, run_id: str, *, on_stderr: bool) -> Run:
    """Watch a run until it has ended; Failed when dispatch is paused."""
    watch = Watch(workspace, time.monotonic())
    with Live(on_stderr=on_stderr) as live, Interruption() as interruption:
        while (view := workspace.view()).ledger.runs[run_id].status in LIVE:
            if view.ledger.paused and view.ledger.runs[run_id].status == "queued":
                raise Failed(f"dispatch is paused: {view.ledger.paused}")
            live.draw(foot(one, view) for one in view.runs if one.run.id == run_id)
            watch.look(view)
            time.sleep(PAUSE)
            interruption.obey()
    return view.ledger.runs[run_id]

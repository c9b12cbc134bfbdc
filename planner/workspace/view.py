"""The frozen picture of a project that faces draw, made again only when something moved."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from planner.clock import hours_between
from planner.domain.event import Progress
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea, RunView, View
from planner.rules.progress import fold
from planner.rules.scoring.ranking import rank
from planner.rules.waiting import in_order
from planner.store.encoding import collector_paused
from planner.store.refusal import forbidden
from planner.workspace.project import Project

SILENCE_STEP = 5.0
"""Seconds: silence is told in steps of this, so that a quiet run does not redraw the screen."""


@dataclass
class Watched:
    """How far a run's events have been read."""

    offset: int = 0
    progress: Progress = field(default_factory=Progress)
    quiet: float = 0.0
    """Seconds of silence when it was last looked at with anything new, or for the first time."""
    since: float | None = None
    """When that was, monotonic: a clock that is set must not make a run look dead."""

    def heard(self, quiet: float) -> None:
        """It has said something, so many seconds ago."""
        self.quiet, self.since = quiet, time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since it last said anything, in steps of SILENCE_STEP."""
        more = 0.0 if self.since is None else time.monotonic() - self.since
        return (self.quiet + more) // SILENCE_STEP * SILENCE_STEP


class Viewer:
    """Makes views; remembers what it read so that the next one is cheap."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._watched: dict[str, Watched] = {}
        self._ranked: tuple[Ledger, Settings, tuple[RankedIdea, ...]] | None = None
        self._last: View | None = None
        self._settings: Settings | None = None

    def view(self) -> View:
        """The project now; the same object as before when nothing moved."""
        warning = None
        try:
            self._settings = self.project.settings
        except Mistake as mistake:
            if self._settings is None:
                raise
            warning = str(mistake)
        ledger = self.project.store.read()
        settings = self._settings
        view = View(
            settings=settings,
            ledger=ledger,
            ranked=self._rank(ledger, settings),
            runs=self._runs(ledger),
            dispatcher=dispatcher_alive(self.project),
            warning=warning or self.project.store.read_only or forbidden(self.project.layout.home),
        )
        if self._last is None or not _same(view, self._last):
            self._last = view
        return self._last

    def progress(self, run: Run) -> Progress:
        """Where a run stands, reading only what its worker has added since."""
        watched = self._watched.setdefault(run.id, Watched())
        events, watched.offset = self.project.layout.run(run.id).read_events(watched.offset)
        if events:
            watched.progress = fold(watched.progress, events)
        if watched.since is None:
            watched.heard(_seconds_since(watched.progress.last_at or run.started_at, self.project))
        elif events:
            watched.heard(0.0)
        return watched.progress

    def _rank(self, ledger: Ledger, settings: Settings) -> tuple[RankedIdea, ...]:
        known = self._ranked
        if known and known[0] is ledger and known[1] == settings:
            return known[2]
        with collector_paused():
            ranked = rank(ledger, settings)
        self._ranked = (ledger, settings, ranked)
        return ranked

    def _runs(self, ledger: Ledger) -> tuple[RunView, ...]:
        running = [run for run in ledger.runs.values() if run.status == "running"]
        ended = [run for run in ledger.runs.values() if run.ended_at]
        ended.sort(key=lambda run: (run.ended_at or "", run.id), reverse=True)
        live = {run.id for run in running}
        self._watched = {key: watched for key, watched in self._watched.items() if key in live}
        return tuple(
            [self._running(run, ledger) for run in running]
            + [RunView(run=run, title=title_of(run, ledger)) for run in in_order(ledger.runs.values())]
            + [RunView(run=run, title=title_of(run, ledger)) for run in ended]
        )

    def _running(self, run: Run, ledger: Ledger) -> RunView:
        return RunView(
            run=run,
            title=title_of(run, ledger),
            progress=self.progress(run),
            silent_seconds=self._watched[run.id].silence,
        )


def title_of(run: Run, ledger: Ledger) -> str:
    """The title of a run's idea, or `baseline`."""
    idea = ledger.ideas.get(run.idea) if run.idea is not None else None
    return idea.title if idea else "baseline"


def dispatcher_alive(project: Project) -> bool:
    """Whether a dispatcher holds its lock."""
    from planner.workspace.standing import dispatcher_holds

    return dispatcher_holds(project.layout)


def _seconds_since(last: str | None, project: Project) -> float:
    return 0.0 if last is None else max(0.0, hours_between(last, project.now()) * 3600)


def _same(one: View, other: View) -> bool:
    """Equality that compares the large parts by identity, since they are cached by identity."""
    return (
        one.ledger is other.ledger
        and one.ranked is other.ranked
        and replace(one, ledger=other.ledger, ranked=other.ranked) == other
    )

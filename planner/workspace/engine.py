"""A workspace as the face sees it: every verb answers with a sentence or the idea it changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from planner.domain.idea import Idea
from planner.domain.view import RunDetail, View
from planner.rules.wording.changes import counted
from planner.workspace.capture import hint, parse_capture
from planner.workspace.run_verbs import RunVerbs
from planner.workspace.typed_path import typed_path
from planner.workspace.workspace import Workspace

if TYPE_CHECKING:
    from planner.domain.imported import Imported
    from planner.domain.operation import Turned
    from planner.domain.review import Review
    from planner.gpu.watch import Watch
    from planner.workspace.amendment import Corrected

TEND_AGAIN = 5.0
"""Seconds between two looks at whether runs lack their dispatcher: one that was started takes a moment."""


class WorkspaceEngine(RunVerbs):
    """One project for one person.

    Verbs are durable when they return, and raise a Mistake a person can act on.
    Left by `with`, it ends the process that watches the GPUs.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._gpus: Watch | None = None
        self._tended = -TEND_AGAIN

    def __enter__(self) -> WorkspaceEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._gpus is not None:
            self._gpus.__exit__(kind, error, trace)
            self._gpus = None

    @property
    def name(self) -> str:
        """The project, in a word: its folder's name."""
        return self.workspace.layout.project.name

    @property
    def who(self) -> str:
        """The person at the keyboard."""
        return self.workspace.project.who

    # -- looks --------------------------------------------------------------------------------

    def view(self) -> View:
        """The project now; the same object as before when nothing moved.

        Where runs are under way and no dispatcher is alive, one is started.
        """
        if time.monotonic() < self._tended + TEND_AGAIN:
            return self.workspace.view()
        self._tended = time.monotonic()
        return self.workspace.tended()

    def gpu_line(self, width: int) -> str:
        """The state of the GPUs in one line of at most `width` cells, or calmly that there is none."""
        from planner.gpu.line import line
        from planner.gpu.watch import Watch

        if self._gpus is None:
            self._gpus = Watch().__enter__()
        return line(self._gpus.state, width)

    def run_detail(self, run_id: str) -> RunDetail:
        """Everything there is to see of one run."""
        return self.workspace.run_detail(run_id)

    def review(self, week: str | None = None) -> Review:
        """The review of a week such as `2026-W47`, this one when None."""
        from planner.workspace.reports import review_of

        return review_of(self.workspace.project, week)

    def write_review(self, week: str | None = None) -> str:
        """Write that review to its file; a sentence that names it."""
        from planner.rules.reviewing.page import review_markdown
        from planner.workspace.reports import review_of, write_review

        told = review_of(self.workspace.project, week)
        path = write_review(self.workspace.project, told.week, review_markdown(told))
        return f"wrote the review of {told.week} to {path}"

    # -- ideas --------------------------------------------------------------------------------

    def hint(self, line: str) -> str:
        """What `add` would make of the line, in a sentence; a Mistake when it would refuse it."""
        return hint(line, self.workspace.settings)

    def add(self, line: str, by: str | None = None) -> Idea:
        """Capture an idea from one line in the command line's own syntax; `by` unless the line says who."""
        said = parse_capture(line)
        if by is not None:
            said.setdefault("by", by)
        return self.workspace.ideas.add(**said)

    def edit(
        self,
        idea_id: int,
        *,
        title: str | None = None,
        hypothesis: str | None = None,
        category: str | None = None,
        tags: Sequence[str] | None = None,
        params: Sequence[str] | None = None,
        ref: str | None = None,
        implemented: bool | None = None,
        sweep: Sequence[str] | None = None,
        nuisance: Sequence[str] | None = None,
        method: str | None = None,
        configs: str | None = None,
    ) -> Idea:
        """Change what is given and leave the rest; an empty ref or sweep takes it away."""
        return self.workspace.ideas.edit(
            idea_id,
            title=title,
            hypothesis=hypothesis,
            category=category,
            tags=tags,
            params=params,
            ref=ref,
            implemented=implemented,
            sweep=sweep,
            nuisance=nuisance,
            method=method,
            configs=configs,
        )

    def estimate(
        self,
        idea_id: int,
        *,
        by: str | None = None,
        hours: str | None = None,
        complexity: str | None = None,
        impact: str | None = None,
        likelihood: str | None = None,
    ) -> Idea:
        """Say one person's numbers, as typed; what is not given stays as that person last said it."""
        return self.workspace.ideas.estimate(
            idea_id, by=by, hours=hours, complexity=complexity, impact=impact, likelihood=likelihood
        )

    def nudge(self, idea_id: int, criterion: str, step: int) -> Idea:
        """Move one criterion of one's own estimate up (+1) or down (-1)."""
        return self.workspace.ideas.nudge(idea_id, criterion, step)

    def start_timer(self, idea_id: int) -> Idea:
        """Start the implementation timer."""
        return self.workspace.ideas.start_timer(idea_id)

    def stop_timer(self, idea_id: int, hours: str | None = None) -> Idea:
        """Stop the implementation timer and add its hours, or those that are typed instead."""
        return self.workspace.ideas.stop_timer(idea_id, hours=hours)

    def park(self, idea_id: int) -> Idea:
        """Set an idea aside."""
        return self.workspace.ideas.park(idea_id)

    def restore(self, idea_id: int) -> Idea:
        """Bring a parked or dropped idea back."""
        return self.workspace.ideas.restore(idea_id)

    def drop(self, idea_id: int) -> Idea:
        """Give an idea up untried."""
        return self.workspace.ideas.drop(idea_id)

    def keep(self, idea_id: int) -> Idea:
        """Leave an idea as it is, having looked at it."""
        return self.workspace.ideas.keep(idea_id)

    def import_file(self, path: str, what: str, columns: Sequence[str] = ()) -> str:
        """Bring in `history` or `ideas` from a file, its `columns` mapped as `column=field`; a sentence."""
        from planner.imports.columns import parse_map

        verb = self.workspace.import_ideas if what == "ideas" else self.workspace.import_history
        return _came_in(verb(typed_path(path, self.workspace.layout.project), mapped=parse_map(columns)))

    # -- outcomes -----------------------------------------------------------------------------

    def overrule(self, idea_id: int, verdict: str, because: str) -> str:
        """Put a person's verdict over that of the seeds; a sentence."""
        return _told(self.workspace.corrections.overrule(idea_id, verdict, because))

    def overrule_back(self, idea_id: int) -> str:
        """Let the verdict of the seeds stand again; a sentence."""
        return _told(self.workspace.corrections.overrule_back(idea_id))

    def adopt(self, idea_id: int, anyway: bool = False) -> str:
        """Make a win the next version of the baseline; a sentence."""
        return _told(self.workspace.corrections.adopt(idea_id, anyway=anyway))

    def decline(self, idea_id: int, because: str) -> str:
        """Do not adopt a win; a sentence."""
        return _told(self.workspace.corrections.decline(idea_id, because))

    def decline_back(self, idea_id: int) -> str:
        """Keep a win that was declined after all; a sentence."""
        return _told(self.workspace.corrections.decline_back(idea_id))

    def give_up(self, idea_id: int, because: str, hours: str | None = None) -> str:
        """Give an idea up as unworkable, with what it has cost; a sentence."""
        return _told(self.workspace.corrections.give_up(idea_id, because, hours=hours))

    def give_up_back(self, idea_id: int) -> str:
        """Take an idea up again; a sentence."""
        return _told(self.workspace.corrections.give_up_back(idea_id))

    def strike(self, run_id: str, because: str) -> str:
        """Strike a run out, so that it is nobody's evidence; a sentence."""
        return _told(self.workspace.corrections.strike(run_id, because))

    def strike_back(self, run_id: str) -> str:
        """Let a run that was struck out count again; a sentence."""
        return _told(self.workspace.corrections.strike_back(run_id))

    def calibrate_now(self) -> str:
        """Put a new calibration in force, made from the whole ledger; a sentence."""
        from planner.workspace.records import calibrate_now

        moved = len(calibrate_now(self.workspace.project))
        scores = "no score" if not moved else "one score" if moved == 1 else f"{moved} scores"
        return f"calibrated anew: {scores} moved"

    # -- history ------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take back the newest change; a sentence of what was undone, and of what came after it and stays."""
        return self._turned("undone", self.workspace.history.undo())

    def redo(self) -> str:
        """Do again what was undone; a sentence of what was redone."""
        return self._turned("redone", self.workspace.history.redo())

    def _turned(self, what: str, turned: Turned) -> str:
        if turned.wakes:
            self.workspace.ensure_dispatcher()
        return "; ".join([f"{what}: {turned.says[0]}", *turned.stays])


def _told(done: Corrected) -> str:
    """A correction in a sentence, with what became of the outcomes it touches."""
    return "; ".join([done.says, *done.also])


def _came_in(found: Imported) -> str:
    """What an import brought in, in a sentence."""
    told = counted(("new idea", len(found.ideas)), ("outcome", found.outcomes), ("estimate", found.estimates))
    return f"{found.file}: {told or 'nothing new'}"

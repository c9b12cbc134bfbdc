"""Every verb a person can ask of one project."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planner.clock import Now, utc_now
from planner.store.layout import Layout, find_project
from planner.workspace.ideas import IdeaVerbs
from planner.workspace.project import Project, person

if TYPE_CHECKING:
    from planner.domain.imported import Imported
    from planner.domain.settings import Settings
    from planner.domain.view import RunDetail, View
    from planner.workspace.corrections import Corrections
    from planner.workspace.history import HistoryVerbs
    from planner.workspace.queue import QueueVerbs
    from planner.workspace.view import Viewer


class Workspace:
    """One project: its ideas, its queue of runs, its history, and a view of it all.

    Verbs are loaded when first used, so that capturing an idea pays for nothing else.
    """

    def __init__(self, layout: Layout, *, now: Now = utc_now, who: str | None = None) -> None:
        self.project = Project(layout, now, who or person())
        self.ideas = IdeaVerbs(self.project)

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """The project that `start` lies in; a Mistake when there is none."""
        return cls(find_project(start))

    @property
    def layout(self) -> Layout:
        """Where its files lie."""
        return self.project.layout

    @property
    def settings(self) -> Settings:
        """What `planner.toml` says now."""
        return self.project.settings

    @cached_property
    def queue(self) -> QueueVerbs:
        """Verbs about runs."""
        from planner.workspace.queue import QueueVerbs

        return QueueVerbs(self.project)

    @cached_property
    def corrections(self) -> Corrections:
        """Verbs about what came of ideas and runs."""
        from planner.workspace.corrections import Corrections

        return Corrections(self.project)

    @cached_property
    def history(self) -> HistoryVerbs:
        """Undo and redo."""
        from planner.workspace.history import HistoryVerbs

        return HistoryVerbs(self.project)

    @cached_property
    def viewer(self) -> Viewer:
        """What makes views."""
        from planner.workspace.view import Viewer

        return Viewer(self.project)

    def view(self) -> View:
        """The project now; the same object as before when nothing moved."""
        return self.viewer.view()

    def ensure_dispatcher(self) -> None:
        """Start a dispatcher unless one is alive."""
        from planner.workspace.standing import ensure_dispatcher

        ensure_dispatcher(self.layout)

    def tended(self) -> View:
        """The project now; where runs are under way and no dispatcher is alive, one is started."""
        from planner.workspace.standing import tended

        return tended(self.layout, self.view())

    def undo(self, times: int = 1) -> list[str]:
        """Take back the newest changes; answers what was undone, newest first; see `history`."""
        return list(self.history.undo(times).says)

    def redo(self, times: int = 1) -> list[str]:
        """Do again what was undone; answers what was redone."""
        return list(self.history.redo(times).says)

    def import_history(
        self,
        path: Path,
        *,
        mapped: Mapping[str, str] | None = None,
        by: str | None = None,
        metric: str | None = None,
        skip_bad: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        """Bring in what a file or folder tells was tried; see `importing.import_history`."""
        from planner.workspace.importing import import_history

        return import_history(
            self.project,
            path,
            mapped=mapped or {},
            by=by,
            metric=metric,
            skip_bad=skip_bad,
            dry_run=dry_run,
        )

    def import_ideas(
        self,
        path: Path,
        *,
        mapped: Mapping[str, str] | None = None,
        by: str | None = None,
        skip_bad: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        """Bring in the ideas and estimates of a file; see `importing_ideas.import_ideas`."""
        from planner.workspace.importing_ideas import import_ideas

        return import_ideas(
            self.project, path, mapped=mapped or {}, by=by, skip_bad=skip_bad, dry_run=dry_run
        )

    def run_detail(self, run_id: str) -> RunDetail:
        """Everything there is to see of one run."""
        from planner.workspace.detail import run_detail

        return run_detail(self.project, run_id)

    def review(self, week: str | None = None, *, write: bool = False) -> str:
        """The review of a week as Markdown, written to its file when asked."""
        from planner.workspace.reports import review_text

        return review_text(self.project, week, write=write)

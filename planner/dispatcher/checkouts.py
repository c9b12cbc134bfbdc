"""Code is checked out beside the loop, so that a filter that hangs keeps nobody else waiting."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from planner.dispatcher.beside import beside
from planner.dispatcher.code import apart, code_for
from planner.domain.mistake import Failed
from planner.domain.run import Run
from planner.executors.worktree import remove_worktree
from planner.store.refusal import explained
from planner.workspace.project import Project

SOON = 1.0
"""Seconds that a look waits for a checkout it has just begun: most are made in less."""
HELD = 10.0
"""Seconds for which a run keeps its slot while its code is checked out; then others may go before it."""


@dataclass(frozen=True, slots=True)
class _Checkout:
    since: float
    """When it was begun, monotonic."""
    code: Future[Path]
    """Where it is, or why it could not be made."""


class Checkouts:
    """The worktrees that are being made, one for each run at most.

    A dispatcher that dies forgets them: the next one takes away what it finds of them, and begins anew.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._made: dict[str, _Checkout] = {}

    def code(self, run: Run) -> Path | None:
        """Where the code of a run is; None while it is checked out; a Mistake where it can't be."""
        if not apart(run):
            return self._project.layout.project
        found = self._made.get(run.id) or self._begin(run)
        if not found.code.done():
            return None
        del self._made[run.id]
        return found.code.result()

    def seconds(self, run: Run) -> float:
        """How long its code has been checked out by now; 0 before that has begun."""
        found = self._made.get(run.id)
        return time.monotonic() - found.since if found else 0.0

    def let_go(self, queued: Collection[str]) -> bool:
        """Take away what was made for runs that have left the queue; whether some is still being made."""
        layout, left = self._project.layout, [one for one in self._made if one not in queued]
        for run_id in [one for one in left if self._made[one].code.done()]:
            left.remove(run_id)
            del self._made[run_id]
            with contextlib.suppress(Failed):  # it lies there until the next dispatcher sweeps
                remove_worktree(layout.project, layout.home, run_id)
        return bool(left)

    def _begin(self, run: Run) -> _Checkout:
        begun, data = time.monotonic(), self._project.settings.recipe.data
        found = _Checkout(begun, beside(lambda: _made(self._project, run, data), SOON))
        self._made[run.id] = found
        return found


def _made(project: Project, run: Run, data: tuple[str, ...]) -> Path:
    with explained(project.layout.home / "worktrees"):
        return code_for(project, run, data)

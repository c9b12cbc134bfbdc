"""The code a run runs: the project itself, or a worktree of the commit that it is of; kept for a replay."""

from __future__ import annotations

import contextlib
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.executors.refs import keep
from planner.executors.worktree import add_worktree
from planner.workspace.project import Project
from planner.workspace.replay import recorded_code


def apart(run: Run) -> bool:
    """Whether the code that a run runs is not the work tree's."""
    return run.replay_of is not None or (run.commit or run.ref) is not None


def code_for(project: Project, run: Run, data: tuple[str, ...]) -> Path:
    """Where a run's code is, checked out first where it is not the work tree's; `data` as in planner.toml.

    A Mistake when there is no such code, Failed when git can't check it out now.
    """
    layout, ref = project.layout, run.commit or run.ref
    if run.replay_of is not None:
        first = layout.run(run.replay_of)
        code, data = recorded_code(project, first), first.read_spec().data
        return add_worktree(layout.project, layout.home, run.id, code.commit, data=data, patch=code.patch)
    if ref is None:
        return layout.project
    return add_worktree(layout.project, layout.home, run.id, ref, data=data)


def keep_code(project: Project, run: Run) -> None:
    """Let git hold on to the commit that a run says it ran on: a branch may go, a commit be amended."""
    with contextlib.suppress(Mistake, OSError):  # what is damaged names none
        code = (project.layout.run(run.id).read_context() or {}).get("code")
        if isinstance(code, dict) and code.get("commit"):
            keep(project.layout.project, str(code["commit"]))

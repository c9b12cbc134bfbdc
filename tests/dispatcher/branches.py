"""Branches with code that is worth something, and the runs of an idea."""

from __future__ import annotations

from pathlib import Path

from planner.domain.run import Run
from planner.workspace.workspace import Workspace
from tests.projects import commit, git


def branch(project: Path, name: str = "better", gain: str = "0.95 +") -> str:
    """A branch whose code is worth something; answers its commit."""
    recipe = project / "experiment.py"
    git(project, "checkout", "-q", "-b", name)
    recipe.write_text(recipe.read_text().replace("0.9 +", gain))
    commit(project, name)
    git(project, "checkout", "-q", "main")
    return git(project, "rev-parse", name)


def runs(work: Workspace, idea: int | None = 1) -> list[Run]:
    return [run for run in work.view().ledger.runs.values() if run.idea == idea]


def ran_on(work: Workspace, run: Run) -> str:
    """The commit that a run says it ran on."""
    context = work.layout.run(run.id).read_context()
    assert context is not None
    return str(context["code"]["commit"])

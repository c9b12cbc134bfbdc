"""The example as a project of the planner: with a store, and ideas that two people have estimated."""

from __future__ import annotations

from pathlib import Path

from planner.demo.ideas import IDEAS, DemoIdea
from planner.demo.make import make
from planner.domain.mistake import NothingToDo
from planner.store.layout import Layout
from planner.workspace.begin import Wanted, begin
from planner.workspace.ideas import IdeaVerbs
from planner.workspace.workspace import Workspace


def make_example(folder: Path, kind: str) -> bool:
    """Make the example in a new or empty folder; False when it is there already, and is left as it is.

    What an interrupted making left undone is done. Mistake when the folder holds anything else.
    """
    try:
        make(folder, kind)
        new = True
    except NothingToDo:
        new = False
    if not Layout(folder).backlog.exists():
        begin(folder, Wanted())
    workspace = Workspace(Layout(folder))
    if not workspace.project.store.read().ideas:
        for idea in IDEAS[kind]:
            _add(workspace.ideas, idea)
    return new


def _add(ideas: IdeaVerbs, example: DemoIdea) -> None:
    added = ideas.add(
        example.title,
        category=example.category,
        tags=example.tags,
        hypothesis=example.hypothesis,
        params=example.params,
    )
    for by, hours, complexity, impact, likelihood in example.estimates:
        ideas.estimate(
            added.id, by=by, hours=hours, complexity=complexity, impact=impact, likelihood=likelihood
        )

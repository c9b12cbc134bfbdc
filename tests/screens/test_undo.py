"""Undo and redo by their keys, in a real project, over a restart of the planner."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets._toast import Toast

from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from tests.projects import make_project
from tests.screens.story import drive, press, seen, until


def calm(pilot: Pilot[None]) -> bool:
    """Whether everything that was said is no warning."""
    return all(toast.has_class("-information") for toast in pilot.app.screen.query(Toast))


def test_u_says_what_was_undone_and_that_ctrl_r_does_it_again_after_a_restart(tmp_path: Path) -> None:
    layout = make_project(tmp_path / "project")
    Workspace(layout, who="ana").ideas.add("mixup", hours="2h")

    async def drop(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        await until(pilot, lambda: Workspace(layout).view().ledger.ideas[1].place == "dropped")

    async def undo(pilot: Pilot[None]) -> None:
        await press(pilot, "u")
        await until(pilot, lambda: "undone: drop #1 “mixup” · Ctrl+R does it" in seen(pilot.app))
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: "redone: drop #1 “mixup” · u takes it back" in seen(pilot.app))

    for story in (drop, undo):
        drive(WorkspaceEngine(Workspace(layout, who="ana")), story)
    assert Workspace(layout).view().ledger.ideas[1].place == "dropped"


def test_that_there_is_nothing_to_undo_is_said_calmly(tmp_path: Path) -> None:
    layout = make_project(tmp_path / "project")

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "u")
        await until(pilot, lambda: "there is nothing to undo" in seen(pilot.app))
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: "there is nothing to redo" in seen(pilot.app))
        assert calm(pilot)

    drive(WorkspaceEngine(Workspace(layout, who="ana")), story)

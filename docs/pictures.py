"""`python -m docs.pictures [PROJECT]`: draw the README's screens from a real project.

Without a project it makes the demo and trains its three best ideas first, which takes some minutes.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from screens.app import PlannerApp

FOLDER = Path(__file__).parent / "pictures"
SIZE = (132, 36)
"""Columns and lines of every picture."""
IDEAS = 3
"""How many ideas of the demo are trained first."""
PATIENCE = 20.0
"""Seconds a screen may take to show what is asked of it."""


def main(project: Path | None) -> None:
    """Draw every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(draw(project or trained_demo(Path(scratch) / "digits")))


def trained_demo(folder: Path) -> Path:
    """The demo project with its best ideas tried."""
    planner = Path(sys.executable).parent / "planner"
    subprocess.run([planner, "demo", folder], check=True)
    for _ in range(IDEAS):
        subprocess.run([planner, "-C", folder, "dispatch", "--top", "--wait"], check=True)
    return folder


async def draw(project: Path) -> None:
    """Walk through the screens, and keep each one."""
    with WorkspaceEngine(Workspace.find(project)) as engine:
        app = PlannerApp(engine)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.view is not None)
            await keep(pilot, "backlog")
            await pilot.press("r")
            await keep(pilot, "runs")
            await pilot.press("enter")
            await keep(pilot, "run")
            await pilot.press("escape", "v")
            await keep(pilot, "review")


async def until(pilot: Pilot[object], holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    for _ in range(int(PATIENCE / 0.05)):
        if holds():
            return
        await pilot.pause(0.05)
    raise TimeoutError("the screen never showed it")


async def keep(pilot: Pilot[object], name: str) -> None:
    """Write the screen as it is once nothing on it moves any more."""
    before = ""
    for _ in range(int(PATIENCE / 0.5)):
        await pilot.pause(0.5)
        now = without_remote_fonts(pilot.app.export_screenshot(title="planner"))
        if now == before:
            break
        before = now
    (FOLDER / f"{name}.svg").write_text(before, encoding="utf-8")


def without_remote_fonts(svg: str) -> str:
    """The picture without the fonts it would fetch from elsewhere, and with ids that stay the same."""
    local = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "terminal", local)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

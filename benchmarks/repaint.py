"""From a key press to the repainted ranking, in a backlog of 10,000 ideas."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.projects import AT, make_project
from benchmarks.terminal import Terminal, terminal
from planner.domain.view import View
from planner.rules.wording import numbers
from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from screens.foresight import nudged

IDEAS = 10_000
"""Ideas in the backlog."""
ROUNDS = 20
"""Times each key is pressed; each time the screen is at rest."""
AIM = 50.0
"""Milliseconds the median may take."""
DOWN, PAGE_DOWN = b"\x1b[B", b"\x1b[6~"


def main() -> None:
    """Print the median of each key."""
    with tempfile.TemporaryDirectory() as scratch:
        project = make_project(Path(scratch) / "project", IDEAS)
        engine = WorkspaceEngine(Workspace.find(project))
        for name, presses in (("down", down), ("+ and -", nudge), ("page down", page_down)):
            report(name, project, presses, engine)


def report(
    name: str,
    project: Path,
    presses: Callable[[Terminal, WorkspaceEngine], Iterator[float]],
    engine: WorkspaceEngine,
) -> None:
    """Press a key again and again in a planner of its own."""
    with terminal([str(Path(sys.executable).parent / "planner"), "-C", str(project)]) as running:
        running.wait_for(b"idea-")
        seconds = sorted(presses(running, engine))
    print(
        f"  {name:10} {1000 * median(seconds):5.0f} ms"
        f"   slowest {1000 * seconds[-1]:5.0f} ms   (aim: {AIM:.0f} ms)"
    )


def down(running: Terminal, engine: WorkspaceEngine) -> Iterator[float]:
    """The next row is drawn anew, since the cursor now rests on it."""
    ranked = engine.view().ranked
    for place in range(1, ROUNDS + 1):
        running.settle()
        yield running.press(DOWN, re.escape(ranked[place].idea.title))


def page_down(running: Terminal, engine: WorkspaceEngine) -> Iterator[float]:
    """The row below the last visible one comes into sight."""
    places = {row.idea.id: place for place, row in enumerate(engine.view().ranked)}
    ranked, last = engine.view().ranked, 0
    for _ in range(ROUNDS):
        shown = re.findall(r"idea-(\d+) ", running.settle())
        last = max([last, *[places[int(number)] for number in shown]])
        yield running.press(PAGE_DOWN, re.escape(ranked[last + 1].idea.title))


def nudge(running: Terminal, engine: WorkspaceEngine) -> Iterator[float]:
    """The best idea's row shows its new score, wherever it has moved to."""
    view = engine.view()
    number = view.ranked[0].idea.id
    for turn in range(ROUNDS):
        running.settle()
        step = -1 if turn % 2 else 1
        view = nudged(view, number, "likelihood", step, who=engine.who, at=AT)
        yield running.press(b"-" if turn % 2 else b"+", row_of(view, number))


def row_of(view: View, number: int) -> str:
    """What the row of an idea must look like: its title, then its score."""
    row = next(row for row in view.ranked if row.idea.id == number)
    score = numbers.score(row.score.value, row.score.per_hour)
    return rf"{re.escape(row.idea.title)} +{re.escape(score)}\b"

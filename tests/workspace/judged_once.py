"""A project in which real workers have judged two ideas, for looking up what has run before."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.repeat import Repeat
from planner.store.layout import Layout
from planner.workspace.duplicates import Duplicates
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry
from tests.projects import TOML, commit, make_project

RECIPE = """
from pathlib import Path

from head import width

NOISE = (0.000, 0.001, -0.001)


def train(params, run):
    if params.get("bug"):
        raise ValueError("ten outputs and seven classes")
    table = Path("data.csv").read_text()
    value = 0.9 + params.get("lift", 0.0) + NOISE[run.seed] + 0 * width * len(table)
    run.log(1, val_accuracy=value)
"""
DATA_TOML = TOML.replace(
    'entry = "experiment:train"', 'entry = "experiment:train"\ndata = ["*.csv"]'
).replace("seeds = 3", "seeds = 1")


def judge(folder: Path) -> Path:
    """Make it there: idea 1, lift = 0.01, has won on seed 0, and idea 2 is invalid."""
    folder.mkdir()
    (folder / "head.py").write_text("width = 1\n")
    (folder / "data.csv").write_text("1,2,3\n")
    (folder / "README.md").write_text("ours\n")
    layout = make_project(folder, recipe=RECIPE, toml=DATA_TOML)
    work = Workspace(layout, who="ana")
    work.ideas.add(title="lift it", params=["lift=0.01"])
    work.ideas.add(title="broken", params=["bug=1"])
    work.queue.dispatch([1, 2])
    run_all(work)
    came = {one.idea: one.verdict for one in work.view().ledger.outcomes}
    assert came == {1: "improved", 2: "invalid"}
    return folder


def copied(judged: Path, folder: Path) -> Workspace:
    """A copy of it, to be changed."""
    shutil.copytree(judged, folder / "project")
    return Workspace(Layout(folder / "project"), who="ana")


def run_all(work: Workspace) -> None:
    """Let real workers run what was dispatched."""
    run_dry(Dispatcher.of(Project(work.layout, who="dispatcher")))


def run_again(work: Workspace, idea: int) -> None:
    """Let them run an idea once more."""
    work.queue.dispatch([idea], anyway={idea: "the test wants it"})
    run_all(work)


def committed(folder: Path) -> None:
    """A commit after which the code is another."""
    (folder / "head.py").write_text("width = 2\n")
    commit(folder, "wider")


def remarks(folder: Path) -> None:
    """A commit after which the code does what it did."""
    (folder / "head.py").write_text('"""How wide it is."""\n\nwidth = 1  # one\n')
    commit(folder, "with remarks")


def repeats(work: Workspace, *ideas: int) -> tuple[Repeat, ...]:
    return Duplicates(work.project).of(ideas)


def kinds(work: Workspace, *ideas: int) -> list[str]:
    return [one.kind for one in repeats(work, *ideas)]


def add(work: Workspace, title: str, *params: str, **said: object) -> int:
    return work.ideas.add(title=title, params=list(params), **said).id  # type: ignore[arg-type]

"""Small real projects for tests: a git repository, a recipe without Keras, and a clock that can be set."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.workspace import Workspace

RECIPE = '''
"""A recipe that owns its loop: what `lift` adds is what an idea is worth; seeds differ a little.

After an epoch it waits while there is a file of that number in the folder `holds`.
"""

import time
from pathlib import Path

NOISE = (0.000, 0.001, -0.001, 0.0005, -0.0005, 0.0008, -0.0008)


def train(params, run):
    for epoch in range(1, params.get("epochs", 2) + 1):
        time.sleep(params.get("pause", 0.0))
        if params.get("bug"):
            raise ValueError("the head has 10 outputs and the labels 7 classes")
        value = 0.9 + params.get("lift", 0.0) + NOISE[run.seed]
        run.log(epoch, val_accuracy=float("nan") if params.get("diverges") else value, epochs=epoch)
        while (Path(params.get("holds", "/none")) / str(epoch)).exists() and not run.stopping:
            time.sleep(0.01)
        if run.stopping:
            break
'''

TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.002

[recipe]
entry = "experiment:train"

[baseline]
params = { lift = 0.0 }

[rungs.full]
seeds = 3
"""


@dataclass
class Clock:
    """A clock that stands until it is told to move."""

    time: datetime = field(default_factory=lambda: datetime.fromisoformat("2026-11-16T09:00:00+00:00"))

    def __call__(self) -> str:
        """A millisecond later at each look, so that things keep their order."""
        self.time += timedelta(milliseconds=1)
        return self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def advance(self, **how_long: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.time += timedelta(**how_long)


AUTHOR = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
"""Who commits, on a machine where git knows nobody."""


def make_project(folder: Path, *, recipe: str = RECIPE, toml: str = TOML) -> Layout:
    """A project in `folder`, committed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "experiment.py").write_text(recipe)
    (folder / "planner.toml").write_text(toml)
    (folder / ".gitignore").write_text(".planner/\n__pycache__/\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "the start")
    layout = Layout(folder)
    Store(layout).create()
    return layout


def commit(folder: Path, message: str) -> None:
    """Commit everything in the work tree."""
    git(folder, "add", "-A")
    git(folder, *AUTHOR, "commit", "-q", "-m", message)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; answers what it printed."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def workspace(layout: Layout, who: str = "ana") -> Workspace:
    """The project as one person's workspace, with a clock of its own."""
    return Workspace(layout, now=Clock(), who=who)

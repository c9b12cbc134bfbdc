"""Make a folder a project: its `planner.toml`, its store, and nothing else of the user's touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from planner.domain.mistake import Mistake, NothingToDo
from planner.store import files
from planner.store.config import initial_toml, load_settings
from planner.store.layout import Layout
from planner.store.refusal import explained
from planner.store.settingscheck import checked
from planner.store.store import Store

LESS_IS_BETTER = re.compile(
    r"(?:^|_)(?:loss|error|err|mae|mse|rmse|mape|perplexity|ppl|bpb|bpc|wer|cer|nll)(?:_|$)"
)
"""Metrics of which less is better, by a word in their name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asks of a new project; None leaves it to the planner."""

    recipe: str | None = None
    """`module:function`."""
    metric: str | None = None
    """A key of Keras's logs, or of what the recipe reports."""
    direction: str | None = None
    """`max` or `min`; guessed from the metric's name."""
    minimum_effect: float | None = None
    """The smallest gain worth keeping, in the metric's own unit."""
    target: float | None = None
    """The value that is good enough."""

    @property
    def anything(self) -> bool:
        """Whether the person asked for anything in particular."""
        return self != Wanted()


def guessed_direction(metric: str) -> str:
    """`min` for losses and errors by name, else `max`."""
    return "min" if LESS_IS_BETTER.search(metric.lower()) else "max"


def begin(folder: Path, wanted: Wanted) -> tuple[Path, ...]:
    """Make what is missing and answer its paths; NothingToDo when nothing is."""
    layout = Layout(folder)
    made = []
    if not layout.toml.exists():
        _write_toml(layout.toml, wanted)
        made.append(layout.toml)
    elif wanted.anything:
        raise Mistake(f"{layout.toml} is there already: change it with an editor, and leave the options out")
    if not layout.backlog.exists():
        Store(layout).create()
        made.append(layout.home)
    if not made:
        raise NothingToDo(f"{folder} is a project already; `planner add TITLE` captures an idea")
    load_settings(layout)  # checks them, and remembers them so that the first idea is captured quickly
    return tuple(made)


def in_git(folder: Path) -> bool:
    """Whether a folder lies in a git work tree."""
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def _write_toml(path: Path, wanted: Wanted) -> None:
    """Write the user's file, whole or not at all; it is checked before it is there."""
    metric = "val_accuracy" if wanted.metric is None else wanted.metric
    given = {"minimum_effect": wanted.minimum_effect, "target": wanted.target}
    text = initial_toml(
        entry=wanted.recipe,
        metric=metric,
        direction=wanted.direction or guessed_direction(metric),
        **{name: value for name, value in given.items() if value is not None},
    )
    checked(text.encode(), path)
    with explained(path):
        for stray in files.temporaries(path.parent, path.name):
            files.remove(stray)
        files.write_whole(path, text.encode(), mode=files.ORDINARY_FILE)

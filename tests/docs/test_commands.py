"""Every command that the documentation shows is one the planner understands, and its first project runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from planner.cli.main import main, planner
from planner.dispatcher.dispatcher import Dispatcher
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.project import Project
from tests.docs.test_recipes import BLOCK, NAMED, Here

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = re.compile(r"(?:^|\s)planner (?=-C|[a-z])")


def commands(page: Path) -> Iterator[list[str]]:
    """What follows `planner` wherever a page shows a command, comments left out."""
    text = page.read_text()
    blocks = [found[1] for found in BLOCK.finditer(text) if not NAMED.match(found[1])]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    shown = [part.split("  ")[0] for line in lines if "planner" in line for part in TYPED.split(line)[1:]]
    shown += re.findall(r"`planner ((?:-C|[a-z])[^`]*)`", BLOCK.sub("", text))
    for line in shown:
        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_is_understood(page: Path) -> None:
    for words in commands(page):
        if words[0] == "-C":
            del words[:2]
        verb = planner.get_command(click.Context(planner), words[0])
        assert verb is not None, f"{page.name}: planner {shlex.join(words)}"
        given = ["1" if word in ("ID", "N", "…") else word for word in words[1:]]
        try:
            verb.make_context(words[0], given)
        except click.MissingParameter:
            pass  # a page may name a verb without all that it takes
        except click.UsageError as error:
            pytest.fail(f"{page.name}: planner {shlex.join(words)}: {error.format_message()}")


def test_pages_show_commands() -> None:
    assert len(list(commands(ROOT / "README.md"))) > 40


@pytest.mark.keras
def test_the_first_project_of_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = (ROOT / "README.md").read_text().split("## Your own project")[1].split("\n### ")[0]
    blocks = [found[1] for found in BLOCK.finditer(section)]
    (recipe,) = [block for block in blocks if NAMED.match(block)]
    (baseline,) = [block for block in blocks if block.startswith("[baseline]")]
    init, add, dispatch = [
        line for line in section.splitlines() if line.startswith("planner ") and " " in line
    ]
    project = tmp_path / "project"
    project.mkdir()
    (project / "experiment.py").write_text(recipe)
    monkeypatch.setattr("planner.workspace.workspace.Workspace.ensure_dispatcher", lambda _self: None)
    monkeypatch.setenv("PLANNER_BY", "ana")
    for line in (init, add, dispatch):
        typed = [word for word in shlex.split(line)[1:] if word != "--wait"]
        assert main(["-C", str(project), *typed]) == 0
        toml = project / "planner.toml"
        toml.write_text(toml.read_text().replace("params = {}", baseline.splitlines()[1]))
    dispatcher = Dispatcher(Project(Layout(project), who="dispatcher"), Here(tmp_path))
    while not (told := _ended(project)):  # what its further rungs ask, the other tests show
        dispatcher.tick()
    assert told == {"tiny": "finished"}  # a check that has passed goes on


def _ended(project: Path) -> dict[str, str]:
    """How the runs that have ended did so, by rung."""
    runs = Store(Layout(project)).read().runs.values()
    return {run.rung: run.status for run in runs if run.ended_at}

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.run import LIVE
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.projects import make_project

PATIENCE = 90.0
"""Seconds after which something that should happen has failed to."""


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(make_project(tmp_path / "project"), who="ana")


@pytest.fixture
def dispatcher(work: Workspace) -> Dispatcher:
    return Dispatcher.of(Project(work.layout, who="dispatcher"))


def tick_until(dispatcher: Dispatcher, holds: Callable[[], object]) -> None:
    """Tick until a condition holds."""
    give_up = time.monotonic() + PATIENCE
    while not holds():
        dispatcher.tick()
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.02)


def come_to_rest(work: Workspace, dispatcher: Dispatcher) -> None:
    """Stop every run, and so every idea: a test has seen what it wanted to."""
    while live := [run.id for run in work.view().ledger.runs.values() if run.status in LIVE]:
        for run in live:
            work.queue.stop(run)
        run_dry(dispatcher)


def run_dry(dispatcher: Dispatcher) -> None:
    """Tick until nothing is left to do."""
    tick_until(dispatcher, lambda: not dispatcher.tick())

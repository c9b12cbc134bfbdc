"""A project and its dispatcher, ticked by hand; and a project that has lived."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from planner.dispatcher import launch, standing_by
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.gpu import GpuState
from planner.domain.run import LIVE
from planner.gpu.nvml import NO_GPU
from planner.store.layout import Layout
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.projects import TOML, make_project

PATIENCE = 600.0
"""Seconds after which something that should happen has failed to."""


@pytest.fixture(autouse=True)
def calm_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without GPUs, with memory to spare, whatever else goes on in it."""
    monkeypatch.setattr(launch, "current", lambda: GpuState(absent=NO_GPU))
    seen = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: seen._replace(available=2 * standing_by.FREE))


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(make_project(tmp_path / "project"), who="ana")


@pytest.fixture
def dispatcher(work: Workspace) -> Dispatcher:
    return Dispatcher.of(Project(work.layout, who="dispatcher"))


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A project in which an idea of two people has come to its verdict; nobody changes it."""
    toml = TOML.replace("seeds = 3", "seeds = 1").replace("lift = 0.0", "lift = 0.0, warm = 3")
    layout = make_project(tmp_path_factory.mktemp("lived") / "project", toml=toml)
    work = Workspace(layout, who="ana")
    work.ideas.add("label smoothing", hypothesis="softer targets", category="loss", tags=("targets",))
    work.ideas.edit(1, params=["lift=0.01"])
    for who, hours in (("ana", "2h"), ("bo", "5h")):
        work.ideas.estimate(1, by=who, hours=hours, likelihood="60%")
    work.ideas.add("never tried")
    work.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    assert len(work.project.store.read().runs) == 3
    return layout


@pytest.fixture
def project(lived: Layout, tmp_path: Path) -> Project:
    """A copy of it."""
    shutil.copytree(lived.project, tmp_path / "project")
    return Project(Layout(tmp_path / "project"), who="ana")


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

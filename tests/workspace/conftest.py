"""Projects to try the verbs on: an empty one, and one with a verdict."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import pytest

from planner.store.layout import Layout
from planner.workspace.workspace import Workspace
from tests.projects import make_project, workspace
from tests.workspace.judged_once import judge
from tests.workspace.undo_steps import (
    now,
    to_verdict,
)


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return workspace(make_project(tmp_path / "project"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A project with a verdict, and with something to import; every test has a copy of its own."""
    work = workspace(make_project(tmp_path_factory.mktemp("made") / "project"))
    work.ideas.add("mixup", likelihood="50%", hours="2h", params=["lift=0.02"], category="augmentation")
    work.ideas.add("cutmix", likelihood="40%", hours="3h", params=["lift=0.03"], category="augmentation")
    work.ideas.add("label smoothing", params=["smooth=0.1"])
    work.ideas.add("mixture of experts")
    work.ideas.park(4)
    work.queue.dispatch([1])
    to_verdict(work)
    assert [one.verdict for one in now(work).outcomes] == ["improved"]
    (work.layout.project / "log.csv").write_text("idea,val_accuracy\nbaseline,0.90\nwarmup,0.91\nema,0.89\n")
    (work.layout.project / "ideas.md").write_text("- cutout (2h)\n- weight decay\n")
    return work


@pytest.fixture
def busy(made: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(made.layout.project, tmp_path / "busy")
    return Workspace(Layout(tmp_path / "busy"), now=copy.deepcopy(made.project.now), who="ana")


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which idea 1 has won and idea 2 is invalid; nobody changes it."""
    return judge(tmp_path_factory.mktemp("judged") / "project")

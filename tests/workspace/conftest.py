from pathlib import Path

import pytest

from planner.workspace.workspace import Workspace
from tests.projects import make_project, workspace


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return workspace(make_project(tmp_path / "project"))

"""Runs that the executors' tests start, and see off afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from planner.store.runfolder import RunFolder
from tests.worker.making import prepare

Prepare = Callable[..., RunFolder]


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Prepare]:
    """Prepares run folders; whatever still works on one when the test ends is ended by force."""
    made: list[RunFolder] = []

    def one(recipe: str = "", **asked: Any) -> RunFolder:
        made.append(prepare(tmp_path, recipe, **asked))
        return made[-1]

    yield one
    for process in psutil.Process().children(recursive=True):
        process.kill()

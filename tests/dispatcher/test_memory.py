"""What asks for more memory than there is is not asked for twice: through the loop, in a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry
from tests.projects import make_project

GREEDY = """
import os, sys

def train(params, run):
    if params.get("aborts"):
        print("terminate called after throwing an instance of 'std::bad_alloc'", file=sys.stderr, flush=True)
        os.abort()
    if params.get("greedy"):
        raise MemoryError("Unable to allocate 12.0 GiB for an array")
    run.log(1, val_accuracy=0.9)
"""


@pytest.mark.parametrize(("param", "status"), [("greedy", "failed"), ("aborts", "crashed")])
def test_a_run_without_memory_halts_its_idea_and_is_not_repeated(
    tmp_path: Path, param: str, status: str
) -> None:
    work = Workspace(make_project(tmp_path / "project", recipe=GREEDY), who="ana")
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    work.ideas.add("wide", likelihood="50%", hours="1h", params=[f"{param}=true", "batch_size=512"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    ledger = work.view().ledger
    (run,) = [run for run in ledger.runs.values() if run.idea == 1]
    assert run.status == status
    assert run.cause.startswith("out of memory on the host: ")
    assert run.cause.endswith("a smaller batch_size than 512 may fit")
    halted = ledger.ideas[1].dispatch
    assert halted is not None
    assert halted.halted == f"run {run.id} (check, seed 0) ran {run.cause}"
    assert not ledger.outcomes

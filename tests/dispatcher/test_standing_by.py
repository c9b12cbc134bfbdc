"""When a worker stands by for the next run."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

from planner.dispatcher import standing_by
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.run import Run
from planner.store import encoding, files
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.workspace.paper_runs import PaperExecutor, end, living

KERAS = {"determinism": {}, "backend": "tensorflow", "set_before_import": []}


class Asked(PaperExecutor):
    """Remembers for which backend it was asked to get ready, and answers what a test says."""

    def __init__(self, work: Workspace) -> None:
        super().__init__(work.layout.runs)
        self.backend: str | None = None
        self.ready = True

    def prepare(self, backend: str | None) -> bool:
        self.backend = backend
        return self.ready or backend is None


@pytest.fixture
def executor(work: Workspace) -> Asked:
    work.ideas.add("quick", params=["lift=0.02"])
    work.queue.dispatch([1])
    return Asked(work)


@pytest.fixture
def dispatcher(work: Workspace, executor: Asked) -> Dispatcher:
    return Dispatcher(Project(work.layout, who="dispatcher"), executor)


def ran(work: Workspace, **context: Any) -> None:
    """A run that has ended, and what it said it ran on."""
    number = len(work.view().ledger.runs) + 1
    at = f"2026-01-01T00:00:0{number}.000Z"
    run = Run(
        id=f"r{number}-past", idea=None, baseline=1, rung="full", seed=9, params={}, order=0.0,
        status="stopped", queued_at=at, started_at=at,
    )  # fmt: skip
    folder = work.layout.run(run.id)
    files.make_folder(work.layout.runs)
    files.make_folder(folder.path)
    files.write_whole(folder.context, encoding.encode(context))
    with Project(work.layout).store.transaction("past", by="ana") as tables:
        tables.put(run)


def test_nobody_stands_by_before_a_run_has_used_keras(
    work: Workspace, executor: Asked, dispatcher: Dispatcher
) -> None:
    dispatcher.tick()
    assert executor.backend is None
    ran(work, determinism={}, backend=None)
    dispatcher.tick()
    assert executor.backend is None


def test_one_stands_by_with_the_backend_of_the_last_run_that_used_keras(
    work: Workspace, executor: Asked, dispatcher: Dispatcher
) -> None:
    ran(work, **KERAS)
    ran(work, determinism={})
    dispatcher.tick()
    assert executor.backend == "tensorflow"
    assert dispatcher.stands_by
    ran(work, **{**KERAS, "backend": "jax"})
    dispatcher.tick()
    assert executor.backend == "jax"


def test_nobody_stands_by_where_the_recipe_sets_what_keras_reads(
    work: Workspace, executor: Asked, dispatcher: Dispatcher
) -> None:
    ran(work, **KERAS)
    ran(work, **{**KERAS, "set_before_import": ["TF_XLA_FLAGS"]})
    dispatcher.tick()
    assert executor.backend is None


@pytest.mark.parametrize(
    "line", ["[dispatch]\nstandby = false\n", '[recipe]\ncommand = ["true"]\n'], ids=["off", "command"]
)
def test_nobody_stands_by_where_it_is_turned_off_or_a_command_trains(
    work: Workspace, executor: Asked, dispatcher: Dispatcher, line: str
) -> None:
    ran(work, **KERAS)
    toml = work.layout.toml.read_text()
    if "[recipe]" in line:
        toml = toml.replace('[recipe]\nentry = "experiment:train"\n', "")
    work.layout.toml.write_text(toml + line)
    dispatcher.tick()
    assert executor.backend is None


def test_nobody_stands_by_on_a_machine_short_of_memory(
    work: Workspace, executor: Asked, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(work, **KERAS)
    seen = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: seen._replace(available=standing_by.FREE - 1))
    dispatcher.tick()
    assert executor.backend is None


def test_a_run_waits_for_who_is_getting_ready_only_while_nothing_else_runs(
    work: Workspace, executor: Asked, dispatcher: Dispatcher
) -> None:
    ran(work, **KERAS)
    executor.ready = False
    dispatcher.tick()
    dispatcher.tick()
    assert not living(work.layout.runs)
    executor.ready = True
    dispatcher.tick()
    assert len(living(work.layout.runs)) == 1


def test_it_is_kept_for_a_while_when_nothing_is_left_to_do_and_then_let_go_of(
    work: Workspace, executor: Asked, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(work, **KERAS)
    dispatcher.tick()
    with Project(work.layout).store.transaction("pause", by="ana") as tables:
        tables.set_paused("for lunch")
    for folder in living(work.layout.runs):
        end(folder, "finished")
    dispatcher.tick()
    assert not dispatcher.has_work()
    assert dispatcher.stands_by
    monkeypatch.setattr(standing_by, "LINGER", 0.0)
    dispatcher.tick()
    assert executor.backend is None
    assert not dispatcher.stands_by


def test_an_idle_dispatcher_has_nobody_stand_by(work: Workspace) -> None:
    ran(work, **KERAS)
    executor = Asked(work)
    Dispatcher(Project(work.layout, who="dispatcher"), executor).tick()
    assert executor.backend is None

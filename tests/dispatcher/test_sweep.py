"""Sweeps with real workers: killed on the way, and without Optuna."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.sweep import Method
from planner.searcher import ask as asking
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry
from tests.drills.figure import Figure
from tests.drills.sweeps import killed_sweep
from tests.projects import TOML, make_project

WITHOUT = """
import sys
sys.modules["optuna"] = None
from planner.searcher.__main__ import main
sys.exit(main())
"""
"""The searcher where Optuna is not installed."""
ALONE = "\n[dispatch]\nstandby = false\n"
"""Without a worker that imports Keras, which nothing here needs."""


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_a_killed_sweep_goes_on_and_tries_nothing_twice(
    tmp_path: Path, publish: Callable[[Figure], None], method: Method
) -> None:
    publish(killed_sweep(method, 4, 2, tmp_path / "project", seed=5))


def test_without_optuna_the_idea_halts_with_the_command_and_goes_on_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Workspace(make_project(tmp_path / "project", toml=TOML + ALONE), who="ana")
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    idea = work.ideas.add("tune", sweep=["lift=0.0..0.02"], method="tpe", configs="3")
    work.queue.dispatch([idea.id])
    with monkeypatch.context() as patched:
        patched.setattr(asking, "SEARCHER", (sys.executable, "-c", WITHOUT))
        run_dry(dispatcher)
    ledger = work.project.store.read()
    wish = ledger.ideas[idea.id].dispatch
    assert wish is not None
    assert wish.halted is not None
    assert "pip install 'experiment-planner[search]'" in wish.halted
    assert [run.config for run in ledger.runs.values() if run.config is not None] == [0]
    work.queue.dispatch([idea.id])
    run_dry(dispatcher)
    ledger = work.project.store.read()
    outcome = ledger.outcomes[0]
    assert outcome.chosen is not None
    assert outcome.chosen.tried == 3
    best = max(
        (run for run in ledger.runs.values() if run.config is not None), key=lambda run: run.value or 0
    )
    assert outcome.chosen.params == {"lift": best.params["lift"]}
    confirming = [
        run for run in ledger.runs.values() if run.idea == 1 and run.rung == "full" and run.config is None
    ]
    assert {run.seed for run in confirming} <= {1, 2, 3}
    assert all(run.params == best.params for run in confirming)
    for run in ledger.runs.values():
        assert work.layout.run(run.id).read_spec().config == run.config

"""The rung `small` through the loop, with real workers: what runs, what ends, what a struck run undoes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.run import Run
from planner.store.layout import Layout
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import TOML, make_project

SMALL = "\n[rungs.small]\nparams = { epochs = 1 }\nfraction = 0.5\n"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A project whose rung `small` has ended one idea and let another go on to win; nobody changes it."""
    layout = make_project(tmp_path_factory.mktemp("lived") / "project", toml=TOML + SMALL)
    work = Workspace(layout, who="ana")
    for title, lift in (("dropout", "-0.1"), ("mixup", "0.02")):
        work.ideas.add(title, likelihood="40%", params=[f"lift={lift}"])
    work.ideas.add("never tried", likelihood="30%", params=["lift=0.01"])
    work.queue.dispatch([1, 2])
    run_dry(Dispatcher.of(Project(layout, who="dispatcher")))
    return layout


@pytest.fixture
def after(lived: Layout, tmp_path: Path) -> Workspace:
    """A copy of it."""
    shutil.copytree(lived.project, tmp_path / "project")
    return Workspace(Layout(tmp_path / "project"), who="ana")


def climbed(work: Workspace, idea: int | None) -> list[tuple[str, int]]:
    return [(run.rung, run.seed) for run in work.view().ledger.runs.values() if run.idea == idea]


def small_of(work: Workspace, idea: int | None) -> Run:
    return next(r for r in work.view().ledger.runs.values() if r.idea == idea and r.rung == "small")


def test_a_losing_idea_ends_after_one_simplified_run_and_no_full_one(after: Workspace) -> None:
    assert climbed(after, 1) == [("check", 0), ("small", 0)]
    outcomes = {one.idea: (one.verdict, one.rung) for one in after.view().ledger.outcomes}
    assert outcomes == {1: ("worse", "small"), 2: ("improved", "full")}
    assert after.view().ledger.calibration.outcomes == 2
    run = small_of(after, 1)
    spec = after.layout.run(run.id).read_spec()
    assert (run.rung_params, run.fraction, run.params) == ({"epochs": 1}, 0.5, {"lift": -0.1})
    assert (spec.params, spec.fraction) == ({"lift": -0.1, "epochs": 1}, 0.5)
    assert after.run_detail(run.id).run.progress.epochs == 1


def test_the_next_idea_is_compared_with_the_same_run_and_a_good_one_goes_on(after: Workspace) -> None:
    assert climbed(after, None) == [("small", 0), ("full", 0), ("full", 1), ("full", 2)]
    assert climbed(after, 2) == [("check", 0), ("small", 0), ("full", 0)]


def test_dispatched_again_it_goes_past_small(after: Workspace) -> None:
    after.queue.dispatch([1])
    run_dry(Dispatcher.of(Project(after.layout, who="dispatcher")))
    assert climbed(after, 1).count(("small", 0)) == 1
    newest = after.view().ledger.outcomes[-1]
    assert (newest.verdict, newest.rung) == ("worse", "full")


def test_a_run_keeps_the_simplifications_it_was_queued_with(work: Workspace, dispatcher: Dispatcher) -> None:
    toml = work.layout.toml
    toml.write_text(toml.read_text() + SMALL)
    work.ideas.add("lift", params=["lift=-0.1"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: ("small", 0) in climbed(work, 1))
    toml.write_text(toml.read_text().replace("epochs = 1", "epochs = 3"))
    run_dry(dispatcher)
    told = [
        (run.idea, run.rung_params, work.layout.run(run.id).read_spec().params.get("epochs"))
        for run in work.view().ledger.runs.values()
        if run.rung == "small"
    ]
    assert {(idea, epochs) for idea, _, epochs in told} >= {(None, 3), (1, 3)}
    assert all(params == {"epochs": epochs} for _, params, epochs in told)
    assert [one.rung for one in work.view().ledger.outcomes] == ["small"]


def test_a_struck_run_of_small_takes_its_verdict_back_and_counts_again_exactly(after: Workspace) -> None:
    before = after.view()
    for run in (small_of(after, 1), small_of(after, None)):
        after.corrections.strike(run.id, "the disk was full")
        assert [one.idea for one in after.view().ledger.outcomes] == [2]
        assert {row.idea.id: row.status for row in after.view().ranked} == {1: "ready", 2: "done", 3: "ready"}
        after.corrections.strike_back(run.id)
        assert after.view().ledger.outcomes == before.ledger.outcomes
    assert [row.score.value for row in after.view().ranked] == [row.score.value for row in before.ranked]

    after.corrections.strike(small_of(after, 1).id, "the disk was full")
    after.history.undo()
    assert after.view().ledger.outcomes == before.ledger.outcomes

"""The rung `small` through the loop, with real workers: what runs, what ends, what a struck run undoes."""

from __future__ import annotations

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry

SMALL = "\n[rungs.small]\nparams = { epochs = 1 }\nfraction = 0.5\n"


@pytest.fixture
def cheaper(work: Workspace) -> Workspace:
    """The project with a rung `small` of one epoch instead of two."""
    work.layout.toml.write_text(work.layout.toml.read_text() + SMALL)
    return work


def climbed(work: Workspace, idea: int | None) -> list[tuple[str, int]]:
    return [(run.rung, run.seed) for run in work.view().ledger.runs.values() if run.idea == idea]


def small_of(work: Workspace, idea: int | None) -> Run:
    return next(r for r in work.view().ledger.runs.values() if r.idea == idea and r.rung == "small")


def newest(work: Workspace) -> Outcome:
    return work.view().ledger.outcomes[-1]


def test_a_losing_idea_ends_after_one_simplified_run_and_no_full_one(
    cheaper: Workspace, dispatcher: Dispatcher
) -> None:
    cheaper.ideas.add("dropout", likelihood="40%", params=["lift=-0.1"])
    cheaper.queue.dispatch([1])
    run_dry(dispatcher)
    assert climbed(cheaper, None) == [("small", 0)]
    assert climbed(cheaper, 1) == [("check", 0), ("small", 0)]
    assert (newest(cheaper).verdict, newest(cheaper).rung) == ("worse", "small")
    assert cheaper.view().ledger.calibration.outcomes == 1

    run = small_of(cheaper, 1)
    spec = cheaper.layout.run(run.id).read_spec()
    assert (run.rung_params, run.fraction, run.params) == ({"epochs": 1}, 0.5, {"lift": -0.1})
    assert (spec.params, spec.fraction) == ({"lift": -0.1, "epochs": 1}, 0.5)
    assert cheaper.run_detail(run.id).run.progress.epochs == 1


def test_the_next_idea_is_compared_with_the_same_run_and_a_good_one_goes_on(
    cheaper: Workspace, dispatcher: Dispatcher
) -> None:
    for lift in ("-0.1", "0.02"):
        cheaper.ideas.add(f"lift {lift}", params=[f"lift={lift}"])
    cheaper.queue.dispatch([1, 2])
    run_dry(dispatcher)
    assert climbed(cheaper, None).count(("small", 0)) == 1
    assert climbed(cheaper, 2) == [("check", 0), ("small", 0), ("full", 0)]
    assert [(one.verdict, one.rung) for one in cheaper.view().ledger.outcomes] == [
        ("worse", "small"),
        ("improved", "full"),
    ]


def test_dispatched_again_it_goes_past_small(cheaper: Workspace, dispatcher: Dispatcher) -> None:
    cheaper.ideas.add("dropout", params=["lift=-0.1"])
    for _ in range(2):
        cheaper.queue.dispatch([1])
        run_dry(dispatcher)
    assert climbed(cheaper, 1).count(("small", 0)) == 1
    assert (newest(cheaper).verdict, newest(cheaper).rung) == ("worse", "full")


def test_a_run_keeps_the_simplifications_it_was_queued_with(
    cheaper: Workspace, dispatcher: Dispatcher
) -> None:
    cheaper.ideas.add("lift", params=["lift=-0.1"])
    cheaper.queue.dispatch([1])
    while ("small", 0) not in climbed(cheaper, 1):
        dispatcher.tick()
    toml = cheaper.layout.toml
    toml.write_text(toml.read_text().replace("epochs = 1", "epochs = 3"))
    run_dry(dispatcher)
    told = [
        (run.idea, run.rung_params, cheaper.layout.run(run.id).read_spec().params.get("epochs"))
        for run in cheaper.view().ledger.runs.values()
        if run.rung == "small"
    ]
    assert {(idea, epochs) for idea, _, epochs in told} >= {(None, 3), (1, 3)}
    assert all(params == {"epochs": epochs} for _, params, epochs in told)
    assert newest(cheaper).rung == "small"


def test_a_struck_run_of_small_takes_its_verdict_back_and_counts_again_exactly(
    cheaper: Workspace, dispatcher: Dispatcher
) -> None:
    cheaper.ideas.add("dropout", likelihood="40%", params=["lift=-0.1"])
    cheaper.ideas.add("mixup", likelihood="30%", params=["lift=0.02"])
    cheaper.queue.dispatch([1])
    run_dry(dispatcher)
    before = cheaper.view()
    for run in (small_of(cheaper, 1), small_of(cheaper, None)):
        cheaper.corrections.strike(run.id, "the disk was full")
        after = cheaper.view()
        assert after.ledger.outcomes == ()
        assert {row.idea.id: row.status for row in after.ranked} == {1: "ready", 2: "ready"}
        cheaper.corrections.strike_back(run.id)
        assert cheaper.view().ledger.outcomes == before.ledger.outcomes
    assert [row.score.value for row in cheaper.view().ranked] == [row.score.value for row in before.ranked]

    cheaper.corrections.strike(small_of(cheaper, 1).id, "the disk was full")
    cheaper.history.undo()
    assert cheaper.view().ledger.outcomes == before.ledger.outcomes

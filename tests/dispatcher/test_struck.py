"""Runs that really ran, struck out: the verdict follows, comes back exactly, and missing seeds run again."""

from planner.dispatcher.dispatcher import Dispatcher
from planner.rules.judging.striking import evidence_anew
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry


def full_runs(work: Workspace, idea: int | None) -> list[str]:
    runs = work.project.store.read().runs.values()
    return [run.id for run in runs if run.idea == idea and run.rung == "full" and not run.struck]


def test_a_struck_seed_runs_again_and_counts_again_exactly(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("mixup", params=["lift=0.005"], likelihood="50%")
    work.ideas.add("cutmix", params=["lift=0.02"], likelihood="40%")
    work.queue.dispatch([1])
    run_dry(dispatcher)
    work.ideas.estimate(2, likelihood="60%")
    before = work.view()
    (landed,) = before.ledger.outcomes
    assert evidence_anew(landed, before.ledger, before.settings) == landed.evidence

    of_idea, of_baseline = full_runs(work, 1)[0], full_runs(work, None)[1]
    work.corrections.strike(of_idea, "the disk was full")
    work.corrections.strike(of_baseline, "another machine")
    work.corrections.strike_back(of_idea)
    work.corrections.strike_back(of_baseline)
    after = work.view()
    assert after.ledger.outcomes == before.ledger.outcomes
    assert [row.score.value for row in after.ranked] == [row.score.value for row in before.ranked]

    for name in (*full_runs(work, 1), of_baseline):
        work.corrections.strike(name, "the disk was full")
    assert {row.idea.id: row.status for row in work.view().ranked} == {1: "ready", 2: "ready"}
    work.queue.dispatch([1])
    run_dry(dispatcher)
    ledger = work.view().ledger
    assert [one.idea for one in ledger.outcomes] == [1]
    anew = ledger.outcomes[0].evidence
    assert anew is not None
    assert landed.evidence is not None
    assert (anew.effect, anew.baseline_seeds) == (landed.evidence.effect, landed.evidence.baseline_seeds)
    assert len(full_runs(work, None)) == 3

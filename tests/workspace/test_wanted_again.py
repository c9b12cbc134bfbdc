"""What halted and is asked for again is wanted as it was: nothing that ran for it runs again."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.run import Run
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Start
from planner.rules.sweeping.tried import tried
from planner.workspace.workspace import Workspace
from tests.workspace.swept import as_if_judged, try_all


def swept_anyway(work: Workspace) -> list[str]:
    """A sweep whose three configurations ran once, and two of them once more since it was wanted anyway."""
    work.ideas.add("tune", sweep=["lift=0.0,0.01,0.02"])
    work.queue.dispatch([1])
    try_all(work, 1, lambda values: 0.9)
    as_if_judged(work, 1)
    work.queue.dispatch([1], seeds=2, anyway={1: "it ran before"})
    try_all(work, 1, lambda values: 0.9)
    last = list(work.project.store.read().runs.values())[-1]
    with work.project.store.transaction("stop", by="dispatcher", undoable=False) as tables:
        tables.put(replace(last, status="stopped", value=None))
        idea = tables.get(Idea, 1)
        assert idea is not None
        assert idea.dispatch is not None
        tables.put(replace(idea, dispatch=replace(idea.dispatch, halted=f"run {last.id} was stopped")))
    return [run.id for run in work.project.store.read().runs.values() if run.config in (3, 4, 5)]


def test_a_sweep_that_was_wanted_anyway_and_halted_goes_on_where_it_stands(work: Workspace) -> None:
    since = swept_anyway(work)
    work.queue.requeue(since[-1])
    ledger = work.project.store.read()
    wish = ledger.ideas[1].dispatch
    assert wish is not None
    assert (wish.anyway, wish.seeds, wish.halted) == ("it ran before", 2, None)
    assert [one.run for one in tried(ledger.ideas[1], ledger, work.settings)] == since
    try_all(work, 1, lambda values: 0.9)
    again = [run for run in work.project.store.read().runs.values() if run.queued_at >= wish.at]
    assert [run.config for run in again if run.config is not None] == [5]


def test_asked_for_again_and_again_it_still_counts_from_the_first_time(work: Workspace) -> None:
    since = swept_anyway(work)
    for _ in range(2):
        work.queue.requeue(since[-1])
        with work.project.store.transaction("halt", by="dispatcher", undoable=False) as tables:
            idea = tables.ledger().ideas[1]
            assert idea.dispatch is not None
            tables.put(replace(idea, dispatch=replace(idea.dispatch, halted="again")))
    ledger = work.project.store.read()
    assert [one.run for one in tried(ledger.ideas[1], ledger, work.settings)] == since


def test_a_run_of_the_baseline_that_is_tried_again_brings_back_each_wish_that_waited_for_it(
    work: Workspace,
) -> None:
    swept_anyway(work)
    baseline = Run(
        id="r90-0000", idea=None, baseline=1, rung="full", seed=0, params={}, queued_at="", order=0.0,
        status="stopped",
    )  # fmt: skip
    with work.project.store.transaction("run", by="dispatcher", undoable=False) as tables:
        tables.put(baseline)
    work.queue.requeue("r90-0000")
    ledger = work.project.store.read()
    wish = ledger.ideas[1].dispatch
    assert wish is not None
    assert (wish.anyway, wish.seeds, wish.halted) == ("it ran before", 2, None)
    step = next_step(ledger.ideas[1], ledger, work.settings, now=work.project.now())
    assert isinstance(step, Start)

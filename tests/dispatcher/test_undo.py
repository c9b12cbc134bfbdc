"""Undo while runs wait, train and end: real workers, and a dispatcher that looks at the world each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until

SLOW = ["lift=0.02", "pause=100000"]
"""Params of an idea whose check goes on until it is stopped."""


def ledger(work: Workspace) -> Ledger:
    return work.project.store.read()


def runs(work: Workspace, idea: int) -> list[Run]:
    return [run for run in ledger(work).runs.values() if run.idea == idea]


def test_what_waits_is_undone_and_what_trains_is_not(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("slow", params=SLOW)
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: [run.status for run in runs(work, 1)] == ["running"])
    before = replace(ledger(work), generation=0)
    work.queue.dispatch([2])
    tick_until(dispatcher, lambda: runs(work, 2) and runs(work, 2)[0].waits)

    assert work.undo() == ["dispatch #2 “mixup”"]
    dispatcher.tick()
    assert replace(ledger(work), generation=0) == before

    (run,) = runs(work, 1)
    with pytest.raises(
        Mistake, match=f"its run {run.id} has begun; `planner stop-run {run.id}` ends it there"
    ):
        work.undo()
    work.queue.stop(run.id)
    run_dry(dispatcher)
    assert [run.status for run in runs(work, 1)] == ["stopped"]
    done = work.history.undo()
    assert done.says == ("add #2 “mixup”",)
    assert done.stays[-1] == f"stays: dispatch #1 “slow” (its run {run.id} has been stopped)"


def test_a_dispatch_that_is_done_again_trains(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    work.undo()
    dispatcher.tick()
    assert not dispatcher.has_work()
    turned = work.history.redo()
    assert turned.wakes
    run_dry(dispatcher)
    assert [one.verdict for one in ledger(work).outcomes] == ["improved"]


def test_a_run_that_is_back_in_the_queue_trains_and_its_idea_climbs_to_its_verdict(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    work.ideas.add("slow", params=SLOW)
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1, 2])
    tick_until(dispatcher, lambda: [run.status for run in runs(work, 1)] == ["running"])
    tick_until(dispatcher, lambda: runs(work, 2))
    waits = runs(work, 2)[0]
    work.queue.stop(waits.id)
    tick_until(dispatcher, lambda: ledger(work).ideas[2].dispatch.halted)  # type: ignore[union-attr]  # it is dispatched
    assert work.undo() == [f"take run {waits.id} (check, seed 0) out of the queue"]
    work.queue.stop(runs(work, 1)[0].id)
    run_dry(dispatcher)
    assert runs(work, 2)[0].status == "finished"
    assert [(one.idea, one.verdict) for one in ledger(work).outcomes] == [(2, "improved")]

"""Undo of a dispatch and of the queue: what waits is taken back, what has begun is not."""

from __future__ import annotations

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.workspace.workspace import Workspace
from tests.workspace.undo_steps import (
    again,
    become,
    begin,
    finish,
    now,
    queued,
    tick,
    to_verdict,
)


def test_a_dispatch_whose_runs_still_wait_is_undone_with_them_freeze_and_all(work: Workspace) -> None:
    work.ideas.add("mixup", likelihood="50%", params=["lift=0.02"])
    work.ideas.add("mixture of experts")
    before = now(work)
    work.queue.dispatch([1, 2], implemented=True)
    after = now(work)
    tick(work)
    become(work, queued(work)[0], waits="waits for a free slot")
    assert [run.idea for run in queued(work)] == [1, 2]
    assert again(work).undo() == ["dispatch #1 “mixup”, #2 “mixture of experts”"]
    assert now(work) == before
    assert again(work).redo() == ["dispatch #1 “mixup”, #2 “mixture of experts”"]
    assert now(work) == after
    tick(work)
    assert len(queued(work)) == 2


@pytest.mark.parametrize("status", ["running", "finished", "failed", "crashed", "stopped"])
def test_a_dispatch_with_a_run_that_has_begun_is_refused_in_a_sentence(status: str, work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    become(work, run, status=status, started_at=work.project.now())
    before = now(work)
    with pytest.raises(Mistake) as refused:
        work.undo()
    said = str(refused.value)
    assert said.startswith(f"dispatch #1 “mixup” is not undone: its run {run.id} has ")
    way = f"`planner stop-run {run.id}`" if status == "running" else "`planner runs --idea 1`"
    assert way in said
    assert now(work) == before


def test_the_refusal_names_the_run_of_the_baseline_where_the_idea_waits_for_it(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    finish(work, queued(work)[0], 0.9)
    tick(work)
    (baseline,) = queued(work)
    begin(work, baseline)
    with pytest.raises(Mistake, match=f"has finished; `planner stop-run {baseline.id}` ends it there"):
        work.undo()


def test_a_queued_run_that_has_a_worker_has_begun(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    folder = work.layout.run(run.id)
    folder.path.mkdir(parents=True)
    folder.claim.write_text("{}")
    with pytest.raises(Mistake, match=f"its run {run.id} has begun"):
        work.undo()


def test_a_dispatch_that_was_stopped_is_passed_over_and_said_to_stay(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.ideas.estimate(1, hours="2h")
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    begin(work, run)
    work.queue.stop(run.id)
    become(work, run, status="stopped")
    tick(work)
    assert now(work).ideas[1].dispatch.halted  # type: ignore[union-attr]  # it was dispatched
    done = work.history.undo()
    assert done.says == ("estimate #1 “mixup”: hours 2h",)
    assert done.stays == (
        f"run {run.id} was asked to stop; `planner requeue {run.id}` lets it go on",
        f"stays: dispatch #1 “mixup” (its run {run.id} has been stopped)",
    )
    with pytest.raises(NothingToDo, match="there is nothing to undo"):
        work.undo()
    assert work.redo() == ["estimate #1 “mixup”: hours 2h"]


def test_what_others_build_on_stays_when_a_dispatch_is_undone(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.ideas.add("cutmix", params=["lift=0.03"])
    work.queue.dispatch([1])
    work.queue.dispatch([2])
    tick(work)
    second = next(run for run in queued(work) if run.idea == 2)
    begin(work, second)
    work.queue.stop(second.id)
    become(work, second, status="stopped")
    tick(work)
    assert work.undo() == ["dispatch #1 “mixup”"]
    after = now(work)
    assert [baseline.version for baseline in after.baselines] == [1]
    assert after.calibration.number == 1
    assert (after.ideas[1].dispatch, after.ideas[1].frozen) == (None, None)
    assert queued(work) == []
    work.redo()
    assert now(work).ideas[1].dispatch is not None
    tick(work)
    assert [run.idea for run in queued(work)] == [1]


def test_the_runs_of_the_baseline_leave_the_queue_with_the_last_idea_that_needs_them(
    work: Workspace,
) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=[f"lift=0.0{number}"])
    work.queue.dispatch([1])
    tick(work)
    finish(work, queued(work)[0], 0.9)
    tick(work)
    (baseline,) = queued(work)
    assert baseline.idea is None
    work.queue.dispatch([2])
    tick(work)
    work.undo()
    assert queued(work) == [baseline]


def test_a_run_taken_out_of_the_queue_comes_back_and_its_idea_climbs_on(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    before = now(work)
    (run,) = queued(work)
    work.queue.stop(run.id)
    tick(work)
    assert now(work).ideas[1].dispatch.halted  # type: ignore[union-attr]  # it was dispatched
    says = f"take run {run.id} (check, seed 0) out of the queue"
    assert again(work).undo() == [says]
    assert now(work) == before
    become(work, run, waits="waits for a free slot")
    assert again(work).redo() == [says]
    assert now(work).runs[run.id].status == "stopped"
    again(work).undo()
    assert again(work).undo() == ["dispatch #1 “mixup”"]
    assert now(work).runs == {}


def test_a_run_that_nobody_waits_for_any_more_stays_out_of_the_queue(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    work.queue.stop(run.id)
    tick(work)
    work.queue.requeue(run.id)
    to_verdict(work)
    done = work.history.undo
    with pytest.raises(NothingToDo, match=r"nothing to undo; the verdict on #1 “mixup” stays: improved"):
        done()
    assert now(work).runs[run.id].status == "stopped"


def test_a_place_in_the_queue_is_given_back(work: Workspace) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=[f"lift=0.0{number}"])
    work.queue.dispatch([1, 2])
    tick(work)
    before = now(work)
    first = queued(work)[0]
    work.queue.move(first.id, 1)
    assert work.undo() == [f"move run {first.id} down the queue"]
    assert now(work) == before


def test_letting_dispatch_go_on_is_undone_until_it_has_been_paused_again(work: Workspace) -> None:
    pause = "r1 vanished"

    def paused(reason: str | None) -> None:
        with work.project.store.transaction("pause", by="dispatcher", undoable=False) as tables:
            tables.set_paused(reason)

    paused(pause)
    work.queue.resume()
    assert now(work).paused is None
    assert work.undo() == ["let dispatch go on"]
    assert now(work).paused == pause
    work.redo()
    paused("r2 vanished")
    with pytest.raises(NothingToDo, match=r"stays: let dispatch go on \(dispatch has been paused again\)"):
        work.undo()

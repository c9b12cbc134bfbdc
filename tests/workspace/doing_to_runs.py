"""What people, workers and the dispatcher do to runs: rules of the state machine."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from planner.domain.run import LIVE
from tests.workspace import paper_runs
from tests.workspace.changes import dispatching
from tests.workspace.picking import PICK, Picking
from tests.workspace.plain import GONE, Plain, newest, put

ENDS = st.sampled_from(("finished", "finished", "finished", "failed", "vanished"))


def _lift(params: Mapping[str, object]) -> float:
    """What params add to the metric."""
    lift = params.get("lift", 0.0)
    assert isinstance(lift, float)
    return lift


def _verdicts(lift: float) -> set[str]:
    """What the seeds say of an idea that lifts the metric by so much over its baseline."""
    if not lift:
        return {"no gain", "inconclusive"}
    return {"improved"} if lift > 0 else {"worse"}


class RunRules(Picking):
    """Runs that are asked for, begin, end, are stopped and queued once more."""

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK)
    def dispatch(self, pick: int) -> None:
        idea = self.pick("idea", pick)
        wanted = self.both.world["idea", idea, "wanted"]
        assert self.both.do(*dispatching(idea)) is not wanted

    @rule()
    def tick(self) -> None:
        self.both.tick()

    @rule(how=ENDS)
    def a_run_ends(self, how: paper_runs.End) -> None:
        for folder in paper_runs.living(self.both.layout.runs)[:1]:
            paper_runs.end(folder, how)
        self.both.tick()

    @rule()
    def everything_runs_to_its_end(self) -> None:
        before, more = self.both.world, True
        for _ in range(60):
            if not more:
                break
            for folder in paper_runs.living(self.both.layout.runs):
                paper_runs.end(folder, "finished")
            more = self.both.tick()
        assert not more
        if not self.both.world["paused",]:
            self.check_verdicts(before)

    def check_verdicts(self, before: Plain) -> None:
        """What was wanted is judged, by what its seeds must say, or halted with its reason."""
        ledger = self.both.ledger
        base = {one.version: _lift(one.params) for one in ledger.baselines}
        for idea in ledger.ideas.values():
            if before.get(("idea", idea.id, "wanted")):
                runs = [run for run in ledger.runs.values() if run.idea == idea.id]
                lifts = {round(_lift(run.params) - base[run.baseline], 3) for run in runs}
                verdict = self.both.world.get(newest(self.both.world, idea.id), GONE)[0]
                halted = idea.dispatch is not None and idea.dispatch.halted
                ends = {run.status for run in runs}
                expected = _verdicts(lifts.pop()) if len(lifts) == 1 else {verdict}
                assert halted or verdict in expected or ends & {"failed"}, (idea, verdict)

    @precondition(lambda self: self.some("run"))
    @rule(pick=PICK)
    def stop(self, pick: int) -> None:
        run = self.pick("run", pick)
        status = self.both.world["run", run, "status"]
        stopped = {("run", run, "status"): "stopped"} if status == "queued" else {}
        assert self.both.do(lambda work: work.queue.stop(run), lambda world: put(world, stopped)) == (
            status in LIVE
        )

    @precondition(lambda self: self.some("run"))
    @rule(pick=PICK)
    def requeue(self, pick: int) -> None:
        run = self.pick("run", pick)
        live = self.both.world["run", run, "status"] in LIVE
        done = self.both.do(lambda work: work.queue.requeue(run), moves="idea paused run")
        assert not (live and done)

    @rule()
    def resume(self) -> None:
        self.both.do(lambda work: work.queue.resume(), lambda world: put(world, {("paused",): False}))

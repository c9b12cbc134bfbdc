"""Any mixture of verbs, ticks, undo, restarts and kills, against a plain model of what must be there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from planner.domain.run import LIVE
from planner.workspace.records import calibrate_now
from tests.workspace import paper_runs
from tests.workspace.changes import adding, dispatching, editing, estimating, overruling, placing
from tests.workspace.machine import Both, Verb
from tests.workspace.plain import GONE, Plain, newest, put

PICK = st.integers(min_value=0, max_value=1000)
TITLES = st.sampled_from(("mixup", "wider [/b]", "=1+1", "ema \N{SNOWMAN}", "longer warm-up"))
LIFTS = st.sampled_from((None, -0.02, 0.0, 0.02))
PEOPLE = st.sampled_from(("ana", "bo"))
ENDS = st.sampled_from(("finished", "finished", "finished", "failed", "vanished"))
CALL = st.integers(min_value=1, max_value=30)


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


class WorkspaceMachine(RuleBasedStateMachine):
    """Each rule does one thing to a real project and says what it makes of a plain one."""

    @initialize()
    def begin(self) -> None:
        """A project in which there is something for every verb: a win, what is ready, what is open."""
        self.both = Both()
        for number, lift in enumerate((0.02, 0.0, None), start=1):
            assert self.both.do(*adding("mixup", lift, number))
        assert self.both.do(*dispatching(1))
        self.everything_runs_to_its_end()

    def pick(self, what: str, number: int) -> Any:
        """One of the ideas, runs or verdicts there are."""
        names = sorted({place[1] for place in self.both.world if place[0] == what})
        return names[number % len(names)]

    def verdict(self, idea: int) -> Any:
        """What is believed of an idea: the verdict, that of the seeds, why not adopted, whether given up."""
        return self.both.world[newest(self.both.world, idea)]

    def some(self, what: str) -> bool:
        return hasattr(self, "both") and any(place[0] == what for place in self.both.world)

    # -- ideas --------------------------------------------------------------------------------

    @rule(title=TITLES, lift=LIFTS)
    def add(self, title: str, lift: float | None) -> None:
        assert self.both.do(*adding(title, lift, self.next_idea()))

    def next_idea(self) -> int:
        """Numbers once given are never given again: the highest that any change has ever made, and one."""
        made = [place[1] for one in self.both.made for place in one if place[0] == "idea"]
        return max(made, default=0) + 1

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK, by=PEOPLE, hours=st.integers(1, 9), chance=st.sampled_from((None, 20, 60)))
    def estimate(self, pick: int, by: str, hours: int, chance: int | None) -> None:
        idea = self.pick("idea", pick)
        assert self.both.do(*estimating(idea, by, hours, chance))

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK, title=TITLES, tags=st.sampled_from(((), ("cheap",), ("cheap", "aug"))))
    def edit(self, pick: int, title: str, tags: tuple[str, ...]) -> None:
        idea = self.pick("idea", pick)
        assert self.both.do(*editing(idea, title, tags))

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK, lift=st.sampled_from((-0.02, 0.0, 0.02)))
    def change_what_it_does(self, pick: int, lift: float) -> None:
        idea = self.pick("idea", pick)
        done = self.both.do(
            lambda work: work.ideas.edit(idea, params=[f"lift={lift}"]),
            lambda world: put(world, {("idea", idea, "params"): str({"lift": lift})}),
        )
        assert done is not self.both.world["idea", idea, "wanted"]

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK, place=st.sampled_from(("parked", "dropped", "backlog")))
    def place(self, pick: int, place: str) -> None:
        idea = self.pick("idea", pick)
        before = self.both.world["idea", idea, "place"]
        done = self.both.do(*placing(idea, place))
        assert done == (before != place and not self.both.world["idea", idea, "wanted"])

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK, hours=st.integers(1, 9))
    def spend(self, pick: int, hours: int) -> None:
        idea = self.pick("idea", pick)
        self.both.do(
            lambda work: work.ideas.set_spent(idea, f"{hours}h"),
            lambda world: put(world, {("idea", idea, "spent"): float(hours)}),
        )

    @rule(likelihood=st.integers(10, 90), again=st.booleans())
    def bring_in_ideas(self, likelihood: int, again: bool) -> None:
        path = self.both.folder / "ideas.csv"
        if not again or not path.exists():
            path.write_text(f"title,by,likelihood\nof a file {self.next_idea()},bo,{likelihood}%\n")
        self.both.do(lambda work: work.import_ideas(path), moves="idea estimate")

    @rule(gain=st.sampled_from((0.004, -0.001)))
    def bring_in_history(self, gain: float) -> None:
        path, idea = self.both.folder / "log.csv", self.next_idea()
        path.write_text(
            f"idea,status,gain,date\ntried {idea},{'keep' if gain > 0 else 'discard'},{gain},2026-01-03\n"
        )
        assert self.both.do(lambda work: work.import_history(path), moves="idea verdict")
        assert self.verdict(idea)[0] in ("improved", "no gain", "worse")

    @rule()
    def review(self) -> None:
        assert self.both.do(lambda work: work.review(write=True), lambda world: world)
        assert list(self.both.layout.reviews.glob("2026-W*.md"))

    # -- runs ---------------------------------------------------------------------------------

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

    # -- outcomes -----------------------------------------------------------------------------

    @precondition(lambda self: self.some("verdict"))
    @rule(pick=PICK, verdict=st.sampled_from(("improved", "no gain", "worse")))
    def overrule(self, pick: int, verdict: str) -> None:
        self.both.do(*overruling(self.pick("verdict", pick), verdict))

    @precondition(lambda self: self.some("verdict"))
    @rule(pick=PICK)
    def overrule_back(self, pick: int) -> None:
        idea = self.pick("verdict", pick)
        place, seeds = newest(self.both.world, idea), self.verdict(idea)[1]
        if self.both.do(lambda work: work.corrections.overrule_back(idea), moves="verdict"):
            assert self.both.world.get(place, (seeds, None))[:2] == (seeds, None)

    @precondition(lambda self: self.some("verdict"))
    @rule(pick=PICK, back=st.booleans())
    def decline(self, pick: int, back: bool) -> None:
        idea = self.pick("verdict", pick)
        verdict, seeds, _, given_up = self.verdict(idea)
        now = (verdict, seeds, None if back else "too slow", given_up)
        self.both.do(
            lambda work: (
                work.corrections.decline_back(idea) if back else work.corrections.decline(idea, "too slow")
            ),
            lambda world: put(world, {newest(world, idea): now}),
        )

    @precondition(lambda self: self.some("verdict"))
    @rule(pick=PICK)
    def adopt(self, pick: int) -> None:
        idea = self.likely_win(pick)
        verdict, seeds, _, given_up = self.verdict(idea)
        before = self.both.ledger.baselines
        version = before[-1].version + 1 if before else 0
        kept = {newest(self.both.world, idea): (verdict, seeds, None, given_up), ("adopted", idea): version}
        done = self.both.do(
            lambda work: work.corrections.adopt(idea, anyway=True),
            lambda world: put(world, {**kept, **self.out_of_the_queue(before[-1].version)}),
        )
        assert not done or (verdict == "improved" and idea not in {one.adopted for one in before})
        if done:
            written = tomllib.loads(self.both.layout.toml.read_text())["baseline"]["params"]
            assert written == self.both.ledger.baselines[-1].params

    def likely_win(self, pick: int) -> int:
        """An idea that improved, where one has."""
        ideas = sorted({int(place[1]) for place in self.both.world if place[0] == "verdict"})
        wins = [idea for idea in ideas if self.verdict(idea)[0] == "improved"]
        return (wins or ideas)[pick % len(wins or ideas)]

    def out_of_the_queue(self, baseline: int) -> Plain:
        """What waits for a version of the baseline that is no longer in force leaves the queue."""
        gone = [
            run.id
            for run in self.both.ledger.runs.values()
            if run.baseline == baseline and run.status == "queued" and not self.begun(run.id)
        ]
        return {place: GONE for place in self.both.world if place[0] == "run" and place[1] in gone}

    def begun(self, run: str) -> bool:
        return self.both.layout.run(run).claim.exists()

    @precondition(lambda self: self.some("idea"))
    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        idea = self.pick("idea", pick)
        if self.both.do(lambda work: work.corrections.give_up(idea, "unworkable"), moves="verdict idea"):
            assert self.verdict(idea) == ("no gain", None, None, True)
            assert not self.both.world["idea", idea, "wanted"]

    @precondition(lambda self: self.some("verdict"))
    @rule(pick=PICK)
    def give_up_back(self, pick: int) -> None:
        idea = self.pick("verdict", pick)
        given_up = self.verdict(idea)[3]
        done = self.both.do(lambda work: work.corrections.give_up_back(idea), moves="verdict idea")
        assert done <= given_up

    @precondition(lambda self: self.some("run"))
    @rule(pick=PICK, back=st.booleans())
    def strike(self, pick: int, back: bool) -> None:
        run = self.pick("run", pick)
        if back:
            self.both.do(lambda work: work.corrections.strike_back(run), moves="run verdict")
        else:
            self.both.do(lambda work: work.corrections.strike(run, "wrong data"), moves="run verdict")

    @precondition(lambda self: self.some("run"))
    @rule(pick=PICK)
    def strike_and_back_leads_to_the_same_verdicts_and_scores(self, pick: int) -> None:
        run, before = self.pick("run", pick), self.both.ledger
        # What rests on another struck run is judged anew, by what people say now; else it is as it was.
        others = any(one.struck for one in before.runs.values())
        if others:
            self.both.do(lambda work: calibrate_now(work.project), lambda world: world)
        world, scores = self.both.world, self.scores()
        if self.both.do(lambda work: work.corrections.strike(run, "wrong data"), moves="run verdict"):
            assert self.both.do(lambda work: work.corrections.strike_back(run), moves="run verdict")
            assert self.both.world == world
            assert self.scores() == scores
            assert others or self.both.ledger.outcomes == before.outcomes

    def scores(self) -> dict[int, float]:
        return {row.idea.id: row.score.value for row in self.both.work.view().ranked}

    # -- history ------------------------------------------------------------------------------

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        self.both.undo(times)

    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        self.both.redo(times)

    @rule(times=st.integers(1, 3))
    def undo_and_redo(self, times: int) -> None:
        self.both.undo(times)
        self.both.redo(times)

    # -- faults -------------------------------------------------------------------------------

    @rule()
    def everything_begins_anew(self) -> None:
        self.both.begin_anew()
        self.both.adopt()

    @rule(at=CALL, pick=PICK, kind=st.integers(0, 8))
    def a_verb_is_killed(self, at: int, pick: int, kind: int) -> None:
        self.both.die_in(self.killable(kind, pick), at)

    def killable(self, kind: int, pick: int) -> Verb:
        """A verb of each kind that there is something for."""
        idea = self.pick("idea", pick) if self.some("idea") else 1
        run = self.pick("run", pick) if self.some("run") else "r1"
        verbs: tuple[Verb, ...] = (
            lambda work: work.ideas.add("killed"),
            lambda work: work.ideas.estimate(idea, likelihood="50%"),
            lambda work: work.queue.dispatch([idea], implemented=True),
            lambda work: work.corrections.overrule(idea, "improved", "I saw it"),
            lambda work: work.corrections.strike(run, "wrong data"),
            lambda work: work.corrections.give_up(idea, "unworkable"),
            lambda work: work.corrections.adopt(idea, anyway=True),
            lambda work: work.undo(),
            lambda work: work.redo(),
        )
        return verbs[kind]

    @rule(at=st.integers(min_value=1, max_value=70))
    def a_dispatcher_is_killed(self, at: int) -> None:
        self.both.die_in_a_tick(at)

    # -- always -------------------------------------------------------------------------------

    @invariant()
    def the_project_is_what_the_model_is(self) -> None:
        if hasattr(self, "both"):
            self.both.check()

    def teardown(self) -> None:
        if hasattr(self, "both"):
            self.both.close()


TestWorkspaceMachine = WorkspaceMachine.TestCase
TestWorkspaceMachine.settings = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,  # the same in every `make check`
    suppress_health_check=list(HealthCheck),
)

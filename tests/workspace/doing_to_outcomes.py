"""What people do to verdicts: rules of the state machine."""

from __future__ import annotations

import tomllib

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from planner.workspace.records import calibrate_now
from tests.workspace.changes import overruling
from tests.workspace.picking import PICK, Picking
from tests.workspace.plain import GONE, Plain, newest, put


class OutcomeRules(Picking):
    """Verdicts that are overruled, declined, adopted, given up and struck, and all of it back again."""

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

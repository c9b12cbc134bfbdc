"""What people do to ideas: rules of the state machine."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.workspace.changes import adding, editing, estimating, placing
from tests.workspace.picking import PICK, Picking
from tests.workspace.plain import put

TITLES = st.sampled_from(("mixup", "wider [/b]", "=1+1", "ema \N{SNOWMAN}", "longer warm-up"))
LIFTS = st.sampled_from((None, -0.02, 0.0, 0.02))
PEOPLE = st.sampled_from(("ana", "bo"))


class IdeaRules(Picking):
    """Ideas that are added, brought in, estimated, changed and set aside."""

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

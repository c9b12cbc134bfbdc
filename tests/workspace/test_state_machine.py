"""Any mixture of verbs, ticks, undo, restarts and kills, against a plain model of what must be there."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.workspace.changes import adding, dispatching
from tests.workspace.doing_to_ideas import IdeaRules
from tests.workspace.doing_to_outcomes import OutcomeRules
from tests.workspace.doing_to_runs import RunRules
from tests.workspace.machine import Both, Verb
from tests.workspace.picking import PICK

CALL = st.integers(min_value=1, max_value=30)


class WorkspaceMachine(IdeaRules, RunRules, OutcomeRules):
    """Each rule does one thing to a real project and says what it makes of a plain one."""

    @initialize()
    def begin(self) -> None:
        """A project in which there is something for every verb: a win, what is ready, what is open."""
        self.both = Both()
        for number, lift in enumerate((0.02, 0.0, None), start=1):
            assert self.both.do(*adding("mixup", lift, number))
        assert self.both.do(*dispatching(1))
        self.everything_runs_to_its_end()

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

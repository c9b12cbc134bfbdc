"""What the face asks of the engine: every verb of one project, and a frozen picture of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from planner.domain.idea import Idea
from planner.domain.view import RunDetail, View

if TYPE_CHECKING:
    from planner.domain.repeat import Repeat
    from planner.domain.review import Review


class Engine(Protocol):
    """One project. Every verb is durable when it returns, and raises a Mistake a person can act on.

    Verbs are called from threads, one at a time; `view` and `gpu_line` from another one beside them.
    `hint` is called by the screen itself at every key, so it answers at once and touches no disk.
    """

    @property
    def name(self) -> str:
        """The project, in a word: its folder's name."""

    @property
    def who(self) -> str:
        """The person at the keyboard: whose estimates `nudge` moves."""

    def view(self) -> View:
        """The project now; the same object as before when nothing moved."""

    def gpu_line(self, width: int) -> str:
        """The state of the GPUs in one line of at most `width` cells, or calmly that there is none."""

    def hint(self, line: str) -> str:
        """What `add` would make of the line, in a sentence; a Mistake when it would refuse it."""

    def add(self, line: str, by: str | None = None) -> Idea:
        """Capture an idea from one line in the command line's own syntax."""

    def edit(
        self,
        idea_id: int,
        *,
        title: str | None = None,
        hypothesis: str | None = None,
        category: str | None = None,
        tags: Sequence[str] | None = None,
        params: Sequence[str] | None = None,
        ref: str | None = None,
        implemented: bool | None = None,
        sweep: Sequence[str] | None = None,
        nuisance: Sequence[str] | None = None,
        method: str | None = None,
        configs: str | None = None,
    ) -> Idea:
        """Change what is given; params are texts such as `lr=1e-3`, those of a sweep such as `lr=1e-4..1e-1`.

        An empty ref or sweep takes it away.
        """

    def estimate(
        self,
        idea_id: int,
        *,
        by: str | None = None,
        hours: str | None = None,
        complexity: str | None = None,
        impact: str | None = None,
        likelihood: str | None = None,
    ) -> Idea:
        """Say one person's numbers, as typed; what is not given stays as that person last said it."""

    def nudge(self, idea_id: int, criterion: str, step: int) -> Idea:
        """Move one criterion of one's own estimate up (+1) or down (-1)."""

    def start_timer(self, idea_id: int) -> Idea:
        """Start the implementation timer."""

    def stop_timer(self, idea_id: int, hours: str | None = None) -> Idea:
        """Stop the implementation timer and add its hours, or those that are typed instead."""

    def park(self, idea_id: int) -> Idea:
        """Set an idea aside."""

    def restore(self, idea_id: int) -> Idea:
        """Bring a parked or dropped idea back."""

    def drop(self, idea_id: int) -> Idea:
        """Give an idea up untried."""

    def keep(self, idea_id: int) -> Idea:
        """Leave an idea as it is, having looked at it: the review does not ask about it again so soon."""

    def import_file(self, path: str, what: str, columns: Sequence[str] = ()) -> str:
        """Bring in `history` or `ideas` from a file; a sentence.

        `columns` say what a column means, each as `column=field`, where its name does not.
        """

    def repeats(self, ids: Sequence[int]) -> tuple[Repeat, ...]:
        """What a person should know before these ideas are dispatched: what they would run over again."""

    def dispatch(
        self, ids: Sequence[int], seeds: int | None = None, anyway: Mapping[int, str] | None = None
    ) -> str:
        """Let ideas climb the ladder; a sentence of what was queued.

        `anyway` holds by idea what a person was warned of and wants regardless.
        """

    def sweep_on(self, idea_id: int, *, narrow: bool, more: str | None = None) -> str:
        """Give a sweep its next round, in narrower ranges or with further configurations; a sentence.

        `more` is how many, as typed; None for as many as the round before.
        """

    def resume(self) -> str:
        """Let runs start again after a pause; a sentence."""

    def stop_run(self, run_id: str) -> str:
        """Stop a run, or take a queued one out of the queue; a sentence."""

    def requeue(self, run_id: str) -> str:
        """Queue an ended run once more; a sentence."""

    def replay(self, run_id: str) -> str:
        """Make a run once more as it was recorded; of a replay, how it came out; a sentence."""

    def move_run(self, run_id: str, step: int) -> str:
        """Move a queued run `step` places down the queue, up when negative; a sentence."""

    def overrule(self, idea_id: int, verdict: str, because: str) -> str:
        """Put a person's verdict over that of the seeds; a sentence."""

    def overrule_back(self, idea_id: int) -> str:
        """Let the verdict of the seeds stand again; a sentence."""

    def adopt(self, idea_id: int, anyway: bool = False) -> str:
        """Make a win the next version of the baseline; a sentence."""

    def decline(self, idea_id: int, because: str) -> str:
        """Do not adopt a win; a sentence."""

    def decline_back(self, idea_id: int) -> str:
        """Keep a win that was declined after all; a sentence."""

    def give_up(self, idea_id: int, because: str, hours: str | None = None) -> str:
        """Give an idea up as unworkable, with what it has cost; a sentence."""

    def give_up_back(self, idea_id: int) -> str:
        """Take an idea up again; a sentence."""

    def strike(self, run_id: str, because: str) -> str:
        """Strike a run out, so that it is nobody's evidence; a sentence."""

    def strike_back(self, run_id: str) -> str:
        """Let a run that was struck out count again; a sentence."""

    def calibrate_now(self) -> str:
        """Put a new calibration in force, made from the whole ledger; a sentence."""

    def undo(self) -> str:
        """Take back the newest change; a sentence of what was undone."""

    def redo(self) -> str:
        """Do again what was undone; a sentence of what was redone."""

    def run_detail(self, run_id: str) -> RunDetail:
        """Everything there is to see of one run."""

    def review(self, week: str | None = None) -> Review:
        """The review of a week such as `2026-W47`, this one when None."""

    def write_review(self, week: str | None = None) -> str:
        """Write that review to its file; a sentence that names it."""

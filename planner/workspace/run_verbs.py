"""What the face asks of runs; each verb answers with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from planner.domain.run import Run
from planner.workspace.lookup import find_run
from planner.workspace.workspace import Workspace

if TYPE_CHECKING:
    from planner.domain.repeat import Repeat


class RunVerbs:
    """Every verb that begins, ends, repeats or moves a run; durable when it returns, or a Mistake."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        """The project, with every verb there is."""

    def repeats(self, ids: Sequence[int]) -> tuple[Repeat, ...]:
        """What a person should know before these ideas are dispatched: what they would run over again."""
        from planner.workspace.duplicates import Duplicates

        return Duplicates(self.workspace.project).of(ids)

    def dispatch(
        self, ids: Sequence[int], seeds: int | None = None, anyway: Mapping[int, str] | None = None
    ) -> str:
        """Let ideas climb the ladder, in spite of what `anyway` was warned of; a sentence."""
        ideas = self.workspace.queue.dispatch(ids, seeds=seeds, anyway=anyway)
        self.workspace.ensure_dispatcher()
        if len(ideas) == 1:
            return f"dispatched “{ideas[0].title}”"
        return f"dispatched {len(ideas)} ideas"

    def sweep_on(self, idea_id: int, *, narrow: bool, more: str | None = None) -> str:
        """Give a sweep its next round, in narrower ranges or with `more` configurations; a sentence."""
        from planner.rules.notation.sweeping import many_configs
        from planner.rules.wording.sweeps import sweep_in_words
        from planner.workspace.sweeping import sweep_on

        many = many_configs(more) if more is not None else None
        idea = sweep_on(self.workspace.queue, idea_id, narrow=narrow, more=many)
        self.workspace.ensure_dispatcher()
        told = f": {sweep_in_words(idea.change.sweep)}" if idea.change.sweep else ""
        return f"dispatched #{idea_id} “{idea.title}”{told}"

    def resume(self) -> str:
        """Let runs start again after a pause; a sentence."""
        self.workspace.queue.resume()
        self.workspace.ensure_dispatcher()
        return "dispatch goes on"

    def stop_run(self, run_id: str) -> str:
        """Stop a run, or take a queued one out of the queue; a sentence."""
        run = self.workspace.queue.stop(run_id)
        if run.status != "running":
            return f"took run {run.id} out of the queue"
        self.workspace.ensure_dispatcher()
        return f"asked run {run.id} to stop"

    def requeue(self, run_id: str) -> str:
        """Queue an ended run once more; a sentence."""
        from planner.workspace.resuming import going_on

        work = self.workspace
        again = work.queue.requeue(run_id)
        where = going_on(work.project, find_run(work.project.store.read().runs, run_id))
        work.ensure_dispatcher()
        return f"queued run {again.id}" if isinstance(again, Run) else f"“{again.title}” climbs on{where}"

    def replay(self, run_id: str) -> str:
        """Make a run once more as it was recorded; of a replay, how it came out; a sentence."""
        from planner.workspace.replay import replay, told

        work = self.workspace
        run = find_run(work.project.store.read().runs, run_id)
        if run.replay_of is not None:
            found = told(work.project, run)
            return "; ".join([found.replayed.sentence, *found.differs])
        again = replay(work.project, run.id)
        work.ensure_dispatcher()
        return f"replays {run.id} as {again.id}, as it was recorded"

    def move_run(self, run_id: str, step: int) -> str:
        """Move a queued run `step` places down the queue, up when negative; a sentence."""
        run = self.workspace.queue.move(run_id, step)
        return f"moved run {run.id} {'down' if step > 0 else 'up'}"

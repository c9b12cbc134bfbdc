"""A screen whose ideas are dispatched, opened, timed, set aside, dropped and given up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual import work

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.view import RankedIdea
from planner.rules.reviewing.timers import forgotten
from screens.judging import JudgingPage


class IdeasPage(JudgingPage):
    """Actions on all ideas that are marked, or else on the highlighted one; a screen says which those are."""

    @property
    def current(self) -> RankedIdea | None:
        """The highlighted idea."""
        raise NotImplementedError

    def chosen(self) -> list[int]:
        """The marked ideas, or else the highlighted one, by number."""
        raise NotImplementedError

    def step_off(self, ids: Sequence[int]) -> None:
        """Rest on the next idea that stays."""
        raise NotImplementedError

    def unmark(self) -> None:
        """Take all marks away."""
        raise NotImplementedError

    # -- actions --------------------------------------------------------------------------------

    def action_dispatch(self) -> None:
        """Let the marked ideas, or else the highlighted one, climb the ladder."""
        from screens.repeats import dispatch

        dispatch(self.planner, self.chosen())
        self.unmark()

    def action_timer(self) -> None:
        """Start or stop the implementation timer."""
        if self.current is not None:
            idea, engine = self.current.idea, self.planner.engine
            if forgotten(idea, self.planner.now()):
                self._ask_hours(idea)
                return
            verb = engine.stop_timer if idea.timer_since else engine.start_timer
            self._each(verb, "timer stopped on" if idea.timer_since else "timer runs on", [idea.id])

    def _ask_hours(self, idea: Idea) -> None:
        from screens.correcting import ask_hours

        ask_hours(self.planner, idea)

    def action_give_up(self) -> None:
        """Give an idea up as unworkable, which counts as a failure, or take it up again."""
        from screens.correcting import give_up

        if (row := self.current) is not None:
            give_up(self.planner, row.idea, row.outcome)

    def action_park(self) -> None:
        """Set ideas aside, or bring them back when the highlighted one is set aside or dropped."""
        if self.current is not None:
            engine, ids = self.planner.engine, self.chosen()
            if self.current.idea.place == "backlog":
                self.step_off(ids)
                self._each(engine.park, "parked", ids)
            else:
                self._each(engine.restore, "restored", ids)

    def action_drop(self) -> None:
        """Give ideas up; `u` brings them back."""
        ids = self.chosen()
        self.step_off(ids)
        self._each(self.planner.engine.drop, "dropped", ids)

    def action_sweep(self) -> None:
        """Show every configuration that the idea's sweep has tried, and its next round."""
        if self.current is not None:
            self.planner.open_sweep(self.current.idea.id)

    def action_open_run(self) -> None:
        """Open the newest run of the highlighted idea."""
        if self.current is None or self.view is None:
            return
        number = self.current.idea.id
        ids = [run.run.id for run in self.view.runs if run.run.idea == number and run.run.started_at]
        if ids:
            self.planner.open_run(ids[0])
        else:
            self.planner.say(f"#{number} has not run yet: d dispatches it.")

    # -- parts ----------------------------------------------------------------------------------

    @work
    async def _each(self, verb: Callable[[int], Idea], done: str, ids: list[int]) -> None:
        """Do a verb on ideas one after the other, and say what was done."""
        ideas = []
        try:
            for number in ids:
                ideas.append(await self.planner.perform(partial(verb, number)))
        except Mistake as mistake:
            self.planner.complain(mistake)
        self.unmark()
        if ideas:
            what = f"#{ideas[0].id} {ideas[0].title}" if len(ideas) == 1 else f"{len(ideas)} ideas"
            self.planner.say(f"{done} {what} · u undoes it")

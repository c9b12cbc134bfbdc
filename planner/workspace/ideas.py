"""What a person does with ideas: capture, edit, estimate, time, park, drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from planner import clock
from planner.domain.estimate import Estimate
from planner.domain.idea import Idea, Place
from planner.domain.mistake import Mistake, NothingToDo
from planner.rules.notation import limits, typed
from planner.rules.notation.estimating import nudge, typed_estimate, with_estimate
from planner.rules.notation.limits import few_enough, one_line, short_enough
from planner.rules.wording.changes import done_to, named
from planner.workspace.changing import TypedChange, alters, edited_change, new_change
from planner.workspace.lookup import find_idea
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.domain.outcome import Outcome


class IdeaVerbs:
    """Every verb about ideas; each is one transaction and can be undone."""

    def __init__(self, project: Project) -> None:
        self.project = project

    # -- capture ------------------------------------------------------------------------------

    def add(
        self,
        title: str,
        *,
        hours: str | None = None,
        complexity: str | None = None,
        impact: str | None = None,
        likelihood: str | None = None,
        by: str | None = None,
        category: str = "other",
        tags: Sequence[str] = (),
        hypothesis: str = "",
        after: Sequence[int] = (),
        run_hours: str | None = None,
        **change: Unpack[TypedChange],
    ) -> Idea:
        """Capture an idea; every text is as a person types it, a Mistake says what would be right."""
        who = _name(by or self.project.who)
        estimate = self._estimate(who, hours, complexity, impact, likelihood)
        idea = Idea(
            id=0,
            title=_title(title),
            created_at=self.project.now(),
            created_by=_name(self.project.who),
            hypothesis=_hypothesis(hypothesis),
            category=_category(category),
            tags=_tags(tags),
            change=new_change(change),
            estimates={who: estimate} if estimate else {},
            after=_after(after),
            run_hours=None if run_hours is None else typed.hours(run_hours),
        )
        with self.project.store.transaction("add", by=self.project.who) as tables:
            for other in after:
                if tables.get(Idea, other) is None:
                    raise Mistake(f"no idea {other} to come after; `planner list` shows the ideas there are")
            added = tables.put(replace(idea, id=tables.next_id(Idea)))
            tables.says = f"add {named(added)}"
            return added

    # -- change -------------------------------------------------------------------------------

    def edit(
        self,
        idea_id: int,
        *,
        title: str | None = None,
        hypothesis: str | None = None,
        category: str | None = None,
        tags: Sequence[str] | None = None,
        after: Sequence[int] | None = None,
        run_hours: str | None = None,
        **change: Unpack[TypedChange],
    ) -> Idea:
        """Change what is given and leave the rest; an empty ref, run_hours or sweep takes it away."""

        def edited(idea: Idea) -> Idea:
            if alters(change) and idea.dispatch and not idea.dispatch.halted:
                raise Mistake(
                    f"idea {idea.id} is dispatched: what it changes can't move under its runs; "
                    f"stop its runs first (`planner runs --idea {idea.id}`)"
                )
            return replace(
                idea,
                title=idea.title if title is None else _title(title),
                hypothesis=idea.hypothesis if hypothesis is None else _hypothesis(hypothesis),
                category=idea.category if category is None else _category(category),
                tags=idea.tags if tags is None else _tags(tags),
                change=edited_change(self.project, idea, change),
                edited_at=self.project.now() if alters(change) else idea.edited_at,
                after=idea.after if after is None else _after(after),
                run_hours=_run_hours(idea.run_hours, run_hours),
            )

        return self._change(idea_id, "edit", edited)

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
        """Say one person's numbers; criteria not given stay as that person last said them."""
        who = _name(by or self.project.who)
        new = self._estimate(who, hours, complexity, impact, likelihood)
        if new is None:
            raise Mistake(
                "nothing to estimate: give at least one of -t HOURS, -c COMPLEXITY, -i IMPACT, -l LIKELIHOOD"
            )
        verb = "estimate" if who == self.project.who else f"estimate by {who} of"
        return self._change(idea_id, verb, lambda idea: with_estimate(idea, new))

    def nudge(self, idea_id: int, criterion: str, step: int, *, by: str | None = None) -> Idea:
        """Move one criterion a step up (+1) or down (-1), from what that person or else the planner says."""
        who = _name(by or self.project.who)
        goal, calibration = self.project.settings.goal, self.project.store.read().calibration
        verb = "raise" if step > 0 else "lower"

        def nudged(idea: Idea) -> Idea:
            return nudge(idea, calibration, goal, criterion, step, by=who, at=self.project.now())

        return self._change(idea_id, verb, nudged)

    # -- time ---------------------------------------------------------------------------------

    def start_timer(self, idea_id: int, *, switch: bool = False) -> Idea:
        """Start the implementation timer; `switch` stops the one that the same person has running."""
        from planner.workspace import timing

        return timing.start(self.project, idea_id, switch=switch)

    def stop_timer(
        self,
        idea_id: int,
        *,
        hours: str | None = None,
        implemented: bool = False,
        as_measured: bool = False,
    ) -> Idea:
        """Stop the timer and add its hours, or the hours a person types instead.

        A timer that has run longer than a working day is added only `as_measured`.
        """
        from planner.workspace import timing

        return timing.stop(
            self.project, idea_id, hours=hours, implemented=implemented, as_measured=as_measured
        )

    def set_spent(self, idea_id: int, hours: str) -> Idea:
        """Say what the work on an idea took in all, before its outcome or after."""
        from planner.workspace import timing

        return timing.set_spent(self.project, idea_id, hours)

    # -- place --------------------------------------------------------------------------------

    def park(self, idea_id: int) -> Idea:
        """Set an idea aside; it keeps its score and leaves the ranking."""
        return self._put_in(idea_id, "park", "parked")

    def drop(self, idea_id: int) -> Idea:
        """Give an idea up without trying it; no evidence against it."""
        return self._put_in(idea_id, "drop", "dropped")

    def keep(self, idea_id: int) -> Idea:
        """Leave an idea as it is, having looked at it: the review does not ask about it again so soon."""
        return self._change(idea_id, "keep", lambda idea: replace(idea, reviewed_at=self.project.now()))

    def restore(self, idea_id: int) -> Idea:
        """Bring a parked or dropped idea back to the backlog."""
        return self._put_in(idea_id, "restore", "backlog")

    def _put_in(self, idea_id: int, verb: str, place: Place) -> Idea:
        def placed(idea: Idea) -> Idea:
            if idea.place == place:
                raise NothingToDo(
                    f"idea {idea.id} is in the {place} already"
                    if place == "backlog"
                    else f"idea {idea.id} is {place} already"
                )
            if idea.dispatch and not idea.dispatch.halted:
                raise Mistake(
                    f"idea {idea.id} is dispatched; stop its runs first (`planner runs --idea {idea.id}`)"
                )
            return replace(_at_rest(idea, self.project.now()), place=place)

        return self._change(idea_id, verb, placed)

    # -- shared -------------------------------------------------------------------------------

    def _change(self, idea_id: int, verb: str, change: Callable[[Idea], Idea]) -> Idea:
        from planner.domain.outcome import Outcome  # an idea that is captured has none yet

        with self.project.store.transaction(verb, by=self.project.who) as tables:
            idea = tables.get(Idea, idea_id)
            if idea is None:
                idea = find_idea({known.id: known for known in tables.all(Idea)}, idea_id)
            changed = tables.put(_dated(change(idea), idea, tables.get(Outcome, idea.id)))
            tables.says = done_to(verb, idea, changed)
            return changed

    def _estimate(
        self, by: str, hours: str | None, complexity: str | None, impact: str | None, likelihood: str | None
    ) -> Estimate | None:
        if hours is None and complexity is None and impact is None and likelihood is None:
            return None
        return typed_estimate(
            self.project.settings.goal,
            by=by,
            at=self.project.now(),
            hours=hours,
            complexity=complexity,
            impact=impact,
            likelihood=likelihood,
        )


def _at_rest(idea: Idea, now: str) -> Idea:
    """The idea with its timer stopped, whose time is not lost."""
    if not idea.timer_since:
        return idea
    from planner.workspace.timing import halted

    return halted(idea, now)


def _title(text: str) -> str:
    return one_line(text, "title", limits.TITLE, instead="the rest belongs in --hypothesis")


def _category(text: str) -> str:
    return one_line(text, "category", limits.WORD).lower()


def _tags(texts: Sequence[str]) -> tuple[str, ...]:
    few_enough(texts, "tags", limits.TAGS)
    return tuple(one_line(text, "tag", limits.WORD) for text in texts)


def _name(text: str) -> str:
    return one_line(text, "name of a person", limits.NAME)


def _after(ideas: Sequence[int]) -> tuple[int, ...]:
    few_enough(ideas, "ideas to come after", limits.OTHERS)
    return tuple(ideas)


def _hypothesis(text: str) -> str:
    return short_enough(text.strip(), "hypothesis", limits.TEXT)


def _run_hours(old: float | None, text: str | None) -> float | None:
    if text is None:
        return old
    return typed.hours(text) if text else None


def _dated(idea: Idea, before: Idea, outcome: Outcome | None) -> Idea:
    """The idea with its edit after what the edit answers, also where the clock has been set back."""
    if idea.edited_at is None or idea.edited_at == before.edited_at:
        return idea
    answered = (outcome.at if outcome else "", idea.dispatch.at if idea.dispatch else "")
    return replace(idea, edited_at=clock.after(idea.edited_at, *answered))

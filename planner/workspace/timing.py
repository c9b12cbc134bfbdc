"""The work on ideas in hours: the timer, and what a person says it took, before the outcome and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.rules.notation import typed
from planner.rules.reviewing.timers import elapsed, measured
from planner.rules.wording import numbers
from planner.rules.wording.changes import done_to, named
from planner.workspace.lookup import find_idea
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.store.tables import Tables

NONE = ("0", "0h", "0m")
"""What a person types to say that there was no work."""


def start(project: Project, idea_id: int, *, switch: bool = False) -> Idea:
    """Start the timer; a person works on one idea at a time, so `switch` stops the one that runs."""
    with project.store.transaction("start the timer", by=project.who) as tables:
        idea, now = _idea(tables, idea_id), project.now()
        if idea.timer_since:
            raise NothingToDo(f"the timer of idea {idea.id} runs already, since {idea.timer_since}")
        for other in _running(tables, project.who):
            if not switch:
                raise Mistake(_busy(other, idea, now))
            _put(tables, project, _stopped(other, measured(other, now)), measured(other, now))
        tables.says = f"start the timer of {named(idea)}"
        return tables.put(replace(idea, timer_since=now, timer_by=project.who))


def stop(
    project: Project,
    idea_id: int,
    *,
    hours: str | None = None,
    implemented: bool = False,
    as_measured: bool = False,
) -> Idea:
    """Stop the timer and add its hours, or the hours a person types instead.

    A timer that nobody watched is added only `as_measured`. Where the idea has its outcome already,
    the outcome's hours follow, and what was learned from them.
    """
    with project.store.transaction("stop the timer", by=project.who) as tables:
        idea = _idea(tables, idea_id)
        if hours is None and not idea.timer_since:
            raise NothingToDo(
                f"the timer of idea {idea.id} does not run; `planner start {idea.id}` starts it"
            )
        worked = typed.hours(hours) if hours else measured(idea, project.now(), as_measured=as_measured)
        change = replace(idea.change, implemented=True) if implemented else idea.change
        stopped = replace(_stopped(idea, worked), change=change)
        tables.says = done_to(
            "stop the timer of" if idea.timer_since else "add to the hours of", idea, stopped
        )
        return _put(tables, project, stopped, worked)


def set_spent(project: Project, idea_id: int, hours: str) -> Idea:
    """Say what the work on an idea took in all; the timer is stopped, its time is part of that."""
    total = 0.0 if hours.strip().lower() in NONE else typed.hours(hours)
    with project.store.transaction("say the hours", by=project.who) as tables:
        idea = _idea(tables, idea_id)
        stopped = replace(idea, timer_since=None, timer_by=None, spent_hours=total)
        tables.says = done_to("say what was spent on", idea, stopped)
        return _put(tables, project, stopped, None)


def halted(idea: Idea, now: str) -> Idea:
    """The idea with its timer stopped and the time added; a Mistake when the timer was forgotten."""
    return _stopped(idea, measured(idea, now)) if idea.timer_since else idea


def _stopped(idea: Idea, worked: float) -> Idea:
    return replace(idea, timer_since=None, timer_by=None, spent_hours=idea.spent_hours + worked)


def _put(tables: Tables, project: Project, idea: Idea, worked: float | None) -> Idea:
    """Write the idea; where it has its outcome already, that one's hours too: by as many, or in all."""
    outcome = tables.get(Outcome, idea.id)
    tables.put(idea)
    if outcome is not None and outcome.verdict != "invalid" and idea.dispatch is None:
        more = worked is not None and outcome.hours is not None
        took = (outcome.hours or 0.0) + (worked or 0.0) if more else idea.spent_hours
        _follow(tables, project, idea, outcome, took or None)
    return idea


def _follow(tables: Tables, project: Project, idea: Idea, outcome: Outcome, took: float | None) -> None:
    """Let an outcome have hours that were typed or measured late, and learn from them."""
    if took == outcome.hours:
        return
    from planner.workspace.learning import learn

    tables.amend(replace(outcome, hours=took))
    because = f"{project.who} said that {idea.title!r} took {numbers.hours(took or 0.0)}"
    learn(tables, project.settings, at=project.now(), because=because, outcome_of=idea.id)


def _idea(tables: Tables, idea_id: int) -> Idea:
    found = tables.get(Idea, idea_id)
    return found or find_idea({known.id: known for known in tables.all(Idea)}, idea_id)


def _running(tables: Tables, who: str) -> list[Idea]:
    """The ideas this person's timer runs on."""
    return [idea for idea in tables.all(Idea) if idea.timer_since and idea.timer_by == who]


def _busy(other: Idea, idea: Idea, now: str) -> str:
    ran = numbers.hours(elapsed(other, now))
    return (
        f"your timer has run {ran} on idea {other.id} “{other.title}”: `planner stop {other.id}` stops it, "
        f"and `planner start {idea.id} --switch` stops it and goes on here"
    )

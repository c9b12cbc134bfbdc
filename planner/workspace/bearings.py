"""How things stand now, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.view import RankedIdea, View
from planner.rules.reviewing.attention import forgotten, halted
from planner.rules.reviewing.standing import standing
from planner.rules.reviewing.stop import stop
from planner.store.encoding import plain
from planner.workspace.facts import Facts, idea_facts, run_facts
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.domain.remark import Stop
    from planner.domain.review import Attention, Standing


def standing_of(view: View) -> Standing:
    """How far the project is on its way to the goal."""
    return standing(view.ledger, view.settings.goal)


def stop_of(view: View) -> Stop | None:
    """A reason to stop; None while there is none."""
    return stop(view.ledger, view.settings, view.ranked, standing_of(view))


def status_facts(project: Project, view: View) -> Facts:
    """How things stand: `status --json`."""
    goal = view.settings.goal
    return {
        "dispatcher": view.dispatcher,
        "paused": view.ledger.paused,
        "warning": view.warning,
        "goal": {**plain(goal), **plain(standing_of(view))},
        "stop": plain(stop_of(view)),
        "ideas": dict(Counter(row.status for row in view.ranked)),
        "running": [run_facts(one, project.layout) for one in view.runs if one.run.status == "running"],
        "queued": [run_facts(one, project.layout) for one in view.runs if one.run.status == "queued"],
        "halted": plain(halted(view.ledger)),
        "timers": plain(forgotten(view.ledger, now=project.now())),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What to do now: the two answers, since people and GPUs can work at once."""

    run: RankedIdea | None
    """The best idea that can run now."""
    implement: RankedIdea | None
    """The best idea whose code is still to be written."""


def next_steps(ranked: Sequence[RankedIdea]) -> NextSteps:
    """The best ready and the best open idea; ideas that come after undecided ones are passed over."""
    undecided = {row.idea.id for row in ranked if row.rank}
    free = [row for row in ranked if not undecided.intersection(row.idea.after)]
    return NextSteps(
        run=next((row for row in free if row.status == "ready"), None),
        implement=next((row for row in free if row.status == "open"), None),
    )


def next_facts(
    steps: NextSteps, why: dict[int, list[str]], stop: Stop | None = None, timers: Sequence[Attention] = ()
) -> Facts:
    """Both answers as JSON, each with its costs and why, reasons to stop, forgotten timers; `next --json`."""
    answers: Facts = {
        name: None if row is None else {**idea_facts(row), "cost": _cost(row), "why": why[row.idea.id]}
        for name, row in (("run", steps.run), ("implement", steps.implement))
    }
    return {**answers, "stop": plain(stop), "timers": plain(tuple(timers))}


def _cost(row: RankedIdea) -> Facts:
    """The two currencies, apart."""
    return {"human_hours": row.score.hours.implement, "gpu_hours": row.score.hours.gpu}

"""What a sweep has tried, and its next round: narrower ranges, or further configurations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake, NothingToDo
from planner.rules.notation import sweeping as notation
from planner.rules.sweeping.narrowing import narrowed
from planner.rules.sweeping.swept import Swept, last_swept
from planner.rules.sweeping.tried import next_number, tried
from planner.rules.wording.changes import done_to
from planner.workspace.lookup import find_idea
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.domain.idea import Idea
    from planner.domain.ledger import Ledger
    from planner.domain.sweep import Sweep, Tried
    from planner.store.tables import Tables
    from planner.workspace.queue import QueueVerbs


def sweep_on(queue: QueueVerbs, idea_id: int, *, narrow: bool, more: int | None) -> Idea:
    """Dispatch a sweep's next round, in narrower ranges, with further configurations, or both: one change.

    NothingToDo where nothing could be narrowed; a Mistake while it is under way.
    """
    if more is not None and not 1 <= more <= notation.MOST_CONFIGS:
        raise Mistake(f"--more {more} is no number of configurations; give 1 to {notation.MOST_CONFIGS:,}")
    goes_on = partial(_go_on, queue.project, idea_id, narrow, more)
    return queue.dispatch([idea_id], first=goes_on)[0]


def _go_on(project: Project, idea_id: int, narrow: bool, more: int | None, tables: Tables) -> str:
    """Put the next round's ranges in force; answers what was done, for undo."""
    ledger = tables.ledger()
    idea = find_idea(ledger.ideas, idea_id)
    if idea.dispatch and not idea.dispatch.halted:
        raise Mistake(
            f"idea {idea_id} is dispatched: its ranges can't move under its runs; "
            f"stop its runs first (`planner runs --idea {idea_id}`)"
        )
    known = tried(idea, ledger, project.settings)
    after = _next_round(_sweep_of(idea), known, project, ledger, idea_id, narrow)
    if more is not None:
        after = replace(after, configs=more)
    changed = replace(idea, change=replace(idea.change, sweep=notation.checked(after)))
    return done_to("go on with the sweep of", idea, tables.put(changed))


def _next_round(
    sweep: Sweep, known: Sequence[Tried], project: Project, ledger: Ledger, idea_id: int, narrow: bool
) -> Sweep:
    since = next_number(ledger.runs.values(), idea_id)
    if not known:
        raise NothingToDo(
            f"idea {idea_id} has tried no configuration yet; `planner dispatch {idea_id}` begins its sweep"
        )
    if narrow:
        return narrowed(sweep, known, project.settings.goal, since)
    return replace(sweep, since=since)


def _sweep_of(idea: Idea) -> Sweep:
    if idea.change.sweep is None:
        raise Mistake(
            f"idea {idea.id} sweeps nothing; give it params to search over, "
            f"such as `planner edit {idea.id} --sweep lr=1e-4..1e-1`"
        )
    return idea.change.sweep


def swept(project: Project, idea_id: int) -> Swept:
    """What an idea's sweep has tried so far; a Mistake when it sweeps nothing."""
    ledger = project.store.read()
    idea = find_idea(ledger.ideas, idea_id)
    return last_swept(idea, _sweep_of(idea), ledger, project.settings)

"""`planner show`: one idea, why it stands where it stands, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from planner.cli import rows, say
from planner.cli.estimates import said
from planner.cli.news import moved, spent
from planner.cli.session import Session, json_option
from planner.cli.tell import find_row, panel
from planner.domain.idea import Change, Idea
from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome, Revision
from planner.domain.run import Run
from planner.domain.view import RankedIdea, View
from planner.rules.hindsight.afterwards import SaidWas, afterwards, said_and_was
from planner.rules.judging.adopting import adopted_as
from planner.rules.judging.correcting import at_rung, in_a_sentence
from planner.rules.judging.steps import where
from planner.rules.wording import numbers
from planner.rules.wording.ran_on import ran_on
from planner.rules.wording.sweeps import of_interest, standing, sweep_in_words

if TYPE_CHECKING:
    from planner.rules.sweeping.swept import Swept
    from planner.workspace.workspace import Workspace

TOLD = ("code", "data", "device", "software")
"""What is told of the newest run; its own folder and its screen tell the rest."""


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def show(session: Session, idea_id: int, as_json: bool) -> None:
    """Show one idea, and why it stands where it stands.

    Then who expects what of it, its runs, its outcomes, and how its score has moved.

    \b
    Examples:
      planner show 12
      planner show 12 --json | jq .terms.product
    """
    from planner.workspace.facts import idea_story, sweep_facts

    row = find_row(session, idea_id)
    view, workspace = session.workspace.view(), session.workspace
    moves = workspace.project.store.history(ideas=[idea_id])
    if as_json:
        story = idea_story(row, view.runs, view.ledger, workspace.layout, moves)
        became = {name: one._asdict() for name, one in _said_was(row, view).items()}
        search = sweep_facts(swept) if (swept := _swept(row.idea, view)) else None
        say.document({**story, "said_was": became, "sweep": search, "why": panel(row, session)})
        return
    about = (*_about(row.idea), *_searched(row.idea, view))
    happened = (*_happened(row, view, moves), *_ran_on(workspace, view, idea_id))
    for text in (*panel(row, session), *about, *said(row), *happened):
        say.line(text)


def _about(idea: Idea) -> Iterator[str]:
    yield ""
    tags = "".join(f" #{tag}" for tag in idea.tags)
    yield f"idea {idea.id} · {idea.category}{tags} · captured {idea.created_at[:10]} by {idea.created_by}"
    yield from (f"  {line}" for line in idea.hypothesis.splitlines())
    yield f"changes: {changes(idea.change)}"
    if idea.after:
        yield f"after: {', '.join(f'#{other}' for other in idea.after)}"
    if idea.timer_since or idea.spent_hours:
        running = f", timer running since {idea.timer_since}" if idea.timer_since else ""
        yield f"work: {numbers.hours(idea.spent_hours)}{running}"
    if idea.dispatch:
        halted = f"; halted: {idea.dispatch.halted}" if idea.dispatch.halted else ""
        anyway = f" anyway, though {idea.dispatch.anyway}" if idea.dispatch.anyway else ""
        yield f"dispatched {idea.dispatch.at} by {idea.dispatch.by}{anyway}{halted}"


def _swept(idea: Idea, view: View) -> Swept | None:
    """What the idea's sweep has tried; None without a sweep."""
    if idea.change.sweep is None:
        return None
    from planner.rules.sweeping.swept import swept_of

    return swept_of(idea, idea.change.sweep, view.ledger, view.settings)


def _searched(idea: Idea, view: View) -> Iterator[str]:
    """How far a sweep is, and the best for each value of the params that somebody asks about."""
    found = _swept(idea, view)
    if found is None or not found.tried:
        return
    from planner.cli.sweep import coverage

    yield f"sweep: {standing(found.tried, found.sweep)}; `planner sweep {idea.id}` shows each"
    yield from (f"  {line}" for line in coverage(of_interest(found.parts, found.sweep), found.metric))


def changes(change: Change) -> str:
    """What an idea alters against the baseline, in a line."""
    parts = [f"{name} = {value}" for name, value in change.params.items()]
    parts += [sweep_in_words(change.sweep)] if change.sweep else []
    parts += [f"the code of {change.ref}"] if change.ref else []
    parts += ["nothing but the recipe, which carries it"] if change.implemented else []
    return ", ".join(parts) or "code still to be written"


def _said_was(row: RankedIdea, view: View) -> dict[str, SaidWas]:
    """What was said beside what came of it; empty before there is anything."""
    if row.outcome is None:
        return {}
    return said_and_was(row.idea, row.outcome, view.settings.goal, view.ledger.calibration.reference)


def _happened(row: RankedIdea, view: View, moves: Iterable[Revision]) -> Iterator[str]:
    ledger, idea_id = view.ledger, row.idea.id
    per_hour = view.settings.score.bottleneck == "hours"
    # `planner sweep` tells of the configurations; here they would bury everything else.
    own = [one for one in view.runs if one.run.idea == idea_id and one.run.config is None]
    if own:
        yield ""
    for one in own:
        yield f"{one.run.id} {where(one.run)}: {rows.retold(one, view)}"
    for outcome in (outcome for outcome in ledger.outcomes if outcome.idea == idea_id):
        yield f"{outcome.at[:10]}{at_rung(outcome)}: {in_a_sentence(outcome)}; {spent(outcome)}"
        yield from _beneath(outcome)
    for outcome in (outcome for outcome in ledger.withdrawn if outcome.idea == idea_id):
        yield f"{outcome.at[:10]}: withdrawn, since the runs it rested on are struck out"
        yield from _beneath(outcome)
    if (version := adopted_as(idea_id, ledger)) is not None:
        yield f"adopted: it became baseline {version}"
    if row.outcome is not None:
        yield from afterwards(_said_was(row, view), row.outcome)
    for revision in moves:
        yield f"{revision.at[:10]}: {moved(revision, ledger, per_hour)}"


def _ran_on(workspace: Workspace, view: View, idea_id: int) -> Iterator[str]:
    """What the newest run that says so ran on: code, data, device, software."""
    for one in view.runs:
        if one.run.idea == idea_id and one.run.started_at and (context := _context(workspace, one.run)):
            yield f"{one.run.id} ran on"
            yield from (f"  {name:10} {text}" for name, text in ran_on(context) if name in TOLD)
            return


def _context(workspace: Workspace, run: Run) -> Mapping[str, object]:
    try:
        return workspace.layout.run(run.id).read_context() or {}
    except Mistake:  # what is damaged, the doctor tells of
        return {}


def _beneath(outcome: Outcome) -> Iterator[str]:
    """What the seeds said, where a person overruled them; what else there is to know of how it came to be."""
    if outcome.anyway:
        yield f"  run anyway, though {outcome.anyway}"
    if outcome.overruled:
        yield f"  the seeds: {outcome.overruled.reason}"
    if outcome.unstruck:
        yield f"  before runs were struck out: {outcome.unstruck.reason}"

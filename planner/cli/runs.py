"""`planner runs`: every run and where it stands."""

from __future__ import annotations

from typing import get_args

import click

from planner.cli import rows, say
from planner.cli.session import Session, json_option
from planner.cli.table import table
from planner.domain.run import RunStatus
from planner.domain.view import RunView
from planner.rules import numbers


@click.command()
@click.option("--idea", "idea_id", metavar="ID", type=int, help="Only the runs of one idea.")
@click.option(
    "--status",
    "statuses",
    type=click.Choice(get_args(RunStatus)),
    multiple=True,
    help="Only these; repeatable.",
)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many.")
@json_option
@click.pass_obj
def runs(
    session: Session, idea_id: int | None, statuses: tuple[str, ...], limit: int | None, as_json: bool
) -> None:
    """List the runs: the running, the queue in its order with why each waits, the ended, newest first.

    \b
    Examples:
      planner runs --idea 12
      planner runs --status crashed --json
    """
    from planner.workspace.facts import run_facts
    from planner.workspace.ideas import find_idea

    view = session.workspace.view()
    if idea_id is not None:
        find_idea(view.ledger.ideas, idea_id)
    chosen = [
        one
        for one in view.runs
        if idea_id in (None, one.run.idea) and (not statuses or one.run.status in statuses)
    ][:limit]
    if as_json:
        say.document([run_facts(one, session.workspace.layout) for one in chosen])
        return
    if not chosen:
        say.note("no run fits" if view.runs else "nothing has run yet; `planner dispatch --top` begins")
        return
    headings = ("seed", "run", "rung", "status", "idea", "how it stands")
    for text in table(headings, [_cells(one, view.settings.goal.metric) for one in chosen], flush=1):
        say.line(text)


def _cells(view: RunView, metric: str) -> tuple[str, ...]:
    run = view.run
    if run.status == "running":
        stands = rows.progress(view, metric)
    else:
        stands = run.waits or "next" if run.status == "queued" else _ended(view, metric)
    whose = "baseline" if run.idea is None else f"#{run.idea} {view.title}"
    return str(run.seed), run.id, run.rung, run.status, whose, stands


def _ended(view: RunView, metric: str) -> str:
    run = view.run
    if run.status != "finished":
        return run.cause or numbers.NOTHING
    return rows.ending(run, metric)

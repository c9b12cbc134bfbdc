"""`planner runs`: every run and where it stands."""

from __future__ import annotations

from typing import get_args

import click

from planner.cli import rows, say
from planner.cli.session import Session, json_option
from planner.cli.table import table
from planner.domain.run import RunStatus
from planner.domain.view import RunView, View
from planner.rules.wording.display import fit

TITLE = 36
"""Cells an idea may take, so that how its run stands is still in sight."""


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
    """List the runs and how they stand.

    First the running ones, then the queue in its order with why each run waits, then the ended, newest first.

    \b
    Examples:
      planner runs --idea 12
      planner runs --status crashed --json
    """
    from planner.workspace.facts import run_facts
    from planner.workspace.lookup import find_idea

    view = session.workspace.tended()
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
    headings = ("seed", "run", "rung", "idea", "how it stands")
    for text in table(headings, [_cells(one, view) for one in chosen], flush=1):
        say.line(text)


def _cells(one: RunView, view: View) -> tuple[str, ...]:
    run = one.run
    whose = "baseline" if run.idea is None else fit(f"#{run.idea} {one.title}", TITLE)
    return str(run.seed), run.id, run.rung, whose, rows.retold(one, view)

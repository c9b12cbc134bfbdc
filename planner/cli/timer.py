"""`planner start` and `planner stop`: the timer of the work on an idea."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.tell import find_row, tell_idea
from planner.rules import numbers


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def start(session: Session, idea_id: int, as_json: bool) -> None:
    """Start the timer of the work on an idea.

    \b
    Example:
      planner start 12
    """
    session.workspace.ideas.start_timer(idea_id)
    tell_idea(session, idea_id, "started the timer of", as_json=as_json)


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option(
    "--hours", metavar="HOURS", help="What the work took, where the timer does not know: 45m, 2h, 1.5d."
)
@click.option(
    "--implemented", is_flag=True, help="The code is done, and the recipe in the work tree carries it."
)
@json_option
@click.pass_obj
def stop(session: Session, idea_id: int, hours: str | None, implemented: bool, as_json: bool) -> None:
    """Stop the timer and add its hours to the idea.

    The hours are what estimates are calibrated against. With --hours the timer need not have run.

    \b
    Examples:
      planner stop 12
      planner stop 12 --hours 3h --implemented
    """
    session.workspace.ideas.stop_timer(idea_id, hours=hours, implemented=implemented)
    tell_idea(session, idea_id, "stopped the timer of", as_json=as_json)
    if not as_json:
        say.line(f"   {numbers.hours(find_row(session, idea_id).idea.spent_hours)} of work so far")

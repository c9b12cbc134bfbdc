"""`planner park`, `planner restore` and `planner drop`: where a person puts ideas."""

from __future__ import annotations

import click

from planner.cli.session import Session, json_option
from planner.cli.tell import for_each


@click.command()
@click.argument("idea_ids", metavar="ID...", type=int, nargs=-1, required=True)
@json_option
@click.pass_obj
def park(session: Session, idea_ids: tuple[int, ...], as_json: bool) -> int:
    """Set ideas aside; they keep their scores.

    \b
    Example:
      planner park 12 15
    """
    return for_each(session, idea_ids, session.workspace.ideas.park, "parked", as_json=as_json)


@click.command()
@click.argument("idea_ids", metavar="ID...", type=int, nargs=-1, required=True)
@json_option
@click.pass_obj
def restore(session: Session, idea_ids: tuple[int, ...], as_json: bool) -> int:
    """Bring parked or dropped ideas back to the backlog.

    \b
    Example:
      planner restore 12
    """
    return for_each(session, idea_ids, session.workspace.ideas.restore, "restored", as_json=as_json)


@click.command()
@click.argument("idea_ids", metavar="ID...", type=int, nargs=-1, required=True)
@json_option
@click.pass_obj
def drop(session: Session, idea_ids: tuple[int, ...], as_json: bool) -> int:
    """Give ideas up untried, which is no evidence against them.

    They stay in the store; `planner list --all` shows them and `planner restore` brings them back.

    \b
    Example:
      planner drop 12
    """
    return for_each(session, idea_ids, session.workspace.ideas.drop, "dropped", as_json=as_json)

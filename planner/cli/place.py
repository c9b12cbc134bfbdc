"""`planner park`, `restore`, `drop` and `keep`: where a person puts ideas, or leaves them."""

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


@click.command()
@click.argument("idea_ids", metavar="ID...", type=int, nargs=-1, required=True)
@json_option
@click.pass_obj
def keep(session: Session, idea_ids: tuple[int, ...], as_json: bool) -> int:
    """Leave ideas as they are, having looked at them.

    A review then asks about them again only after four weeks, or when there is news: another outcome,
    another baseline.

    \b
    Example:
      planner keep 12 15
    """
    return for_each(session, idea_ids, session.workspace.ideas.keep, "kept", as_json=as_json)

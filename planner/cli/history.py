"""`planner undo` and `planner redo`: take changes back, after a restart too."""

from __future__ import annotations

from collections.abc import Sequence

import click

from planner.cli import say
from planner.cli.session import Session, json_option


@click.command()
@click.argument("times", metavar="[N]", type=click.IntRange(min=1), default=1)
@json_option
@click.pass_obj
def undo(session: Session, times: int, as_json: bool) -> None:
    """Take back the newest change, or the newest N.

    Runs can't be untrained: dispatching and stopping are not undone.

    \b
    Examples:
      planner undo
      planner undo 3
    """
    _tell("undone", session.workspace.undo(times), as_json=as_json)


@click.command()
@click.argument("times", metavar="[N]", type=click.IntRange(min=1), default=1)
@json_option
@click.pass_obj
def redo(session: Session, times: int, as_json: bool) -> None:
    """Do again what was undone last, or the last N.

    \b
    Example:
      planner redo
    """
    _tell("redone", session.workspace.redo(times), as_json=as_json)


def _tell(what: str, changes: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        say.document({what: list(changes)})
    else:
        for change in changes:
            say.line(f"{what}: {change}")

"""`planner undo` and `planner redo`: take changes back, after a restart too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option

if TYPE_CHECKING:
    from planner.domain.operation import Turned


@click.command()
@click.argument("times", metavar="[N]", type=click.IntRange(min=1), default=1)
@json_option
@click.pass_obj
def undo(session: Session, times: int, as_json: bool) -> None:
    """Take back the newest change, or the newest N.

    A run that has begun can't be unbegun: what came of it stays, and is said. A dispatch whose runs still
    wait is undone with them. What a verdict did to the scores is taken back by `planner overrule ID invalid`.

    \b
    Examples:
      planner undo
      planner undo 3
    """
    _tell(session, "undone", session.workspace.history.undo(times), as_json=as_json)


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
    _tell(session, "redone", session.workspace.history.redo(times), as_json=as_json)


def _tell(session: Session, what: str, turned: Turned, *, as_json: bool) -> None:
    if turned.wakes:
        session.workspace.ensure_dispatcher()
    if as_json:
        say.document({what: list(turned.says), "stays": list(turned.stays)})
        return
    for change in turned.says:
        say.line(f"{what}: {change}")
    for sentence in turned.stays:
        say.note(sentence)

"""`planner adopt`: make a win what later ideas are compared with."""

from __future__ import annotations

import click

from planner.cli.correct import tell_idea
from planner.cli.session import Session, json_option


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--anyway", is_flag=True, help="Whatever speaks against it, such as its complexity.")
@json_option
@click.pass_obj
def adopt(session: Session, idea_id: int, anyway: bool, as_json: bool) -> None:
    """Make an idea that improved part of the baseline.

    Its params are written into [baseline] of planner.toml, whose layout stays; its seeds are the new
    baseline's first. Code on a branch is yours to merge: until then, runs check it out. Ideas under way are
    measured anew, against the new version. As long as nothing has run with it, `planner undo` takes it back.

    \b
    Examples:
      planner adopt 12
      planner adopt 12 --anyway
    """
    done = session.workspace.corrections.adopt(idea_id, anyway=anyway)
    tell_idea(session, idea_id, done, as_json=as_json)

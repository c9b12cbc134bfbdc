"""`planner next`: what to run now, and what to implement meanwhile."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.tell import panel
from planner.domain.view import RankedIdea
from planner.rules import numbers


@click.command()
@json_option
@click.pass_obj
def next_idea(session: Session, as_json: bool) -> int:
    """Say what to run and what to implement next, and why.

    Tells what each costs and what would change the answer. People and GPUs can work at once, so there are
    two answers: the best idea that is ready, and the best one whose code is still to be written.

    \b
    Examples:
      planner next
      planner next --json | jq .run.id
    """
    from planner.workspace.reports import next_facts, next_steps

    steps = next_steps(session.workspace.view().ranked)
    chosen = [row for row in (steps.run, steps.implement) if row is not None]
    reasons = {row.idea.id: panel(row, session) for row in chosen}
    if as_json:
        say.document(next_facts(steps, reasons))
    elif not chosen:
        say.note("nothing is left to run or to implement; `planner add TITLE` captures an idea")
    else:
        _tell(
            "run", steps.run, reasons, "nothing is ready: give an open idea params, a branch or --implemented"
        )
        say.line()
        _tell("implement", steps.implement, reasons, "nothing is open: every idea left can run as it is")
    return 0 if chosen else 3


def _tell(verb: str, row: RankedIdea | None, reasons: dict[int, list[str]], otherwise: str) -> None:
    if row is None:
        say.line(f"{verb}: {otherwise}")
        return
    hours = row.score.hours
    work = f"{numbers.hours(hours.implement)} of work and " if hours.implement else ""
    cost = f"{work}{numbers.hours(hours.gpu)} of GPU until its verdict"
    then = f"planner dispatch {row.idea.id}" if verb == "run" else f"planner start {row.idea.id}"
    say.line(f"{verb}: #{row.idea.id} “{row.idea.title}”; expect {cost} · {then}")
    for text in reasons[row.idea.id]:
        say.line(f"  {text}")

"""`planner start`, `planner stop` and `planner spent`: the hours of the work on an idea."""

from __future__ import annotations

import sys

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.tell import find_row, tell_idea
from planner.rules.reviewing.timers import forgotten, has_run
from planner.rules.wording import numbers


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--switch", is_flag=True, help="Stop the timer that you have running on another idea.")
@json_option
@click.pass_obj
def start(session: Session, idea_id: int, switch: bool, as_json: bool) -> None:
    """Start the timer of the work on an idea.

    A person works on one idea at a time: while your timer runs on another one, this says which.

    \b
    Examples:
      planner start 12
      planner start 12 --switch
    """
    session.workspace.ideas.start_timer(idea_id, switch=switch)
    tell_idea(session, idea_id, "started the timer of", as_json=as_json)


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--hours", metavar="HOURS", help="What the work took, instead of the timer: 45m, 2h, 1.5d.")
@click.option(
    "--as-measured", is_flag=True, help="Take the timer as it is, though it has run over ten hours."
)
@click.option(
    "--implemented", is_flag=True, help="The code is done, and the recipe in the work tree carries it."
)
@json_option
@click.pass_obj
def stop(
    session: Session, idea_id: int, hours: str | None, as_measured: bool, implemented: bool, as_json: bool
) -> None:
    """Stop the timer and add its hours to the idea.

    The hours are what estimates are calibrated against. With --hours the timer need not have run, and the
    idea may have its outcome already. A timer that has run over ten hours was forgotten: it is not added
    before somebody says what the work took.

    \b
    Examples:
      planner stop 12
      planner stop 12 --hours 3h --implemented
      planner stop 12 --as-measured
    """
    if hours is None and not as_measured and not as_json and _somebody_there():
        hours, as_measured = _asked(session, idea_id)
    session.workspace.ideas.stop_timer(idea_id, hours=hours, implemented=implemented, as_measured=as_measured)
    _tell(session, idea_id, "stopped the timer of", as_json=as_json)


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.argument("hours", metavar="HOURS")
@json_option
@click.pass_obj
def spent(session: Session, idea_id: int, hours: str, as_json: bool) -> None:
    """Say what the work on an idea took in all.

    It takes the place of what the timer and earlier words came to, before the outcome or after: where the
    idea has its outcome, the calibration follows.

    \b
    Examples:
      planner spent 12 3h
      planner spent 12 1.5d
    """
    session.workspace.ideas.set_spent(idea_id, hours)
    _tell(session, idea_id, "wrote down the hours of", as_json=as_json)


def _tell(session: Session, idea_id: int, done: str, *, as_json: bool) -> None:
    tell_idea(session, idea_id, done, as_json=as_json)
    if not as_json:
        say.line(f"   {numbers.hours(find_row(session, idea_id).idea.spent_hours)} of work so far")


def _somebody_there() -> bool:
    """Whether a person can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _asked(session: Session, idea_id: int) -> tuple[str | None, bool]:
    """What a forgotten timer is to count: hours as typed, or as measured; nothing to ask of any other."""
    idea, now = find_row(session, idea_id).idea, session.workspace.project.now()
    if not forgotten(idea, now):
        return None, False
    say.note(f"{has_run(idea, now)}, longer than a working day")
    answer = click.prompt(
        "What did the work take? (3h, 45m; Enter takes it as measured)",
        default="",
        show_default=False,
        err=True,
    )
    return (answer, False) if answer.strip() else (None, True)

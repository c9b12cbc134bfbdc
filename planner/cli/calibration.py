"""`planner calibration`: how good the guesses were, and what the planner has learned from them."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.record import Record

MOVES = 10
"""Moved scores told, those of the best ideas; the rest are counted."""


@click.command()
@click.option("--by", metavar="WHO", help="One person's guesses alone.")
@click.option("--category", metavar="C", help="Ideas of one category alone.")
@click.option("--now", is_flag=True, help="Make a new calibration first, and say what it moved.")
@json_option
@click.pass_obj
def calibration(session: Session, by: str | None, category: str | None, now: bool, as_json: bool) -> None:
    """Show how good the guesses were.

    Chances, hours, gains and complexity that people and the planner expected, against what happened: for
    everybody, by person, by category, with the worst misses and the calibration in force. The planner
    calibrates by itself with every outcome; --now makes it take up estimates that changed since.

    \b
    Examples:
      planner calibration
      planner calibration --by ana --json
      planner calibration --now
    """
    from planner.workspace.records import record_facts, record_of, recorded_anew

    project = session.workspace.project
    told = (recorded_anew if now else record_of)(project, by=by, category=category)
    if as_json:
        say.document(record_facts(told))
        return
    if now:
        _tell_moves(session, told)
    from planner.rules.hindsight.text import record_lines

    for line in record_lines(told):
        say.line(line)


def _tell_moves(session: Session, told: Record) -> None:
    """What the new calibration moved, on stderr: it is beside what was asked for."""
    from planner.cli.news import moved

    view = session.workspace.view()
    per_hour = view.settings.score.bottleneck == "hours"
    count = f"{len(told.moved) or 'no'} score{'' if len(told.moved) == 1 else 's'}"
    say.note(f"calibration {told.calibration.number} is in force; {count} moved")
    for revision in sorted(told.moved, key=lambda one: one.rank_after)[:MOVES]:
        say.note(f"  {moved(revision, view.ledger, per_hour)}")
    if len(told.moved) > MOVES:
        say.note(f"  and {len(told.moved) - MOVES} more")

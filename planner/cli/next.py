"""`planner next`: what to run now, and what to implement meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.tell import panel
from planner.domain.view import RankedIdea, View

if TYPE_CHECKING:
    from planner.rules.reviewing.answer import Verb

NONE_TO_RUN = "nothing is ready: give an open idea params, a branch or --implemented"
NONE_TO_IMPLEMENT = "nothing is open: every idea left can run as it is"


@click.command()
@json_option
@click.pass_obj
def next_idea(session: Session, as_json: bool) -> int:
    """Say what to run and what to implement next, and why.

    Tells what each costs and what would change the answer. People and GPUs can work at once, so there are
    two answers: the best idea that is ready, and the best one whose code is still to be written.
    Where there is a reason to stop, it says so first.

    \b
    Examples:
      planner next
      planner next --json | jq .run.id
    """
    from planner.rules.reviewing.answer import screen
    from planner.rules.reviewing.attention import forgotten
    from planner.workspace.bearings import next_facts, next_steps, stop_of

    view = session.workspace.view()
    steps, stop = next_steps(view.ranked), stop_of(view)
    timers = forgotten(view.ledger, now=session.workspace.project.now())
    notes = [*([stop.sentence] if stop else []), *(one.reason for one in timers)]
    chosen = [row for row in (steps.run, steps.implement) if row is not None]
    reasons = {row.idea.id: panel(row, session) for row in chosen}
    if as_json:
        say.document(next_facts(steps, reasons, stop, timers))
    elif not chosen:
        _nothing(view, notes)
    else:
        run = _block("run", steps.run, view, reasons, _busy(view) or NONE_TO_RUN)
        implement = _block("implement", steps.implement, view, reasons, NONE_TO_IMPLEMENT)
        for line in screen([run, implement], notes):
            say.line(line)
    return 0 if chosen else 3


def _block(
    verb: Verb, row: RankedIdea | None, view: View, reasons: dict[int, list[str]], otherwise: str
) -> list[list[str]]:
    from planner.rules.reviewing.answer import answer, none

    return none(verb, otherwise) if row is None else answer(verb, row, view.ranked, reasons[row.idea.id])


def _nothing(view: View, notes: Sequence[str]) -> None:
    """Say that there is nothing to do, and where the ideas are."""
    for note in notes:
        say.note(note)
    parked = Counter(row.status for row in view.ranked)["parked"]
    rest = f"; {parked} parked idea{'s wait' if parked > 1 else ' waits'}" if parked else ""
    nothing = f"{_busy(view)}, and " if _busy(view) else ""
    say.note(f"{nothing}nothing is left to run or to implement{rest}; `planner add TITLE` captures an idea")


def _busy(view: View) -> str:
    """How many ideas are on their way already; empty when none is."""
    count = sum(row.status in ("queued", "running") for row in view.ranked)
    return f"{count} idea{'s are' if count > 1 else ' is'} on the way to a verdict" if count else ""

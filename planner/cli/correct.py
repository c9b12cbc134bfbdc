"""`planner overrule`, `decline`, `give-up` and `strike`: what a person says over the seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake

if TYPE_CHECKING:
    from planner.workspace.amendment import Corrected

Function = TypeVar("Function", bound=Callable[..., Any])


def _options(function: Function) -> Function:
    """What every correction takes: the reason, or the wish to take it back."""
    because = click.option("--because", metavar="TEXT", help="Why, in a sentence; it is kept and shown.")
    back = click.option("--back", is_flag=True, help="Take it back: everything is as it was before.")
    return because(back(json_option(function)))


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.argument("words", metavar="[VERDICT]", nargs=-1)
@_options
@click.pass_obj
def overrule(
    session: Session, idea_id: int, words: tuple[str, ...], because: str | None, back: bool, as_json: bool
) -> None:
    """Overrule the verdict on an idea.

    VERDICT is improved, no-gain, worse, inconclusive or invalid. What the seeds had said is kept and shown
    beside it, and every score is computed anew.

    \b
    Examples:
      planner overrule 12 invalid --because "the validation split leaked"
      planner overrule 12 --back
    """
    verbs, verdict = session.workspace.corrections, " ".join(words)
    if _is_back(back, because, verdict):
        done = verbs.overrule_back(idea_id)
    elif not verdict:
        raise Mistake(
            f"say which verdict: planner overrule {idea_id} improved|no-gain|worse|inconclusive|invalid"
        )
    else:
        done = verbs.overrule(idea_id, verdict, because or "")
    tell_idea(session, idea_id, done, as_json=as_json)


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@_options
@click.pass_obj
def decline(session: Session, idea_id: int, because: str | None, back: bool, as_json: bool) -> None:
    """Do not adopt an idea that improved.

    It stays a win, but later work does not build on it: its complexity costs nothing, and its relatives
    have as much left to gain as before.

    \b
    Examples:
      planner decline 12 --because "twice the memory"
      planner decline 12 --back
    """
    verbs = session.workspace.corrections
    taken = _is_back(back, because)
    done = verbs.decline_back(idea_id) if taken else verbs.decline(idea_id, because or "")
    tell_idea(session, idea_id, done, as_json=as_json)


@click.command("give-up")
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--hours", metavar="HOURS", help="What it has cost, where the timer does not know: 45m, 2h.")
@_options
@click.pass_obj
def give_up(
    session: Session, idea_id: int, hours: str | None, because: str | None, back: bool, as_json: bool
) -> None:
    """Give an idea up as unworkable.

    It counts as a failure, with the hours spent on it. An idea that was simply not tried is dropped
    instead (`planner drop`), which is no evidence against it.

    \b
    Examples:
      planner give-up 12 --because "needs labels we can't get" --hours 3h
      planner give-up 12 --back
    """
    verbs = session.workspace.corrections
    taken = _is_back(back, because, hours or "")
    done = verbs.give_up_back(idea_id) if taken else verbs.give_up(idea_id, because or "", hours=hours)
    tell_idea(session, idea_id, done, as_json=as_json)


@click.command()
@click.argument("run_id", metavar="RUN")
@_options
@click.pass_obj
def strike(session: Session, run_id: str, because: str | None, back: bool, as_json: bool) -> None:
    """Strike a run out: it is nobody's evidence.

    Verdicts that rest on it are judged anew by the seeds that are left; one without any is withdrawn, and
    its idea is to be tried again.

    \b
    Examples:
      planner strike r12 --because "the disk was full, half the data was read"
      planner strike r12 --back
    """
    verbs = session.workspace.corrections
    done = verbs.strike_back(run_id) if _is_back(back, because) else verbs.strike(run_id, because or "")
    if as_json:
        say.document({**_run_facts(session, run_id), **_facts(done)})
    else:
        _tell(session, done)


def _is_back(back: bool, *others: str | None) -> bool:
    if back and any(others):
        raise Mistake("--back takes back what was said: give it alone, without a reason or anything else")
    return back


def tell_idea(session: Session, idea_id: int, done: Corrected, *, as_json: bool) -> None:
    """Print what was done to an idea, or its facts with that beside them."""
    if not as_json:
        _tell(session, done)
        return
    from planner.cli.tell import find_row
    from planner.workspace.facts import idea_facts

    say.document({**idea_facts(find_row(session, idea_id)), **_facts(done)})


def _run_facts(session: Session, name: str) -> dict[str, object]:
    from planner.workspace.facts import run_facts
    from planner.workspace.lookup import find_run

    view = session.workspace.view()
    run = find_run(view.ledger.runs, name)
    return run_facts(next(one for one in view.runs if one.run.id == run.id), session.workspace.layout)


def _facts(done: Corrected) -> dict[str, object]:
    """What was done, beside the facts of what it was done to."""
    from planner.store.encoding import plain

    return {"says": done.says, "also": list(done.also), "moved": plain(done.moved)}


def _tell(session: Session, done: Corrected) -> None:
    from planner.cli.news import moved_lines

    view = session.workspace.view()
    for text in (done.says, *(f"  {line}" for line in done.also)):
        say.line(text)
    for text in moved_lines(done.moved, view.ledger, view.settings):
        say.line(f"  {text}")

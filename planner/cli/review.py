"""`planner review`: the week that was, and the plan for the next."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake


@click.command()
@click.option("--week", metavar="WEEK", help="Such as 2026-W47; this one unless said.")
@click.option("--write", is_flag=True, help="With --json too: write the page to .planner/reviews/.")
@json_option
@click.pass_obj
def review(session: Session, week: str | None, write: bool, as_json: bool) -> None:
    """Review a week, and plan the next.

    What happened, what paid off, how good the guesses were, what next. Prints Markdown, and writes it to
    .planner/reviews/WEEK.md; what you write there under "Notes" stays.

    \b
    Examples:
      planner review
      planner review --week 2026-W47 --json
    """
    from planner.rules.reviewing.page import review_markdown
    from planner.workspace.reports import review_facts, review_of, write_review

    project = session.workspace.project
    told = review_of(project, week)
    text = review_markdown(told)
    if as_json:
        say.document(review_facts(told))
    else:
        say.lines(text.rstrip("\n"))
    if as_json and not write:
        return
    try:
        say.note(f"written to {write_review(project, told.week, text)}")
    except Mistake as mistake:
        if write:
            raise
        say.note(f"not written: {mistake}")  # a project that can only be read can still be reviewed

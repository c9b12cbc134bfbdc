"""`planner list`: the ideas, best first."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.table import table, width
from planner.domain.view import RankedIdea
from planner.rules.judging.correcting import in_words
from planner.rules.wording import numbers

STATUSES = ("open", "ready", "queued", "running", "parked", "dropped", "done", "invalid")
"""What --status takes."""
HEADINGS = ("rank", "idea", "score", "chance", "gain", "hours", "status", "title")
"""The columns."""
SPARE = ("chance", "gain", "hours")
"""Columns left out where there is no room for them."""
NARROW = 66
"""Columns of a terminal below which there is none."""


@click.command()
@click.option(
    "--status", "statuses", type=click.Choice(STATUSES), multiple=True, help="Only these; repeatable."
)
@click.option("--tag", "tags", metavar="T", multiple=True, help="Only ideas with this tag; repeatable.")
@click.option("--category", metavar="C", help="Only ideas of this kind.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="The dropped ones too.")
@json_option
@click.pass_obj
def list_ideas(
    session: Session,
    statuses: tuple[str, ...],
    tags: tuple[str, ...],
    category: str | None,
    limit: int | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List the ideas, best first.

    They stand by expected gain per hour still to spend. Those still to decide come first, then the
    finished, the parked and, with --all, the dropped. Scores are in MEI per 100 h, where 1 MEI is the
    smallest gain worth keeping; in JSON, in MEI per hour. A finished idea has what it gained in place of
    what is expected.

    \b
    Examples:
      planner list --status ready --limit 5
      planner list --json | jq '.[0].title'
    """
    view = session.workspace.view()
    rows = [
        row
        for row in view.ranked
        if (row.status in statuses if statuses else everything or row.status != "dropped")
        and set(tags) <= set(row.idea.tags)
        and category in (None, row.idea.category)
    ][:limit]
    if view.warning:
        say.note(view.warning)
    if as_json:
        from planner.workspace.facts import idea_facts

        say.document([idea_facts(row) for row in rows])
    elif rows:
        print_ideas(rows)
    else:
        say.note(
            "no idea fits" if view.ranked else "there are no ideas yet; `planner add TITLE` captures one"
        )


def print_ideas(rows: Sequence[RankedIdea]) -> None:
    """The ideas as a table; a narrow terminal keeps what tells them apart."""
    shown = HEADINGS if width() >= NARROW else tuple(name for name in HEADINGS if name not in SPARE)
    cells = [dict(zip(HEADINGS, _cells(row), strict=True)) for row in rows]
    for text in table(shown, [[row[name] for name in shown] for row in cells], flush=len(shown) - 2):
        say.line(text)
    if sys.stdout.isatty():
        unit = numbers.score_unit(rows[0].score.per_hour)
        say.note(f"score in {unit}, gain in MEI, hours still to spend; `planner show ID` says why")


def _prospect(row: RankedIdea) -> tuple[str, str, str, str]:
    """Score, chance, gain, hours; of a settled idea only what it gained, since nothing is left to expect."""
    score = row.score
    if row.status == "done":
        gain = row.outcome.gain if row.outcome else None
        return numbers.NOTHING, numbers.NOTHING, numbers.compact(gain), numbers.NOTHING
    return (
        numbers.score(score.value, score.per_hour),
        numbers.chance(score.chance.used),
        numbers.compact(score.gain.used),
        numbers.compact(score.hours.used),
    )


def _cells(row: RankedIdea) -> tuple[str, ...]:
    tags = "".join(f"  #{tag}" for tag in row.idea.tags)
    return (
        str(row.rank or numbers.NOTHING),
        str(row.idea.id),
        *_prospect(row),
        in_words(row.outcome) if row.status == "done" and row.outcome else row.status,
        f"{row.idea.title}{tags}",
    )

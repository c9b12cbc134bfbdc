"""`planner import`: bring history in, and ideas with what several people expect of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake
from planner.rules.wording import numbers

if TYPE_CHECKING:
    from planner.domain.imported import Imported

LISTED = 20
"""Bad rows that are listed; the rest are counted."""


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--ideas", "as_ideas", is_flag=True, help="FILE has ideas to try, not history.")
@click.option(
    "--map", "mapping", metavar="COLUMN=FIELD", multiple=True, help="What a column means; repeatable."
)
@click.option("--metric", metavar="NAME", help="The metric to judge by, where it is not the goal's.")
@click.option("--by", metavar="WHO", help="Whose estimates these are, where the file does not say.")
@click.option("--skip-bad", is_flag=True, help="Leave rows out that can't be read, and list them.")
@click.option("--dry-run", is_flag=True, help="Say what would come in, and change nothing.")
@json_option
@click.pass_obj
def import_file(
    session: Session,
    file: str,
    as_ideas: bool,
    mapping: tuple[str, ...],
    metric: str | None,
    by: str | None,
    skip_bad: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in history, or with --ideas what to try next.

    History is a CSV or TSV of ideas with their outcomes, MLflow's mlruns folder or mlflow.db, an Optuna
    database, or a folder of TensorBoard event files. Every outcome counts for the base rate. Ideas come from
    a Markdown list, a CSV with estimates, or `gh issue list --json number,title,body,labels`; several
    people's copies of one sheet are merged. What is here already is not doubled; `planner undo` takes all
    of it back. FILE may be - for stdin.

    \b
    Examples:
      planner import experiments.csv --map "Implementation time=hours"
      planner import mlruns --metric val_loss
      planner import --ideas ideas.csv --by ana
    """
    from planner.imports.columns import parse_map

    if as_ideas and metric:
        raise Mistake(
            "--metric judges history; ideas to try have no results yet: leave --metric or --ideas out"
        )
    path = Path("-") if file == "-" else session.path(file)
    mapped, workspace = parse_map(mapping), session.workspace
    if as_ideas:
        found = workspace.import_ideas(path, mapped=mapped, by=by, skip_bad=skip_bad, dry_run=dry_run)
    else:
        found = workspace.import_history(
            path, mapped=mapped, by=by, metric=metric, skip_bad=skip_bad, dry_run=dry_run
        )
    if as_json:
        say.document(found)
    else:
        for text in told(found):
            say.line(text)


def told(found: Imported) -> Iterator[str]:
    """What came in, what was learned from it, and what was left out, in a few lines."""
    counts = _counts(found)
    verb = ("would come in" if found.dry_run else "came in") if counts else "nothing new"
    yield f"{found.file}, {found.kind}: {counts} {verb}".replace("  ", " ")
    if found.columns:
        yield f"  read {', '.join(_columns(found))}" + (
            f" · not used: {', '.join(found.unused)}" if found.unused else ""
        )
    if found.outcomes:
        before, after = numbers.chance(found.base_before), numbers.chance(found.base_after)
        hours = f" · a full run takes {numbers.hours(found.run_hours)}" if found.run_hours else ""
        yield f"  base rate {before} → {after} · {_many(found.revised, 'score')} moved{hours}"
    if found.skipped:
        yield f"  left out: {' · '.join(f'{reason} {count:,}' for reason, count in found.skipped.items())}"
    yield from _bad(found)


def _columns(found: Imported) -> Iterator[str]:
    """What each column was read as, where its own name does not say."""
    for column, field in found.columns.items():
        yield column if column.lower() == field else f"{column} as {field}"


def _counts(found: Imported) -> str:
    parts = [_many(len(found.ideas), "new idea")] if found.ideas else []
    if found.matched:
        parts.append(
            f"news of {_many(found.matched, 'idea')} that {'was' if found.matched == 1 else 'were'} here"
        )
    if found.outcomes:
        broken = f", {found.invalid:,} invalid" if found.invalid else ""
        parts.append(f"{_many(found.outcomes, 'outcome')} ({found.kept:,} kept{broken})")
    if found.estimates:
        parts.append(f"{_many(found.estimates, 'estimate')} of {', '.join(found.people)}")
    return ", ".join(parts)


def _bad(found: Imported) -> Iterator[str]:
    for row in found.bad[:LISTED]:
        column = f", column {row.column}" if row.column else ""
        yield f"  left out: line {row.line}{column}: {row.problem}"
    if len(found.bad) > LISTED:
        yield f"  left out: {len(found.bad) - LISTED:,} more lines that can't be read"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

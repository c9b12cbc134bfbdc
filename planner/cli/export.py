"""`planner export`: the backlog for other programs and other people."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("csv", "json", "jsonl", "md", "html")),
    help="By the file's name unless said.",
)
@json_option
@click.pass_obj
def export(session: Session, file: str | None, format_name: str | None, as_json: bool) -> None:
    """Write every idea to a file, for other programs and people.

    With its score, estimates and outcome; to stdout where no FILE is named. CSV has one row an idea, JSON
    everything, JSON lines one idea a line; Markdown and HTML are to be read.

    \b
    Examples:
      planner export ideas.csv
      planner export --format md > ideas.md
    """
    from planner.workspace.export import export_text, format_of, write_export

    view, layout = session.workspace.view(), session.workspace.layout
    if file is None or file == "-":
        if as_json and format_name not in (None, "json"):
            raise Mistake(f"--json prints JSON, --format {format_name} does not: leave one of them out")
        click.echo(export_text(view, layout, format_name or ("json" if as_json else "csv")), nl=False)
        return
    path = session.path(file)
    chosen = format_name or format_of(path)
    write_export(export_text(view, layout, chosen), path)
    if as_json:
        say.document({"file": str(path), "format": chosen, "ideas": len(view.ranked)})
    else:
        say.line(f"wrote {len(view.ranked)} ideas to {path}")

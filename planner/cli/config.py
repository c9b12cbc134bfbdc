"""`planner config`: where the settings are, what they say, whether they are right."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option

QUESTIONS = ("path", "show", "validate", "schema")


@click.command()
@click.argument("question", metavar="path|show|validate|schema", type=click.Choice(QUESTIONS), default="show")
@json_option
@click.pass_obj
def config(session: Session, question: str, as_json: bool) -> None:
    """Find, show and check planner.toml.

    path tells where it is, show what it says with the defaults filled in, validate whether it is right,
    and schema prints the JSON Schema of all it may say.

    \b
    Examples:
      $EDITOR "$(planner config path)"
      planner config validate
      planner config schema > planner.schema.json
    """
    if question == "schema":
        from planner.store.config import schema

        say.document(schema())
        return
    toml = session.workspace.layout.toml
    if question == "path":
        say.document({"path": str(toml)}) if as_json else say.line(str(toml))
        return
    settings = session.workspace.settings
    if question == "show":
        say.document(settings)
    elif as_json:
        say.document({"path": str(toml), "valid": True})
    else:
        say.line(f"{toml} is right")

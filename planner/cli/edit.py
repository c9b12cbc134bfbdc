"""`planner edit` and `planner estimate`: change what an idea says, or what a person expects of it."""

from __future__ import annotations

from typing import Any

import click

from planner.cli.confided import typed_values, warn_of_secrets
from planner.cli.session import Session, json_option, sweep_options
from planner.cli.tell import tell_idea
from planner.domain.mistake import Mistake


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--title", metavar="TEXT", help="One line that names it.")
@click.option("--hypothesis", metavar="TEXT", help="What is expected to happen, and why.")
@click.option("--category", metavar="C", help="Its kind, such as loss or augmentation.")
@click.option(
    "--tag", "tags", metavar="T", multiple=True, help="Its tags from now on; repeatable; '' for none."
)
@click.option(
    "--set",
    "params",
    metavar="PARAM=VALUE",
    multiple=True,
    help="The params it changes from now on; '' for none.",
)
@click.option("--ref", metavar="BRANCH", help="The branch or commit that holds its code; '' for none.")
@click.option("--after", metavar="ID", type=int, multiple=True, help="Ideas to finish first; 0 for none.")
@click.option("--implemented/--not-implemented", default=None, help="Whether the recipe already carries it.")
@click.option("--run-hours", metavar="HOURS", help="One full run takes; '' for the project's usual.")
@sweep_options
@json_option
@click.pass_obj
def edit(session: Session, /, idea_id: int, as_json: bool, **said: Any) -> None:
    """Change what is given of an idea and leave the rest.

    What it would run can't be changed while it is dispatched, and an idea that came out invalid
    is ready again once that has been edited.

    \b
    Examples:
      planner edit 12 --set label_smoothing=0.05
      planner edit 12 --ref label-smoothing --tag loss --tag cheap
      planner edit 12 --sweep lr=1e-3..1e-1 --nuisance lr
    """
    given = {name: _without_blank(value) for name, value in said.items() if value not in (None, ())}
    if not given:
        raise Mistake("nothing to change: `planner edit --help` lists what can be")
    edited = session.workspace.ideas.edit(idea_id, **given)
    if given.keys() & {"params", "fixed", "sweep"}:
        warn_of_secrets(typed_values(edited.change))
    tell_idea(session, idea_id, "edited", as_json=as_json)


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("-t", "--hours", metavar="HOURS", help="To implement: 30m, 2h, 1.5d (a day is 8 h), or 2h-5h.")
@click.option(
    "-c", "--complexity", metavar="0-5", help="Added to the code: 0 config only … 5 over 1,000 lines."
)
@click.option(
    "-i", "--impact", metavar="CHANGE", help="Of the metric if it works: +0.5pp, -0.03, 2%, 0.1-0.5pp."
)
@click.option("-l", "--likelihood", metavar="CHANCE", help="That it beats the baseline: 20%, 10-30%.")
@click.option("--by", metavar="WHO", help="Whose estimate this is; yours unless told otherwise.")
@json_option
@click.pass_obj
def estimate(session: Session, /, idea_id: int, as_json: bool, **said: str | None) -> None:
    """Say what one person expects of an idea.

    Criteria that are not given stay as that person last said them. Ask colleagues: an idea estimated
    by several people is ranked better than by any one of them.

    \b
    Examples:
      planner estimate 12 -t 1h -l 30%
      planner estimate 12 -t 2h-5h -i 0.1-0.5pp
      planner estimate 12 --by bo -i +0.2pp -l 15%
    """
    session.workspace.ideas.estimate(idea_id, **said)
    tell_idea(session, idea_id, "estimated", as_json=as_json)


def _without_blank(value: Any) -> Any:
    """A list that takes everything away is typed as one empty word, or as the idea 0."""
    return () if value in (("",), (0,)) else value

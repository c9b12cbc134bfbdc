"""`planner init`: make a folder a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.goal import Goal


@click.command()
@click.option("--recipe", metavar="MODULE:FUNCTION", help="The function that builds a trial from params.")
@click.option(
    "--metric", metavar="NAME", help="What counts: a key of Keras's logs; val_accuracy unless said."
)
@click.option(
    "--direction", type=click.Choice(("max", "min")), help="Which way is better; guessed from the name."
)
@click.option(
    "--minimum-effect",
    type=float,
    metavar="NUMBER",
    help="The smallest gain worth keeping; 0.002 unless said.",
)
@click.option("--target", type=float, metavar="NUMBER", help="The value that is good enough.")
@json_option
@click.pass_obj
def init(
    session: Session,
    recipe: str | None,
    metric: str | None,
    direction: str | None,
    minimum_effect: float | None,
    target: float | None,
    as_json: bool,
) -> None:
    """Make this folder a project.

    Best done in a git repository. Writes planner.toml, which is yours to edit, and .planner/, which is the
    planner's.

    \b
    Examples:
      planner init --recipe experiment:digits --metric val_accuracy --target 0.99
      planner init --recipe train:build --metric val_loss --minimum-effect 0.01
    """
    from planner.workspace.begin import Wanted, begin, in_git

    if not in_git(session.folder):
        say.note(
            "planner: this is no git repository, so runs can't tell which code they ran; `git init` makes one"
        )
    wanted = Wanted(
        recipe=recipe, metric=metric, direction=direction, minimum_effect=minimum_effect, target=target
    )
    made = begin(session.folder, wanted)
    goal = session.workspace.settings.goal
    if as_json:
        say.document({"project": str(session.folder), "made": [str(path) for path in made], "goal": goal})
    else:
        named = session.workspace.settings.recipe
        _tell(made, goal, has_recipe=bool(named.entry or named.command))


def _tell(made: Sequence[Path], goal: Goal, *, has_recipe: bool) -> None:
    for path in made:
        say.line(f"made {path}")
    way = "more" if goal.direction == "max" else "less"
    say.line(
        f"goal: {goal.metric}, {way} is better; {goal.minimum_effect:g} is the smallest gain worth keeping"
    )
    if not has_recipe:
        say.line("name your recipe in planner.toml under [recipe] before the first dispatch")
    say.line('next: planner add "label smoothing 0.1" -t 15m -l 25% --set label_smoothing=0.1')

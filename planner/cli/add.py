"""`planner add`: capture an idea the second it comes up; imports as little as it can, to be quick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from planner.cli import say
from planner.cli.confided import typed_values, warn_of_secrets
from planner.cli.session import Session, json_option, sweep_options
from planner.domain.idea import Idea
from planner.rules.wording import numbers

if TYPE_CHECKING:
    from planner.domain.score import Score
    from planner.workspace.workspace import Workspace


@click.command()
@click.argument("title", nargs=-1, required=True)
@click.option("-t", "--hours", metavar="HOURS", help="To implement: 30m, 2h, 1.5d (a day is 8 h), or 2h-5h.")
@click.option(
    "-c", "--complexity", metavar="0-5", help="Added to the code: 0 config only … 5 over 1,000 lines."
)
@click.option(
    "-i", "--impact", metavar="CHANGE", help="Of the metric if it works: +0.5pp, -0.03, 2%, 0.1-0.5pp."
)
@click.option("-l", "--likelihood", metavar="CHANCE", help="That it beats the baseline: 20%, 10-30%.")
@click.option("--by", metavar="WHO", help="Whose estimates these are; you unless told otherwise.")
@click.option("--category", metavar="C", default="other", help="Its kind, such as loss or augmentation.")
@click.option("--tag", "tags", metavar="T", multiple=True, help="Ties relatives together; may be repeated.")
@click.option("--hypothesis", metavar="TEXT", default="", help="What is expected to happen, and why.")
@click.option(
    "--set", "params", metavar="PARAM=VALUE", multiple=True, help="A param it changes; may be repeated."
)
@click.option("--ref", metavar="BRANCH", help="The git branch or commit that holds its code.")
@click.option(
    "--after", metavar="ID", type=int, multiple=True, help="An idea to finish first; may be repeated."
)
@click.option("--implemented", is_flag=True, help="The recipe in the work tree already carries it.")
@click.option(
    "--run-hours", metavar="HOURS", help="One full run takes, where it differs from the project's usual."
)
@sweep_options
@json_option
@click.pass_obj
def add(session: Session, /, title: tuple[str, ...], as_json: bool, **said: Any) -> None:
    """Capture an idea; only a title is needed.

    What nobody estimates is filled from the project's priors, and shown as such.
    An idea with --set, --sweep, --ref or --implemented is ready to run; any other is open: its code is to be
    written.

    \b
    Examples:
      planner add "label smoothing 0.1" -t 15m -c 0 -i +0.3pp -l 25% --set label_smoothing=0.1 --tag loss
      planner add "mixture of experts block"
      planner add "tune lr and width" --sweep lr=1e-4..1e-1 --sweep width=32,64,128 --method tpe --configs 30
    """
    workspace = session.workspace
    idea = workspace.ideas.add(" ".join(title), **said)
    warn_of_secrets(typed_values(idea.change))
    score = _score(workspace, idea)
    if as_json:
        _print_facts(idea, score)
        return
    say.line(
        f"#{idea.id} “{idea.title}” · {numbers.score(score.value, score.per_hour)} "
        f"{numbers.score_unit(score.per_hour)}"
    )
    if idea.change.sweep:
        from planner.cli.sweep import captured

        captured(idea.change.sweep, workspace.settings.baseline.params)
    if score.assumed:
        priors = _prior(score)
        say.line(f"   nobody has said {', '.join(priors[name] for name in score.assumed)}")


def _score(workspace: Workspace, idea: Idea) -> Score:
    """Its score now; a transaction that changes nothing reads the calibration without pydantic."""
    from planner.rules.scoring.score import score

    project = workspace.project
    with project.store.transaction("score", by=project.who) as tables:
        return score(idea, tables.calibration(), workspace.settings)


def _print_facts(idea: Idea, score: Score) -> None:
    from planner.domain.view import RankedIdea
    from planner.rules.status import status
    from planner.workspace.facts import idea_facts

    say.document(idea_facts(RankedIdea(idea=idea, status=status(idea, (), None), score=score)))


def _prior(score: Score) -> dict[str, str]:
    """By criterion, its name with what stands in for it."""
    return {
        "hours": "hours (2 h)",
        "complexity": f"complexity ({score.hours.complexity:g})",
        "impact": f"impact (gain {score.gain.scale:.1f} MEI)",
        "likelihood": f"likelihood (base rate {numbers.chance(score.chance.base)})",
    }

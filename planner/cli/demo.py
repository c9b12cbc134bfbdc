"""`planner demo`: a complete project to try everything on, in a minute, on a CPU, without a network."""

from __future__ import annotations

from pathlib import Path

import click

from planner.cli import say
from planner.cli.session import Session, json_option


@click.command()
@click.argument("folder", metavar="[FOLDER]", default="planner-demo")
@click.option(
    "--kind",
    type=click.Choice(("digits", "diabetes")),
    default="digits",
    show_default=True,
    help="Classes of images, or a number to predict.",
)
@click.option("--run", is_flag=True, help="Dispatch the best idea at once and follow it to its verdict.")
@json_option
@click.pass_obj
def demo(session: Session, folder: str, kind: str, run: bool, as_json: bool) -> int:
    """Make an example project with a dozen ideas.

    FOLDER is ./planner-demo unless said. The data ships with scikit-learn: 1,797 handwritten digits, or 442
    diabetes patients. An example that is there already is left as it is.

    \b
    Examples:
      planner demo
      planner demo --kind diabetes try-it --run
    """
    from planner.workspace.example import make_example

    path = session.path(folder)
    new = make_example(path, kind)
    inside = Session(path)
    if run:
        from planner.cli.dispatch import send

        best = inside.workspace.queue.top().idea.id
        return send(inside, [best], seeds=None, wait=True, as_json=as_json)
    if as_json:
        ideas = len(inside.workspace.project.store.read().ideas)
        say.document({"project": str(path), "kind": kind, "new": new, "ideas": ideas})
    else:
        _tell(path, Path(folder), new=new)
    return 0


def _tell(path: Path, typed: Path, *, new: bool) -> None:
    say.line(
        f"made the example project in {path}" if new else f"the example project in {path} is there already"
    )
    say.line(f"next: planner -C {typed} list")
    say.line(f"      planner -C {typed} dispatch --top --wait")
    say.line(f"      planner -C {typed}")

"""`planner lr`: which learning rate suits an idea, or the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Failed
from planner.domain.run import LIVE, Run

if TYPE_CHECKING:
    from planner.workspace.workspace import Workspace


@click.command()
@click.argument("what", metavar="[ID|RUN]", required=False)
@click.option("--wait", is_flag=True, help="Follow the search to its end, and show what it found.")
@json_option
@click.pass_obj
def lr(session: Session, what: str | None, wait: bool, as_json: bool) -> int:
    """Look for the learning rate of an idea, or of the baseline.

    A hundred odd training steps at rates that grow from 1e-7 to 10. Where the loss falls fastest, and a
    tenth of where it is lowest, bound what is worth trying. It is nobody's evidence. RUN, a search that
    was made, shows what it found.

    \b
    Examples:
      planner lr --wait
      planner lr 12 --wait
      planner lr r31
    """
    from planner.workspace.lookup import find_run
    from planner.workspace.rates import search

    workspace = session.workspace
    if what is not None and not what.isdigit():
        run = find_run(workspace.view().ledger.runs, what)
        return _tell(workspace, run, as_json=as_json)
    run = search(workspace.project, int(what) if what else None)
    workspace.ensure_dispatcher()
    if wait:
        from planner.cli.follow import followed

        run = followed(workspace, run.id, on_stderr=as_json)
    return _tell(workspace, run, as_json=as_json)


def _tell(workspace: Workspace, run: Run, *, as_json: bool) -> int:
    from planner.rules.wording import rates
    from planner.store.encoding import plain
    from planner.workspace.rates import found

    answer = found(workspace.project, run)
    if run.status not in LIVE and answer is None:
        raise Failed(f"run {run.id} found no rate: {run.cause or run.status}")
    if as_json:
        told = plain(answer) if answer else None
        say.document({"run": run.id, "idea": run.idea, "status": run.status, "rates": told})
    elif answer is None:
        say.line(f"looks for the learning rate as {run.id}; `planner lr {run.id}` shows what it finds")
    else:
        for line in rates.lines(answer):
            say.line(line)
    return 0

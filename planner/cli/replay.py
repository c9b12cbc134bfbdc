"""`planner replay`: make a run once more as it was recorded, and say whether it comes out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.run import LIVE, Run

if TYPE_CHECKING:
    from planner.workspace.replay import Told
    from planner.workspace.workspace import Workspace


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--wait", is_flag=True, help="Follow it to its end, and say how it came out.")
@json_option
@click.pass_obj
def replay(session: Session, run_id: str, wait: bool, as_json: bool) -> int:
    """Make a run once more, with the code, the params and the seed that were recorded.

    It is nobody's evidence. Of a replay, RUN tells how it came out: exactly the same, the same within the
    noise of seeds, or not, and what it ran on that is another. Then the exit status is 1 where it did not
    come out the same.

    \b
    Examples:
      planner replay r12 --wait
      planner replay r40          (a replay: how it came out)
    """
    from planner.workspace.lookup import find_run
    from planner.workspace.replay import replay as queue

    workspace = session.workspace
    run = find_run(workspace.view().ledger.runs, run_id)
    if run.replay_of is None:
        run = queue(workspace.project, run.id)
    workspace.ensure_dispatcher()
    if wait:
        from planner.cli.follow import followed

        followed(workspace, run.id, on_stderr=as_json)
    return _tell(workspace, run.id, as_json=as_json)


def _tell(workspace: Workspace, run_id: str, *, as_json: bool) -> int:
    from planner.workspace.replay import told

    run = workspace.view().ledger.runs[run_id]
    found = told(workspace.project, run)
    if as_json:
        say.document(_facts(run, found))
    elif run.status in LIVE:
        say.line(f"replays {run.replay_of} as {run.id}; `planner replay {run.id}` tells how it came out")
    else:
        say.line(f"{run.id}, a replay of {run.replay_of}: {found.replayed.sentence}")
    if not as_json:
        for difference in found.differs:
            say.line(f"  {difference}")
    return 0 if run.status in LIVE or found.replayed.reproduced else 1


def _facts(run: Run, found: Told) -> dict[str, object]:
    said = found.replayed
    return {
        "run": run.id,
        "of": said.of,
        "status": run.status,
        "reproduced": said.reproduced,
        "answer": said.answer,
        "sentence": said.sentence,
        "was": said.was,
        "value": said.value,
        "noise": said.noise,
        "differs": list(found.differs),
    }

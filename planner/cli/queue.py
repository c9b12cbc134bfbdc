"""`planner stop-run` and `planner requeue`: what a person does with one run."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.run import Run


@click.command("stop-run")
@click.argument("run_id", metavar="RUN")
@json_option
@click.pass_obj
def stop_run(session: Session, run_id: str, as_json: bool) -> None:
    """Stop a run, or take it out of the queue.

    A running one is asked politely, so that it keeps its checkpoint, and ended by force after a while.
    Stopping is no evidence against the idea.

    \b
    Example:
      planner stop-run r12
    """
    run = session.workspace.queue.stop(run_id)
    if run.status == "running":
        session.workspace.ensure_dispatcher()
    if as_json:
        say.document(_facts(session, run.id))
    elif run.status == "running":
        say.line(f"asked run {run.id} to stop; it ends after its current batch")
    else:
        say.line(f"took run {run.id} out of the queue")


@click.command()
@click.argument("run_id", metavar="RUN")
@json_option
@click.pass_obj
def requeue(session: Session, run_id: str, as_json: bool) -> None:
    """Try an ended run again: its idea climbs on from there.

    A training that was stopped or has crashed goes on from its last whole epoch that was kept,
    as long as its params, its code and its data are what they were.

    \b
    Example:
      planner requeue r12
    """
    from planner.workspace.lookup import find_run
    from planner.workspace.resuming import going_on

    workspace = session.workspace
    again = workspace.queue.requeue(run_id)
    where = going_on(workspace.project, find_run(workspace.project.store.read().runs, run_id))
    workspace.ensure_dispatcher()
    if isinstance(again, Run):
        say.document(_facts(session, again.id)) if as_json else say.line(f"queued run {again.id}")
        return
    if as_json:
        from planner.cli.tell import find_row
        from planner.workspace.facts import idea_facts

        say.document(idea_facts(find_row(session, again.id)))
    else:
        say.line(f"#{again.id} “{again.title}” climbs on{where}; `planner status` shows how far it is")


def _facts(session: Session, run_id: str) -> object:
    from planner.workspace.facts import run_facts

    view = session.workspace.view()
    return run_facts(next(one for one in view.runs if one.run.id == run_id), session.workspace.layout)

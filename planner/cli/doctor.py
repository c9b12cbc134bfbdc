"""`planner doctor`: is everything in order, and if not, which command mends it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.finding import Finding
from planner.domain.mistake import Mistake

SIGNS = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}


@click.command()
@click.option("--restore", is_flag=True, help="Put the newest good backup in the place of a damaged backlog.")
@json_option
@click.pass_obj
def doctor(session: Session, restore: bool, as_json: bool) -> int:
    """Look at everything the planner needs, and say what mends it.

    That is the store, the settings, the dispatcher, git, Keras, the GPU, and what a logout ends. Each
    finding is ok, a warning (it works, and should be looked after) or a problem (it does not work), with
    the one command that mends it. The exit status is 4 when there is a problem.

    \b
    Examples:
      planner doctor
      planner doctor --restore
    """
    if restore:
        return _restore(session, as_json=as_json)
    findings = _findings(session)
    if as_json:
        say.document(findings)
    else:
        for finding in findings:
            say.line(f"{SIGNS[finding.state]}  {finding.name}: {finding.text}")
            if finding.command and finding.state != "ok":
                say.line(f"         → {finding.command}")
    return 4 if any(finding.state == "problem" for finding in findings) else 0


def _restore(session: Session, *, as_json: bool) -> int:
    from planner.store.restore import restore_newest_backup

    project = session.workspace.project
    done = restore_newest_backup(project.layout, by=project.who)
    say.document({"restored": done}) if as_json else say.line(done)
    return 0


def _findings(session: Session) -> Sequence[Finding]:
    from planner.workspace.doctor import examine, examine_machine

    try:
        project = session.workspace.project
    except Mistake as mistake:
        nowhere = Finding(name="project", state="warning", text=str(mistake), command="planner init")
        return [nowhere, *examine_machine(None, session.folder)]
    return examine(project)

"""`planner doctor`: is everything in order, and if not, which command mends it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.finding import Finding
from planner.domain.mistake import Mistake

SIGNS = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}


@click.command()
@click.option("--restore", is_flag=True, help="Put the newest good backup in the place of a damaged backlog.")
@click.option("--rebuild", is_flag=True, help="Bring runs that the backlog has lost back from their folders.")
@click.option("--unlock", is_flag=True, help="Take away locks that another machine left held.")
@json_option
@click.pass_obj
def doctor(session: Session, restore: bool, rebuild: bool, unlock: bool, as_json: bool) -> int:
    """Look at everything the planner needs, and say what mends it.

    That is the store with its journal and backups, locks, run folders, the disk, the settings, the
    dispatcher, git, Keras, the GPU, and what a logout ends. Each finding is ok, a warning (it works, and
    should be looked after) or a problem (it does not work), with the one command that mends it. The exit
    status is 4 when there is a problem. Without an option nothing is changed.

    --restore puts the newest good state in the place of a damaged backlog, with what the journal has of
    the time since; the damaged file is kept. --rebuild adds the runs whose folders the backlog does not
    know, with their ideas and baselines where these are gone: one change, which `planner undo` takes back.
    --unlock is for a network file system: it takes away a lock whose holder was on another machine, and
    never that of a process of this one. Should its holder be at work after all, it notices before it puts
    its change in force, and refuses it there; only two that do so in the very same moment could not tell.

    \b
    Examples:
      planner doctor
      planner doctor --restore
      planner doctor --json
    """
    if restore + rebuild + unlock > 1:
        raise Mistake(
            "give one of --restore, --rebuild and --unlock: look again after each with `planner doctor`"
        )
    if restore:
        return _restore(session, as_json=as_json)
    if rebuild:
        return _rebuild(session, as_json=as_json)
    if unlock:
        return _unlock(session, as_json=as_json)
    return _examine(session, as_json=as_json)


def _examine(session: Session, *, as_json: bool) -> int:
    findings = [_from_here(finding, session.folder) for finding in _findings(session)]
    if as_json:
        say.document(findings)
    else:
        for finding in findings:
            say.line(f"{SIGNS[finding.state]}  {finding.name}: {finding.text}")
            if finding.command and finding.state != "ok":
                say.line(f"         → {finding.command}")
    return 4 if any(finding.state == "problem" for finding in findings) else 0


def _restore(session: Session, *, as_json: bool) -> int:
    from planner.store.orphans import orphans
    from planner.store.restore import restore_newest_backup

    project = session.workspace.project
    done = restore_newest_backup(project.layout, by=project.who)
    more = sum(one.whole for one in orphans(project.layout, project.store.read().runs))
    if more:
        done += f"; runs it does not know, whose folders are whole: {more} (`planner doctor --rebuild`)"
    say.document({"restored": done}) if as_json else say.line(done)
    return 0


def _rebuild(session: Session, *, as_json: bool) -> int:
    from planner.dispatcher.rebuild import rebuild

    done = rebuild(session.workspace.project)
    say.document({"rebuilt": str(done), **asdict(done)}) if as_json else say.line(str(done))
    return 0


def _unlock(session: Session, *, as_json: bool) -> int:
    from planner.workspace.locks import unlock

    project = session.workspace.project
    done = unlock(project.layout, project.now)
    if as_json:
        say.document({"unlocked": done})
        return 0
    for one in done:
        say.line(one)
    return 0


def _from_here(finding: Finding, folder: Path) -> Finding:
    """The finding with a command that also works where the person is, be that outside the project."""
    command = finding.command
    if command is None or not command.startswith("planner ") or folder == Path.cwd():
        return finding
    return replace(
        finding, command=f"planner -C {shlex.quote(str(folder))} {command.removeprefix('planner ')}"
    )


def _findings(session: Session) -> Sequence[Finding]:
    from planner.workspace.doctor import examine, examine_machine

    try:
        project = session.workspace.project
    except Mistake as mistake:
        nowhere = Finding(name="project", state="warning", text=str(mistake), command="planner init")
        return [nowhere, *examine_machine(None, session.folder)]
    return examine(project)

"""`planner doctor`: every command it names is typed here, and mends what it is named for."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from planner.cli.main import main
from planner.domain.finding import Finding
from planner.domain.run import Run
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.standing import dispatcher_holds
from tests.cli.conftest import Shell
from tests.store.ended import begun_run, ended_run
from tests.workspace.test_locks import hold

BIN = Path(sys.executable).parent
PATIENCE = 600.0
"""Seconds after which something that should happen has failed to."""


@pytest.fixture(autouse=True)
def a_machine_that_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask other interpreters and drivers takes a second each time, and is tried elsewhere."""
    fine = Finding(name="machine", state="ok", text="fine")
    for look in ("_keras", "_gpu", "logout"):
        monkeypatch.setattr(f"planner.workspace.doctor.{look}", lambda *_: fine)


def examined(shell: Shell) -> dict[str, dict[str, Any]]:
    """The findings by name; the exit status is 4 exactly when one of them is a problem."""
    shell.capsys.readouterr()
    status = main(["-C", str(shell.folder), "doctor", "--json"])
    findings = json.loads(shell.capsys.readouterr().out)
    assert all(finding.keys() == {"name", "state", "text", "command"} for finding in findings)
    assert status == (4 if any(finding["state"] == "problem" for finding in findings) else 0)
    return {finding["name"]: finding for finding in findings}


def typed(command: str, folder: Path, **environment: str) -> None:
    """Type a command into a real shell, somewhere else than in the project."""
    path = f"{BIN}:{os.environ['PATH']}"
    subprocess.run(
        command,
        shell=True,
        check=True,
        cwd=folder.parent,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
    )


def until(holds: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.05)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, and what the doctor is to make of it."""

    finding: str
    """The name of the finding."""
    state: str
    """`warning` or `problem`."""
    happens: Callable[[Layout], object]
    """Lets it go wrong."""


def _damage(layout: Layout) -> None:
    layout.backlog.write_bytes(b"{")


def _lose(layout: Layout) -> None:
    ended_run(layout, "r1-aaaa")
    for path in (layout.backlog, layout.journal):
        path.unlink()
    shutil.rmtree(layout.backups)


def _pause(layout: Layout) -> None:
    with Store(layout).transaction("pause", by="test", undoable=False) as tables:
        tables.set_paused("r1 vanished")


def _vanish(layout: Layout) -> None:
    begun_run(layout, "r1-aaaa").claim.write_bytes(b'{"pid":1,"created":1.0,"host":""}')
    run = Run(
        id="r1-aaaa",
        idea=None,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at="2026-11-16T09:00:00.000Z",
        order=0.0,
        status="running",
        job="another/1/1:" + str(layout.run("r1-aaaa").path),
        started_at="2026-11-16T09:00:00.000Z",
    )
    with Store(layout).transaction("run", by="test", undoable=False) as tables:
        tables.put(run)


def _no_git(layout: Layout) -> None:
    shutil.rmtree(layout.project / ".git")


def _no_commit(layout: Layout) -> None:
    _no_git(layout)
    subprocess.run(["git", "init", "-q"], cwd=layout.project, check=True)


FAULTS = [
    Fault("backlog", "problem", _damage),
    Fault("backlog", "problem", _lose),
    Fault("backlog", "problem", lambda layout: shutil.rmtree(layout.home)),
    Fault("run folders", "warning", lambda layout: ended_run(layout, "r1-aaaa")),
    Fault("permissions", "warning", lambda layout: layout.home.chmod(0o755)),
    Fault("access", "problem", lambda layout: layout.journal.chmod(0o400)),
    Fault("dispatcher", "warning", _pause),
    Fault("git", "warning", _no_git),
    Fault("git", "warning", _no_commit),
]


@pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"{number}-{one.finding}" for number, one in enumerate(FAULTS)]
)
def test_the_command_that_is_named_mends_it(shell: Shell, fault: Fault) -> None:
    shell("add", "an idea")
    shell("add", "another")
    assert not [name for name, found in examined(shell).items() if found["state"] == "problem"]
    fault.happens(Layout(shell.folder))
    found = examined(shell)[fault.finding]
    assert found["state"] == fault.state, found
    names = {f"GIT_{who}_{what}": "ana" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    typed(found["command"], shell.folder, **names)
    found_then = examined(shell)[fault.finding]
    assert found_then["state"] == "ok" or found_then["text"] != found["text"], found_then
    if fault.happens is not _no_git:  # a new repository has no commit yet, which is said next
        assert found_then["state"] == "ok", found_then


def test_a_run_whose_worker_vanished_is_settled_by_the_command(shell: Shell) -> None:
    layout = Layout(shell.folder)
    _vanish(layout)
    layout.run("r1-aaaa").claim.write_bytes(
        json.dumps({"pid": 1, "created": 1.0, "host": os.uname().nodename}).encode()
    )
    assert "its worker is gone" in examined(shell)["running"]["text"]
    typed(examined(shell)["running"]["command"], shell.folder)
    until(lambda: Store(layout).read().runs["r1-aaaa"].status == "crashed")
    assert "running" not in examined(shell)
    until(lambda: not dispatcher_holds(layout))
    found = examined(shell)["dispatcher"]
    if found["state"] == "warning":  # what vanished unwatched pauses dispatch until a person says go on
        typed(found["command"], shell.folder)
        until(lambda: not dispatcher_holds(layout))
    assert examined(shell)["dispatcher"]["state"] == "ok"


def test_wrong_settings_come_with_the_editor_on_their_file(shell: Shell, tmp_path: Path) -> None:
    toml = shell.folder / "planner.toml"
    right = toml.read_text()
    toml.write_text(right.replace("[goal]", "[gaol]"))
    found = examined(shell)["settings"]
    assert found["state"] == "problem"
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i s/gaol/goal/ $1\n")
    editor.chmod(0o700)
    typed(found["command"], shell.folder, EDITOR=str(editor))
    assert toml.read_text() == right
    assert examined(shell)["settings"]["state"] == "ok"


def test_a_writer_that_hangs_is_ended_by_the_command(shell: Shell) -> None:
    layout = Layout(shell.folder)
    holder = hold(layout.lock)
    text = layout.lock.read_text()
    since = text.partition(" since ")[2].partition(" ")[0]
    layout.lock.write_text(text.replace(since, "2026-01-01T00:00:00.000Z"))
    found = examined(shell)["store lock"]
    assert found["state"] == "problem"
    typed(found["command"], shell.folder)
    assert holder.wait() < 0
    assert examined(shell)["store lock"]["state"] == "ok"
    shell("add", "written again")


def test_unlock_says_calmly_that_there_is_nothing_to_take_away(shell: Shell) -> None:
    assert "no lock" in shell("doctor", "--unlock", status=3).err


def test_unlock_never_takes_the_lock_of_a_live_process_of_this_machine(shell: Shell) -> None:
    holder = hold(Layout(shell.folder).dispatcher_lock)
    refused = shell("doctor", "--unlock", status=1).err
    assert f"process {holder.pid} (" in refused
    assert "alive" in refused
    assert dispatcher_holds(Layout(shell.folder))
    holder.kill()
    holder.wait()
    shell("doctor", "--unlock", status=3)


def test_rebuild_tells_what_came_back_and_what_did_not(shell: Shell) -> None:
    _lose(Layout(shell.folder))
    shell("list", status=4)
    assert "--rebuild" in shell("init", status=4).err
    told = shell("doctor", "--rebuild", "--json").json
    assert told["runs"] == ["r1-aaaa"]
    assert "could not come back" in told["rebuilt"]
    assert len(shell("runs", "--json").json) == 1
    shell("doctor", "--rebuild", status=3)


def test_restore_points_to_the_runs_that_the_backup_does_not_know(shell: Shell) -> None:
    shell("add", "an idea")
    ended_run(Layout(shell.folder), "r1-aaaa")
    _damage(Layout(shell.folder))
    assert "whole: 1 (`planner doctor --rebuild`)" in shell("doctor", "--restore").out
    shell("doctor", "--rebuild")
    assert len(shell("runs", "--json").json) == 1


def test_only_one_thing_is_done_at_a_time(shell: Shell) -> None:
    assert "one of" in shell("doctor", "--restore", "--unlock", status=2).err


def test_help_explains_what_each_option_does(shell: Shell) -> None:
    told = " ".join(shell("doctor", "--help").out.split())
    for option in ("--restore", "--rebuild", "--unlock", "--json"):
        assert option in told
    assert "exit status is 4 when there is a problem" in told


def test_a_command_works_from_where_the_person_is(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    _damage(Layout(shell.folder))
    assert examined(shell)["backlog"]["command"] == f"planner -C {shell.folder} doctor --restore"
    monkeypatch.chdir(shell.folder)
    assert examined(shell)["backlog"]["command"] == "planner doctor --restore"


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can act as somebody else")
def test_somebody_elses_project_can_be_looked_at(shell: Shell) -> None:
    shell("add", "an idea")
    home = shell.folder / ".planner"
    # Handed to everybody to read, and in the way of nobody: pytest's own folders are private.
    public = Path(shutil.copytree(shell.folder, f"/var/tmp/planner-test-{os.getpid()}"))
    try:
        for path in (public, *public.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        code = (
            f"import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            f"from planner.cli.main import main\n"
            f"print(main(['-C', {str(public)!r}, 'list']), main(['-C', {str(public)!r}, 'add', 'x']),"
            f" main(['-C', {str(public)!r}, 'doctor']))"
        )
        done = subprocess.run(
            [sys.executable, "-c", PRELOAD + code], capture_output=True, text=True, check=True, cwd="/"
        )
    finally:
        shutil.rmtree(public)
    assert "an idea" in done.stdout
    assert done.stdout.splitlines()[-1].split()[:2] == ["0", "4"]
    assert "belongs to root: you may look at most" in done.stdout
    assert "Traceback" not in done.stderr


PRELOAD = """
import importlib, pkgutil, planner.cli, planner.store, planner.workspace, planner.rules, planner.gpu
import numpy, pydantic, psutil, tinydb, orjson, click
for package in (planner.cli, planner.store, planner.workspace, planner.rules, planner.gpu):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):
        importlib.import_module(module.name)
"""
"""Loads all that a command may need while the process may still read it."""

"""Letting ideas climb the ladder, with a real dispatcher and real workers that train nothing heavy."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import psutil
import pyte
import pytest

from planner.cli import follow
from planner.domain.run import Run
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.store import Store
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.projects import RECIPE

PLANNER = str(Path(sys.executable).parent / "planner")


def stop_everything(shell: Shell) -> None:
    """Leave no training behind."""
    live = ("runs", "--status", "queued", "--status", "running", "--json")
    while left := shell(*live).json:
        for run in left:
            if not run["stop_requested"]:
                shell("stop-run", run["id"])
        shell("dispatch", "--resume")


def test_an_idea_climbs_to_its_verdict_and_the_ladder_is_told(shell: Shell) -> None:
    shell("add", "lift", "-i", "+1pp", "-l", "40%", "--set", "lift=0.01", "--tag", "up")
    shell("add", "lift twice", "-i", "+1pp", "-l", "40%", "--tag", "up")
    out = shell("dispatch", 1, "--wait").out
    lines = out.splitlines()
    assert lines[0].startswith("started  r1-")
    assert "check, seed 0, of #1 “lift”" in lines[0]
    assert any("of the baseline: val_accuracy 0.9" in line for line in lines)
    assert any("MEI over 1 seed" in line for line in lines)
    assert any(line.startswith("verdict  #1 “lift” at full: improved: ") for line in lines)
    assert any("lift twice" in line and "MEI per 100 h (rank" in line for line in lines)
    assert "spent: " in out
    assert "█" not in out, "no bars where there is no terminal"

    (idea,) = shell("dispatch", 2, "--seeds", 1, "--wait", "--json", status=0).json
    assert idea["verdict"] in ("no gain", "worse", "inconclusive")
    assert idea["outcome"]["evidence"]["pairs"]
    assert {run["rung"] for run in idea["runs"]} == {"check", "full"}

    story = shell("show", 1, "--json").json
    assert story["frozen"]["digest"]
    assert story["outcome"]["evidence"]["seeds"] == len(story["outcome"]["evidence"]["pairs"])
    assert "verdict" in story
    assert "improved" in shell("show", 1).out
    assert shell("status", "--json").json["goal"]["best"] > 0.9
    assert "lift" in shell("review").out


def test_a_killed_dispatcher_is_replaced_by_whoever_looks(shell: Shell) -> None:
    shell("add", "slow", "--set", "lift=0.01", "--set", "epochs=100000", "--set", "pause=0.1")
    shell("dispatch", 1)
    waited = time.monotonic() + 600
    while not [run for run in shell("runs", "--status", "running", "--json").json if run["rung"] == "full"]:
        assert time.monotonic() < waited
    (dispatcher,) = dispatchers_of(shell.folder)
    dispatcher.kill()
    dispatcher.wait(600)
    assert "dispatch: on" in shell("status").out
    while not dispatchers_of(shell.folder):
        assert time.monotonic() < waited
    stop_everything(shell)


def dispatchers_of(project: Path) -> list[psutil.Process]:
    """The live dispatchers of a project, known by their command line."""
    words = ["-m", "planner.dispatcher", str(project)]
    found = psutil.process_iter(["cmdline", "status"])
    return [
        one
        for one in found
        if (one.info["cmdline"] or [])[1:] == words and one.status() != psutil.STATUS_ZOMBIE
    ]


def test_a_bug_is_invalid_and_exit_1(shell: Shell) -> None:
    shell("add", "buggy", "--set", "bug=true")
    answer = shell("dispatch", "--top", "--wait", "--json", status=1)
    (idea,) = answer.json
    assert (idea["verdict"], idea["status"]) == ("invalid", "invalid")
    assert "the labels 7 classes" in answer.err
    assert "the labels 7 classes" in shell("runs", "--idea", 1).out


def test_ctrl_c_leaves_the_runs_going_and_says_so(shell: Shell) -> None:
    shell("add", "slow", "--set", "pause=0.2", "--set", "epochs=100000")
    command = [PLANNER, "-C", str(shell.folder), "dispatch", "1", "--wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "started" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
    assert process.returncode == 130
    assert err == "planner: the runs go on; `planner status` shows how far they are\n"
    assert shell("show", 1, "--json").json["status"] in ("queued", "running")
    stop_everything(shell)


def test_on_a_terminal_running_runs_have_a_bar_that_is_gone_at_the_end(shell: Shell) -> None:
    gate, recipe = shell.folder / "gate", shell.folder / "experiment.py"
    wait = f"while epoch == 3 and not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    recipe.write_text("import os\n" + RECIPE.replace("if run.stopping:", f"{wait}\n        if run.stopping:"))
    shell("add", "lift", "--set", "lift=0.01", "--set", "epochs=4")
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    child = pexpect.spawn(
        PLANNER, ["-C", str(shell.folder), "dispatch", "--top", "--wait"], dimensions=(24, 80), timeout=600
    )
    seen = ""
    while True:
        try:
            data = child.read_nonblocking(4096, timeout=600).decode()
        except pexpect.EOF:
            break
        seen += data
        stream.feed(data)
        if "█" in seen and "epoch 3" in seen:
            gate.touch()
    child.close()
    assert child.exitstatus == 0
    assert gate.exists(), seen
    assert not any("█" in line or "░" in line for line in screen.display)
    assert any("verdict" in line for line in screen.display)


def test_an_idea_that_climbs_already_is_followed_when_waited_for(shell: Shell) -> None:
    shell("add", "lift", "--set", "lift=0.01", "--set", "pause=0.2")
    shell("dispatch", 1)
    assert "dispatched already" in shell("dispatch", 1, status=3).err
    followed = shell("dispatch", 1, "--wait", "--anyway")
    assert "verdict  #1" in followed.out
    assert "#1 was dispatched before and is followed as it was" in followed.err


def test_dispatch_says_what_it_needs_to_know(shell: Shell) -> None:
    shell("add", "open")
    for words in ([], [1, "--top"], ["--top", "--all"]):
        assert "--top or --all" in shell("dispatch", *words, status=2).err
    shell("dispatch", "--top", status=3)
    shell("dispatch", "--all", status=3)
    shell("dispatch", 9, status=2)
    shell("dispatch", 1, "--seeds", 0, status=2)


def test_resume_with_nothing_waiting_is_fine(shell: Shell) -> None:
    assert shell("dispatch", "--resume").out == "dispatch goes on\n"
    assert shell("dispatch", "--resume", "--json").json == []
    assert shell("dispatch", "--resume", "--wait", "--json").json == []


def test_a_dispatcher_that_dies_twice_is_exit_1_and_names_its_log(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("add", "lift", "--set", "lift=0.01")
    started: list[Workspace] = []
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda work: started.append(work))
    monkeypatch.setattr(follow, "PATIENCE", 0.1)
    monkeypatch.setattr(follow, "PAUSE", 0.01)
    answer = shell("dispatch", 1, "--wait", "--json", status=1)
    assert answer.out == ""
    assert str(shell.folder / ".planner" / "dispatcher.log") in answer.err
    assert len(started) == 2, "once for the dispatch, once again after it had gone"


def test_a_pause_ends_the_waiting(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("add", "lift", "--set", "lift=0.01")

    def pause(work: Workspace) -> None:
        with work.project.store.transaction("pause", by="test", undoable=False) as tables:
            tables.set_paused("r1 vanished")

    monkeypatch.setattr(Workspace, "ensure_dispatcher", pause)
    assert "dispatch is paused: r1 vanished" in shell("dispatch", 1, "--wait", status=1).err


def test_whoever_dispatches_what_waits_already_hears_of_the_pause(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("add", "lift", "--set", "lift=0.01")
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda work: None)
    shell("dispatch", 1)
    with Workspace.find(shell.folder).project.store.transaction("pause", by="test", undoable=False) as tables:
        tables.set_paused("r1 vanished")
    told = "dispatch is paused: r1 vanished; `planner dispatch --resume` goes on\n"
    assert shell("dispatch", 1, status=3).err.startswith(told)
    assert shell("dispatch", "--all", status=3).err.startswith(told)
    shell("dispatch", "--resume")
    assert "paused" not in shell("dispatch", 1, status=3).err


def test_an_idea_that_halts_is_exit_1_with_its_reason(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("add", "lift", "--set", "lift=0.01")

    def halt(work: Workspace) -> None:
        from dataclasses import replace

        from planner.domain.idea import Idea

        with work.project.store.transaction("halt", by="test", undoable=False) as tables:
            idea = tables.get(Idea, 1)
            assert idea is not None
            assert idea.dispatch is not None
            tables.put(replace(idea, dispatch=replace(idea.dispatch, halted="run r1 crashed again")))

    monkeypatch.setattr(Workspace, "ensure_dispatcher", halt)
    answer = shell("dispatch", 1, "--wait", status=1)
    assert "#1 “lift”: halted: run r1 crashed again" in answer.err
    assert "halted   #1 “lift”" in shell("status").out


def test_why_nothing_runs_is_told_once(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("add", "lift", "--set", "lift=0.01")

    def queue(work: Workspace) -> None:
        run = Run(
            id="r1-aaaa",
            idea=1,
            baseline=1,
            rung="check",
            seed=0,
            params={},
            queued_at="2026-11-16T09:00:00.000Z",
            order=0,
            waits="GPU 0 has 2 of 24 GiB free",
        )
        with Store(Layout(shell.folder)).transaction("queue", by="test", undoable=False) as tables:
            tables.put(run)

    monkeypatch.setattr(Workspace, "ensure_dispatcher", queue)
    monkeypatch.setattr(follow, "PATIENCE", 0.1)
    monkeypatch.setattr(follow, "PAUSE", 0.01)
    out = shell("dispatch", 1, "--wait", status=1).out
    assert out.count("waiting  r1-aaaa: GPU 0 has 2 of 24 GiB free") == 1


def test_a_win_is_confirmed_with_the_seeds_it_lacks(shell: Shell) -> None:
    shell("add", "lift", "--set", "lift=0.02")
    told = shell("dispatch", 1, "--wait").out
    assert "before you build on it: `planner dispatch 1 --confirm` (2 seeds more)" in told
    shell("dispatch", 1, "--confirm", "--wait")
    outcome = shell("show", 1, "--json").json["outcome"]
    assert (outcome["verdict"], outcome["evidence"]["seeds"]) == ("improved", 3)


def test_only_a_win_can_be_confirmed(shell: Shell) -> None:
    shell("add", "lift", "--set", "lift=0.02")
    assert "has not won by its seeds" in shell("dispatch", 1, "--confirm", status=2).err


def test_a_variable_that_does_not_reach_the_runs_is_told(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("add", "lift", "--set", "lift=0.01")
    monkeypatch.setenv("KERAS_BACKEND", "jax")  # after this process, which stands for a dispatcher, began
    with held(Layout(shell.folder).dispatcher_lock):
        assert "KERAS_BACKEND=jax of this shell does not reach these runs" in shell("dispatch", 1).err
    shell("undo")
    monkeypatch.delenv("KERAS_BACKEND")
    with held(Layout(shell.folder).dispatcher_lock):
        assert "of this shell" not in shell("dispatch", 1).err

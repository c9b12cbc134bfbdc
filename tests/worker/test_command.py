"""Recipes that are a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.event import Resumed
from planner.executors.process import identity_of
from tests.projects import commit, git
from tests.worker.making import make

SCRIPT = """
import json, os, sys
print("starting", sys.argv[1:])
for epoch in (1, 2):
    metrics = {"epoch": epoch, "epochs": 2, "loss": 1 / epoch, "val_accuracy": 0.4 * epoch, "note": "x"}
    print(json.dumps(metrics))
assert os.environ["PLANNER_SEED"] == "1"
open(os.path.join(os.environ["PLANNER_FOLDER"], "seen"), "w").write(" ".join(sys.argv[1:]))
"""


def script(where: Path, text: str) -> tuple[str, str]:
    path = where / "train.py"
    path.write_text(text)
    return "python", str(path)


def test_json_lines_are_the_metrics_and_params_fill_the_places(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    command = (*script(tmp_path, SCRIPT), "--lr={lr}", "{name}")
    run = make(tmp_path, command=command, params={"lr": 0.001, "name": "; rm -rf $HOME"})
    assert run.ended.status == "finished"
    assert [(epoch.epoch, epoch.epochs, epoch.metrics) for epoch in run.epochs] == [
        (1, 2, {"loss": 1.0, "val_accuracy": 0.4}),
        (2, 2, {"loss": 0.5, "val_accuracy": 0.8}),
    ]
    assert (run.folder.path / "artefacts/seen").read_text() == "--lr=0.001 ; rm -rf $HOME"
    out = capfdbinary.readouterr().out
    assert b"starting" in out
    assert b"val_accuracy" not in out


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    run = make(tmp_path, command=script(tmp_path, "raise SystemExit(3)"))
    assert (run.ended.status, run.ended.cause) == ("failed", "the command ended with exit 3")


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    run = make(tmp_path, command=("no-such-program",))
    assert run.ended.cause == (
        "the command can't start 'no-such-program': no program of that name is on the PATH"
    )


def test_the_check_ends_the_command_at_its_first_epoch(tmp_path: Path) -> None:
    text = """
import itertools, json
for epoch in itertools.count(1):
    print(json.dumps({"epoch": epoch, "val_accuracy": 0.5}))
"""
    run = make(tmp_path, command=script(tmp_path, text), rung="check")
    assert run.ended.status == "finished"
    assert [(check.name, check.passed) for check in run.checks] == [("command", True), ("metric", True)]


def test_a_stop_reaches_everything_the_command_has_started(tmp_path: Path) -> None:
    text = """
import json, os, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(json.dumps({"epoch": 1, "val_accuracy": 0.5, "child": child.pid}), flush=True)
os.kill(os.getppid(), signal.SIGTERM)
child.wait()
"""
    run = make(tmp_path, command=script(tmp_path, text))
    assert (run.ended.status, run.ended.cause) == ("stopped", "stopped by SIGTERM after epoch 1")
    child = int(run.ended.metrics["child"])
    while identity_of(child):  # a process takes a moment to go; the test's own time limit is the judge
        pass


GOES_ON = """
import json, os, signal, pathlib, sys, time
own, before = pathlib.Path(os.environ["PLANNER_FOLDER"], "epoch"), os.environ["PLANNER_RESUMED_FROM"]
first = 1 + int(pathlib.Path(before, "epoch").read_text()) if before else 1
for epoch in range(first, 5):
    print(json.dumps({"epoch": epoch, "val_accuracy": epoch / 10}))
    own.write_text(str(epoch))
    if epoch == 2:
        os.kill(os.getppid(), signal.SIGTERM)
        time.sleep(60)
"""


def test_a_command_finds_what_an_earlier_run_has_written_and_inherits_its_epochs(tmp_path: Path) -> None:
    command = script(tmp_path, GOES_ON)
    broken = make(tmp_path, command=command)
    assert broken.ended.status == "stopped"
    again = make(tmp_path, command=command, resume_from=broken.folder.id)
    assert again.ended.status == "finished"
    assert [epoch.epoch for epoch in again.epochs] == [1, 2, 3, 4]
    assert again.ended.metrics == {"val_accuracy": 0.4}


@pytest.mark.parametrize(
    ("edited", "goes_on"), [("notes.txt", True), ("config.yaml", False), ("other.py", False)]
)
def test_what_a_command_writes_beside_its_code_is_no_change_of_it(
    tmp_path: Path, edited: str, goes_on: bool
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "train.py").write_text(f"{GOES_ON}    open('results.csv', 'a').write(str(epoch))\n")
    (project / "config.yaml").write_text("width: 3\n")
    git(project, "init", "-q")
    commit(project, "one")
    (project / "config.yaml").write_text("width: 4\n")
    broken = make(tmp_path, command=("python", "train.py"))
    (project / edited).write_text("width: 5\n")
    again = make(tmp_path, command=("python", "train.py"), resume_from=broken.folder.id)
    assert any(isinstance(event, Resumed) for event in again.events) == goes_on
    assert (project / "results.csv").exists()

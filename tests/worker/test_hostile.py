"""Recipes that do to their process what no recipe should, and the run that goes on or ends all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from planner.domain.event import Ended, Epoch
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from tests.worker.making import make, prepare

CLOSED = "os.closerange(0, 4096); run.log(1, val_accuracy=0.5)"
OPENED = (
    "os.closerange(0, 4096); own = [open(f'{run.folder}/{number}', 'w') for number in range(600)]; "
    "run.log(1, val_accuracy=0.5); [one.write('mine') for one in own]; [one.close() for one in own]"
)


def alone(where: Path, body: str, **asked: object) -> tuple[RunFolder, int]:
    """A run of a loop in a process of its own, and its exit status."""
    text = f"import os, signal, sys\nimport numpy as np\ndef recipe(params, run):\n    {body}\n"
    folder = prepare(where, text, **asked)
    command = [sys.executable, "-m", "planner.worker", str(folder.path)]
    # What it leaves running holds its output open.
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder, done.returncode


def last_word(folder: RunFolder) -> Ended:
    ended = folder.read_events()[0][-1]
    assert isinstance(ended, Ended)
    return ended


@pytest.mark.parametrize("body", [CLOSED, OPENED])
def test_a_recipe_that_closes_every_file_is_heard_all_the_same(tmp_path: Path, body: str) -> None:
    folder, status = alone(tmp_path, body)
    assert (status, last_word(folder).status) == (0, "finished")
    assert last_word(folder).metrics == {"val_accuracy": 0.5}
    assert {path.read_text() for path in folder.artefacts.glob("*")} <= {"mine"}


def test_what_a_recipe_raises_after_it_has_closed_every_file_is_its_cause(tmp_path: Path) -> None:
    folder, status = alone(tmp_path, "os.closerange(0, 4096); raise ValueError('bad')")
    assert (status, last_word(folder).cause) == (1, "ValueError: bad (experiment.py:4)")


def test_a_fork_that_returns_from_the_recipe_reports_nothing(tmp_path: Path) -> None:
    body = "return {'val_accuracy': 0.9} if os.fork() == 0 else (os.wait(), {'val_accuracy': 0.5})[1]"
    folder, status = alone(tmp_path, body)
    assert (status, last_word(folder).metrics) == (0, {"val_accuracy": 0.5})
    assert sum(isinstance(event, Ended) for event in folder.read_events()[0]) == 1


def test_a_fork_that_raises_ends_with_its_traceback_and_nothing_else(tmp_path: Path) -> None:
    body = "child = os.fork() or 1 / 0; _, status = os.waitpid(child, 0); "
    folder, _ = alone(tmp_path, body + "run.log(1, val_accuracy=os.waitstatus_to_exitcode(status))")
    assert last_word(folder).metrics == {"val_accuracy": 1}


@pytest.mark.parametrize(
    "end",
    ["sys.exit(2**40)", "(setattr(sys, 'stderr', type('Odd', (), {'write': lambda *_: 1 / 0})()), 1 / 0)"],
)
def test_a_fork_ends_at_once_whatever_it_exits_with_and_whatever_it_prints_to(
    tmp_path: Path, end: str
) -> None:
    ends = "import atexit; atexit.register(lambda: (run.folder / f'{os.getpid()} ends').touch()); "
    folder, _ = alone(tmp_path, f"{ends}child = os.fork() or {end}; os.wait(); run.log(1, val_accuracy=0.5)")
    assert last_word(folder).metrics == {"val_accuracy": 0.5}
    assert len([*folder.artefacts.glob("* ends")]) == 1, "the parent's alone"


def test_a_fork_that_outlives_the_recipe_is_not_waited_for(tmp_path: Path) -> None:
    body = "run.log(1, val_accuracy=1); child = os.fork() or (signal.alarm(60), signal.pause()); "
    folder, status = alone(tmp_path, body + "(run.folder / 'child').write_text(str(child))")
    os.kill(int((folder.artefacts / "child").read_text()), signal.SIGKILL)  # which is still there
    assert (status, last_word(folder).status) == (0, "finished")


def test_a_fork_of_the_worker_writes_no_events(tmp_path: Path) -> None:
    with EventLog(tmp_path / "events.jsonl") as log:
        log._process += 1  # as it is in a fork
        log.write(Epoch(at="", epoch=1, epochs=None, seconds=0.0, metrics={}))
    assert (tmp_path / "events.jsonl").read_bytes() == b""


def test_events_that_a_recipe_has_deleted_begin_anew(tmp_path: Path) -> None:
    body = "run.log(1, val_accuracy=0.4); os.remove(run.folder.parent / 'events.jsonl'); "
    folder, _ = alone(tmp_path, body + "run.log(2, val_accuracy=0.5)")
    assert last_word(folder).metrics == {"val_accuracy": 0.5}


def test_a_recipe_that_deletes_its_run_folder_ends(tmp_path: Path) -> None:
    folder, _ = alone(tmp_path, "import shutil; shutil.rmtree(run.folder.parent); run.log(1, val_accuracy=1)")
    assert not folder.path.exists()


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "lambda *_: None"])
def test_a_recipe_that_takes_the_signals_for_itself_is_given_up_when_it_hangs(
    tmp_path: Path, handler: str
) -> None:
    body = f"signal.signal(signal.SIGTERM, {handler}); [signal.pause() for _ in iter(int, 1)]"
    folder, status = alone(tmp_path, body, silence=0.005, grace=3.0)
    assert (status, last_word(folder).status) == (1, "failed")
    assert last_word(folder).cause.startswith("it reported nothing for 0.005 minutes")


def test_a_recipe_that_leaves_at_a_stop_by_its_own_handler_was_stopped(tmp_path: Path) -> None:
    body = (
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); run.log(1, val_accuracy=1); "
        "os.kill(os.getpid(), signal.SIGTERM); signal.pause()"
    )
    folder, status = alone(tmp_path, body)
    assert (status, last_word(folder).cause) == (143, "stopped by SIGTERM after epoch 1")


def test_a_stream_that_a_recipe_has_put_in_place_of_the_log_may_be_anything(tmp_path: Path) -> None:
    run = make(tmp_path, "import sys\ndef recipe(params, run):\n    sys.stderr = object()\n    1 / 0")
    assert run.ended.cause == "ZeroDivisionError: division by zero (experiment.py:4)"

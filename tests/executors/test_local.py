"""Workers on this machine: stopped, killed, lost and found."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from planner.domain.event import Started
from planner.domain.run import STOP_WISH
from planner.executors.death import death_cause
from planner.executors.local import LocalExecutor
from planner.executors.process import identity_of
from planner.store.runfolder import RunFolder
from tests.executors.conftest import Prepare
from tests.executors.waiting import epochs, last_word, until
from tests.executors.warm import WarmExecutor

ENDLESS = """
    import time

    def recipe(params, run):
        epoch = 0
        while not run.stopping:
            epoch += 1
            run.log(epoch, val_accuracy=0.5)
            time.sleep(0.01)
"""
DEAF = """
    import time, pathlib, subprocess, sys

    def recipe(params, run):
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], process_group=0)
        run.log(1, val_accuracy=0.5, child=child.pid)
        while True:
            time.sleep(0.01)
"""


@pytest.fixture(params=[LocalExecutor, WarmExecutor])
def local(request: pytest.FixtureRequest) -> LocalExecutor:
    """Starts workers, or hands the run to one that stood by."""
    made: LocalExecutor = request.param()
    return made


def test_a_polite_stop_is_heard_and_said_to_be_a_persons(local: LocalExecutor, prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    job = local.submit(folder)
    until(lambda: epochs(folder) >= 2)
    job.stop()
    until(lambda: not job.alive())
    ended = last_word(folder)
    assert ended is not None
    assert ended.status == "stopped"
    assert ended.cause.startswith("stopped by a person (SIGTERM) after epoch ")
    assert job.exit_code() == 143


def test_a_stop_right_after_the_start_is_not_lost(local: LocalExecutor, prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    job = local.submit(folder)
    job.stop()
    until(lambda: not job.alive())
    ended = last_word(folder)
    assert ended is not None
    assert ended.cause == "stopped by a person (SIGTERM) before the first epoch ended"


def test_after_a_restart_the_next_dispatcher_stops_what_the_last_one_started(
    local: LocalExecutor, prepared: Prepare
) -> None:
    folder = prepared(ENDLESS)
    started = local.submit(folder)
    until(lambda: epochs(folder) >= 1)
    found = LocalExecutor().attach(started.id)
    assert found.alive()
    found.stop()
    found.stop()
    until(lambda: not started.alive())
    assert not found.alive()
    ended = last_word(folder)
    assert ended is not None
    assert ended.status == "stopped"


def test_what_does_not_stop_in_its_grace_is_ended_with_all_it_started(
    local: LocalExecutor, prepared: Prepare
) -> None:
    folder = prepared(DEAF, grace=0.0)
    job = local.submit(folder)
    until(lambda: epochs(folder) == 1)
    child = _child(folder)
    os.kill(_worker(folder), signal.SIGSTOP)  # so that it does not end itself either
    job.stop()  # politely: it never listens
    assert job.alive()
    restarted = LocalExecutor().attach(job.id)
    restarted.stop()  # the wish in the folder is older than the grace
    until(lambda: not job.alive())
    until(lambda: identity_of(child) is None)
    assert job.exit_code() == -signal.SIGKILL
    assert death_cause(job.exit_code(), folder).startswith("ended by force")


def test_a_killed_worker_leaves_its_history_and_nothing_running(
    local: LocalExecutor, prepared: Prepare
) -> None:
    folder = prepared(DEAF)
    job = local.submit(folder)
    until(lambda: epochs(folder) == 1)
    child, worker = _child(folder), _worker(folder)
    os.kill(worker, signal.SIGKILL)
    until(lambda: not job.alive())
    until(lambda: identity_of(child) is None)
    assert job.exit_code() == -signal.SIGKILL
    assert death_cause(job.exit_code(), folder) == "ended by signal 9 (SIGKILL)"
    assert [type(event).__name__ for event in folder.read_events()[0]] == ["Started", "Epoch"]


def test_a_dead_worker_is_not_alive_to_a_dispatcher_that_did_not_start_it(
    local: LocalExecutor, prepared: Prepare
) -> None:
    folder = prepared(ENDLESS)
    job = local.submit(folder)
    found = LocalExecutor().attach(job.id)
    until(lambda: epochs(folder) >= 1)
    os.kill(_worker(folder), signal.SIGKILL)
    until(lambda: not found.alive())  # though it is still a zombie: nobody has collected it
    assert found.exit_code() is None
    assert death_cause(None, folder) == "it vanished"


def test_a_run_submitted_twice_is_followed_not_doubled(local: LocalExecutor, prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    first = local.submit(folder)
    until(folder.claim.exists)
    until(lambda: folder.read_claim() is not None)
    second = LocalExecutor().submit(folder)
    assert second.id == first.id
    second.stop()
    until(lambda: not second.alive())
    assert sum(isinstance(event, Started) for event in folder.read_events()[0]) == 1


def test_of_two_workers_started_at_once_the_loser_job_follows_the_winner(prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    jobs = [LocalExecutor().submit(folder), LocalExecutor().submit(folder)]
    until(lambda: any(job.exit_code() == 3 for job in jobs))
    assert all(job.alive() for job in jobs)
    for job in jobs:
        job.stop()
    until(lambda: not any(job.alive() for job in jobs))
    assert sum(isinstance(event, Started) for event in folder.read_events()[0]) == 1


def test_a_stop_reaches_the_children_of_a_command(
    local: LocalExecutor, prepared: Prepare, tmp_path: Path
) -> None:
    script = tmp_path / "train.sh"
    script.write_text(
        'trap "" TERM\necho "{\\"val_accuracy\\": 0.5, \\"child\\": $$}"\nwhile :; do sleep 0.05; done\n'
    )
    folder = prepared(command=("sh", str(script)), grace=0.0)
    job = local.submit(folder)
    until(lambda: epochs(folder) == 1)
    child = _child(folder)
    job.stop()
    job.stop()
    until(lambda: not job.alive())
    until(lambda: identity_of(child) is None)


def test_the_wish_to_stop_is_private_and_written_once(local: LocalExecutor, prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    job = local.submit(folder)
    job.stop()
    wish = folder.path / STOP_WISH
    before = wish.read_bytes()
    LocalExecutor().attach(job.id).stop()
    assert wish.read_bytes() == before
    assert wish.stat().st_mode & 0o077 == 0
    until(lambda: not job.alive())


def test_a_worker_has_a_session_of_its_own(local: LocalExecutor, prepared: Prepare) -> None:
    folder = prepared(ENDLESS)
    job = local.submit(folder)
    until(lambda: epochs(folder) >= 1)
    worker = _worker(folder)
    assert os.getsid(worker) == worker
    assert psutil.Process(worker).environ()["PLANNER_RUN"] == folder.id
    job.stop()
    until(lambda: not job.alive())


def _child(folder: RunFolder) -> int:
    return int(next(event.metrics["child"] for event in folder.read_events()[0] if hasattr(event, "epoch")))


def _worker(folder: RunFolder) -> int:
    return next(event.pid for event in folder.read_events()[0] if isinstance(event, Started))


@pytest.mark.keras
def test_a_keras_training_stops_at_the_next_batch_with_its_checkpoint(prepared: Prepare) -> None:
    recipe = """
        import keras
        import numpy as np
        from planner import Trial

        def recipe(params):
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile("sgd", "mse")
            data = np.zeros((64, 2)), np.zeros(64)
            return Trial(model, data, data, fit={"epochs": 1_000_000, "verbose": 0})
    """
    folder = prepared(recipe, metric="val_loss")
    job = LocalExecutor().submit(folder)
    until(lambda: epochs(folder) >= 2)
    job.stop()
    until(lambda: not job.alive())
    ended = last_word(folder)
    assert ended is not None
    assert (ended.status, job.exit_code()) == ("stopped", 143)
    assert ended.cause.startswith("stopped by a person (SIGTERM) after epoch ")
    assert (folder.checkpoints / "last.keras").exists()

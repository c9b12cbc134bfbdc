"""What every executor promises."""

from __future__ import annotations

import pytest

from planner.domain.mistake import Mistake
from planner.executors.base import Executor
from planner.executors.inline import InlineExecutor
from planner.executors.local import LocalExecutor
from tests.executors.conftest import Prepare
from tests.executors.waiting import last_word, until
from tests.executors.warm import WarmExecutor

GOOD = """
    import os, sys

    def recipe(params, run):
        print("hello", os.environ["PYTHONHASHSEED"], sys.stdin.read() == "")
        run.log(1, val_accuracy=0.5)
"""


@pytest.fixture(params=[InlineExecutor, LocalExecutor, WarmExecutor])
def executor(request: pytest.FixtureRequest) -> Executor:
    made: Executor = request.param()
    return made


def test_a_run_is_made_and_its_output_kept(executor: Executor, prepared: Prepare) -> None:
    folder = prepared(GOOD, seed=5)
    job = executor.submit(folder)
    until(lambda: not job.alive())
    assert job.exit_code() == 0
    ended = last_word(folder)
    assert ended is not None
    assert ended.status == "finished"
    assert "hello 0 True" in folder.tail()
    assert folder.log.stat().st_mode & 0o077 == 0


def test_the_exit_code_tells_a_failed_run(executor: Executor, prepared: Prepare) -> None:
    folder = prepared("def recipe(params, run): raise ValueError('bad')")
    job = executor.submit(folder)
    until(lambda: not job.alive())
    assert job.exit_code() == 1
    assert "ValueError: bad" in folder.tail()


def test_a_run_that_ended_is_not_made_again(executor: Executor, prepared: Prepare) -> None:
    folder = prepared(GOOD)
    first = executor.submit(folder)
    until(lambda: not first.alive())
    before = folder.events.read_bytes()
    again = executor.submit(folder)
    assert not again.alive()
    assert folder.events.read_bytes() == before


def test_a_job_is_found_by_its_id_also_by_another_executor(executor: Executor, prepared: Prepare) -> None:
    job = executor.submit(prepared(GOOD))
    assert executor.attach(job.id).id == job.id
    other = type(executor)().attach(job.id)
    until(lambda: not job.alive())
    assert not other.alive()
    assert other.exit_code() is None
    other.stop()


@pytest.mark.parametrize("job_id", ["", "nonsense", "a/b/c:", "boot/1/2:/nowhere", "//:"])
def test_a_job_that_is_not_there_is_not_alive(executor: Executor, job_id: str) -> None:
    job = executor.attach(job_id)
    assert not job.alive()
    assert job.exit_code() is None
    job.stop()


def test_an_interpreter_that_is_not_there_is_a_mistake(executor: Executor, prepared: Prepare) -> None:
    absent = type(executor)("/no/such/python")  # type: ignore[call-arg]  # both take an interpreter
    with pytest.raises(Mistake, match="'/no/such/python' can't be started: No such file"):
        absent.submit(prepared(GOOD))

"""Loops of one's own that misbehave, and the one sentence each ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.making import make

NOTHING = (
    "experiment:recipe ended and logged no metrics: call run.log(epoch, val_accuracy=...) after each epoch"
)
WHOLE = "it must be a whole number from 0 on"


def test_a_loop_that_hangs_is_given_up_with_the_line_it_is_at(tmp_path: Path) -> None:
    recipe = """
        import threading

        def recipe(params, run):
            run.log(1, val_accuracy=0.5)
            threading.Event().wait()
    """
    run = make(tmp_path, recipe, silence=0.05, grace=5.0)
    assert run.ended.status == "failed"
    assert run.ended.cause.startswith(
        "it reported nothing for 0.05 minutes after epoch 1, being at experiment.py:6;"
    )


def test_a_loop_that_speaks_now_and_then_is_left_alone(tmp_path: Path) -> None:
    recipe = """
        import time

        def recipe(params, run):
            for epoch in range(1, 21):
                time.sleep(0.2)
                run.log(epoch, val_accuracy=0.5)
    """
    assert make(tmp_path, recipe, silence=0.05).ended.status == "finished"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("pass", NOTHING),
        ("sys.exit()", NOTHING),
        ("run.log(1, val_accuracy=None)", "the metric val_accuracy is None; it must be a number"),
        ("run.log(1, val_accuracy=[0.5, 0])", "the metric val_accuracy is [0.5, 0]; it must be a number"),
        ("run.log(None, val_accuracy=1)", f"run.log was given the epoch None; {WHOLE}"),
        ("run.log(0.5, val_accuracy=1)", f"run.log was given the epoch 0.5; {WHOLE}"),
        ("run.log(-1, val_accuracy=1)", f"run.log was given the epoch -1; {WHOLE}"),
        ("run.log(1, 0.5)", "run.log was given 0.5 without a name: write run.log(epoch, name=...)"),
        ("run.log(1, loss=1)", "the run reports loss; planner.toml's metric val_accuracy is not among them"),
        ("yield",
         "experiment:recipe returned a generator; a recipe with its own loop returns a dict of metrics"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (experiment.py:3)"),
        ("sys.exit(3)", "the project's code ended the process itself (exit 3) (experiment.py:3)"),
        ("sys.exit('no data')", "the project's code ended the process itself: no data (experiment.py:3)"),
        ("raise ValueError('x' * 1_000_000)", f"ValueError: {'x' * 199}… (experiment.py:3)"),
        ("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})", "Odd (experiment.py:3)"),
        ("os.environ['DATA_DIR']", "the environment variable DATA_DIR is not set (experiment.py:3)"),
        ("sys.stdout.close(); sys.stderr.close(); open('no')",
         "FileNotFoundError: [Errno 2] No such file or directory: 'no' (experiment.py:3)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rung", ["check", "full"])
def test_a_loop_that_goes_wrong_says_how(tmp_path: Path, body: str, cause: str, rung: str) -> None:
    run = make(tmp_path, f"import os, sys\ndef recipe(params, run):\n    {body}", logged=True, rung=rung)
    assert (run.ended.status, run.ended.cause) == ("failed", cause)


@pytest.mark.parametrize(
    "body",
    [
        "run.log(np.int64(0), val_accuracy=np.float32(0.5))",
        "run.log(1.0, val_accuracy=np.array(0.5))",
        "run.log(1, val_accuracy=np.array([[0.5]]))",
        "run.log(1, val_accuracy=0.5); sys.exit(0)",
        "return {'val_accuracy': 0.5}",
        "os.chdir('/'); run.log(1, val_accuracy=0.5)",
        "sys.stdout.close(); run.log(1, val_accuracy=0.5, loss=float('nan'))",
        "thread = threading.Thread(target=run.log, args=(1,), kwargs={'val_accuracy': 0.5}); "
        "thread.start(); thread.join()",
        "run.log(epoch=1, val_accuracy=0.5)",
        "run.log(1, {'val_accuracy': 0.5, 'per/class': 1})",
    ],
)
def test_a_loop_may_do_it_in_its_own_way(tmp_path: Path, body: str) -> None:
    text = f"import os, sys, threading\nimport numpy as np\ndef recipe(params, run):\n    {body}"
    run = make(tmp_path, text, logged=True)
    assert (run.ended.status, run.epochs[0].epoch) == ("finished", 1)
    assert run.ended.metrics["val_accuracy"] == 0.5 or "nan" in body


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_in_a_thread_is_told_when_the_check_has_seen_enough(tmp_path: Path) -> None:
    recipe = """
        import threading

        def recipe(params, run):
            def loop():
                run.log(1, val_accuracy=0.5)

            thread = threading.Thread(target=loop)
            thread.start()
            thread.join()
            while not run.stopping:
                pass
    """
    assert make(tmp_path, recipe, rung="check", logged=True).ended.status == "finished"


POOL = """
    from multiprocessing import get_context

    def square(x):
        return x * x

    def recipe(params, run):
        for epoch in (1, 2):
            with get_context("fork").Pool(2) as pool:  # which ends its processes by SIGTERM
                run.log(epoch, val_accuracy=sum(pool.map(square, range(4))))
"""


def test_a_pool_of_processes_is_no_request_to_stop(tmp_path: Path) -> None:
    run = make(tmp_path, POOL, grace=4.0)
    assert (run.ended.status, len(run.epochs)) == ("finished", 2)


def test_a_loop_reports_from_its_own_process_alone(tmp_path: Path) -> None:
    recipe = """
        import os

        def recipe(params, run):
            child = os.fork()
            if child == 0:
                try:
                    run.log(1, val_accuracy=1.0)
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            run.log(1, val_accuracy=0.5)
    """
    run = make(tmp_path, recipe)
    assert [epoch.metrics for epoch in run.epochs] == [{"val_accuracy": 0.5}]

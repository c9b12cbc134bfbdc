"""Loops that return while threads of theirs go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.making import make

RETURNS_EARLY = """
    import threading

    def recipe(params, run):
        begun = threading.Event()

        def loop():
            if params["first"]:
                run.log(1, val_accuracy=0.5)
            begun.set()
            returned.wait()
            for epoch in (2, 3):
                run.log(epoch, val_accuracy=epoch / 4)

        threading.Thread(target=loop).start()
        begun.wait()
        threading.Timer(0.2, returned.set).start()

    returned = threading.Event()
"""


@pytest.mark.parametrize("first", [True, False])
def test_a_thread_that_reports_is_waited_for(tmp_path: Path, first: bool) -> None:
    run = make(tmp_path, RETURNS_EARLY, params={"first": first})
    assert run.ended.status == "finished"
    assert run.ended.metrics["val_accuracy"] == 0.75


def test_a_daemon_is_not_waited_for(tmp_path: Path) -> None:
    recipe = """
        import threading

        def recipe(params, run):
            def loop():
                run.log(1, val_accuracy=0.5)
                logged.set()
                threading.Event().wait()

            logged = threading.Event()
            threading.Thread(target=loop, daemon=True).start()
            logged.wait()
    """
    assert make(tmp_path, recipe).ended.metrics == {"val_accuracy": 0.5}


def test_nobody_waits_for_a_pool_that_has_nothing_to_do(tmp_path: Path) -> None:
    recipe = """
        from concurrent.futures import ThreadPoolExecutor

        def recipe(params, run):
            ThreadPoolExecutor(1).submit(run.log, 1, val_accuracy=0.5).result()
    """
    assert make(tmp_path, recipe).ended.metrics == {"val_accuracy": 0.5}

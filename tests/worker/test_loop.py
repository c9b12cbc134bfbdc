"""Recipes that keep their own loop."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from planner.domain.event import Progress
from planner.rules.progress import fold
from tests.worker.making import make

LOOP = """
    import random

    def recipe(params, run):
        (run.folder / "note.txt").write_text(f"{run.seed} {run.rung} {run.fraction}")
        for epoch in range(params["epochs"]):
            if run.stopping:
                return
            run.log(epoch, loss=1 / (epoch + 1), val_accuracy=random.random())
"""


def test_a_loop_that_counts_from_zero_is_shown_from_one(tmp_path: Path) -> None:
    run = make(tmp_path, LOOP, params={"epochs": 3})
    assert [(epoch.epoch, epoch.epochs) for epoch in run.epochs] == [(1, 3), (2, 3), (3, 3)]
    assert run.ended.status == "finished"
    assert run.ended.metrics["loss"] == 1 / 3
    assert (run.folder.path / "artefacts/note.txt").read_text() == "1 full 1.0"


def test_the_seed_decides_what_python_draws(tmp_path: Path) -> None:
    first, again, other = (make(tmp_path, LOOP, params={"epochs": 1}, seed=seed) for seed in (1, 1, 2))
    assert first.ended.metrics == again.ended.metrics
    assert first.ended.metrics != other.ended.metrics


def test_what_a_loop_returns_counts_last(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            run.log(1, val_accuracy=0.5, loss=2)
            return {"val_accuracy": 0.75}
    """
    assert make(tmp_path, recipe).ended.metrics == {"val_accuracy": 0.75, "loss": 2}


def test_a_metric_that_is_not_finite_is_said_and_kept(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            run.log(1, loss=float("inf"), val_accuracy=float("nan"))
    """
    run = make(tmp_path, recipe)
    assert run.alerts[:2] == ["loss is inf in epoch 1", "val_accuracy is nan in epoch 1"]
    assert math.isnan(run.ended.metrics["val_accuracy"])


def test_the_check_ends_the_loop_at_its_first_epoch(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            for epoch in range(1, 1_000_000_000):
                try:
                    run.log(epoch, loss=1.0)
                    run.log(epoch, val_accuracy=0.5)
                except Exception:
                    pass
    """
    run = make(tmp_path, recipe, rung="check")
    assert run.ended.status == "finished"
    assert [(check.name, check.passed) for check in run.checks] == [("loop", True), ("metric", True)]


def test_the_check_notices_a_metric_that_never_comes(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            for epoch in range(1_000_000_000):
                run.log(epoch, loss=1.0, val_acuracy=0.5)
    """
    run = make(tmp_path, recipe, rung="check")
    assert run.ended.cause.endswith("metric val_accuracy is not among them; did you mean val_acuracy?")


def test_the_check_refuses_a_loss_that_is_not_finite(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            run.log(1, loss=float("nan"), val_accuracy=0.1)
    """
    run = make(tmp_path, recipe, rung="check")
    assert run.ended.status == "failed"
    assert run.ended.cause == "loss is nan in epoch 1"


def test_a_metric_that_is_no_number_is_named(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            run.log(1, val_accuracy="high")
    """
    assert make(tmp_path, recipe).ended.cause == "the metric val_accuracy is 'high'; it must be a number"


def test_a_loop_that_asks_is_stopped_politely(tmp_path: Path) -> None:
    recipe = """
        import os, signal

        def recipe(params, run):
            for epoch in range(1, 1_000_000_000):
                if run.stopping:
                    (run.folder / "saved").write_text("yes")
                    return
                run.log(epoch, val_accuracy=0.5)
                if epoch == 2:
                    os.kill(os.getpid(), signal.SIGTERM)
    """
    run = make(tmp_path, recipe)
    assert (run.ended.status, run.ended.cause) == ("stopped", "stopped by SIGTERM after epoch 2")
    assert (run.folder.path / "artefacts/saved").exists()
    assert run.code == 143


def test_a_loop_that_never_asks_is_stopped_at_its_next_log(tmp_path: Path) -> None:
    recipe = """
        import os, signal

        def recipe(params, run):
            for epoch in range(1, 1_000_000_000):
                os.kill(os.getpid(), signal.SIGHUP if epoch < 3 else signal.SIGINT)
                try:
                    run.log(epoch, val_accuracy=0.5)
                except Exception:
                    pass
    """
    run = make(tmp_path, recipe)
    assert (run.ended.status, run.ended.cause) == ("stopped", "stopped by SIGINT after epoch 3")
    assert run.code == 130


GOES_ON = """
    import os, signal

    def recipe(params, run):
        notes = run.folder / "epoch.txt"
        first = 1
        if run.resumed_from is not None:
            first = int((run.resumed_from / "epoch.txt").read_text()) + 1
        for epoch in range(first, 7):
            run.log(epoch, val_accuracy=epoch / 10)
            notes.write_text(str(epoch))
            if epoch == 4 and first == 1:
                os.kill(os.getpid(), signal.SIGTERM)
            if run.stopping:
                return
"""


def test_a_loop_finds_what_an_earlier_run_has_written_and_inherits_its_epochs(tmp_path: Path) -> None:
    broken = make(tmp_path, GOES_ON)
    assert broken.ended.status == "stopped"
    again = make(tmp_path, GOES_ON, resume_from=broken.folder.id)
    assert [(epoch.epoch, epoch.metrics["val_accuracy"]) for epoch in again.epochs] == [
        (number, number / 10) for number in range(1, 7)
    ]
    progress = fold(Progress(), again.events)
    assert progress.resumed is not None
    assert (progress.resumed.run, progress.resumed.epoch) == (broken.folder.id, 4)
    assert not again.folder.resume.exists()  # it has finished, so nobody goes on from there


def test_a_loop_whose_code_has_changed_begins_anew(tmp_path: Path) -> None:
    broken = make(tmp_path, GOES_ON)
    again = make(tmp_path, GOES_ON.replace("/ 10", "/ 20"), resume_from=broken.folder.id)
    assert fold(Progress(), again.events).resumed is None
    assert again.epochs[0].epoch == 1
    assert again.alerts[0].endswith("the code has changed")


IGNORES = """
    import multiprocessing

    def told(lr):
        pass

    def recipe(params, run):
        if run.seed > 99:
            print(params["lr"])
        if params.get("elsewhere"):
            child = multiprocessing.get_context("fork").Process(target=lambda: told(params["lr"]))
            child.start()
            child.join()
        run.log(1, val_accuracy=0.5)
    """


@pytest.mark.parametrize("rung", ["small", "full"])
def test_a_loop_that_never_reads_the_param_of_its_idea_ends_with_its_name(tmp_path: Path, rung: str) -> None:
    made = make(tmp_path, IGNORES, rung=rung, params={"lr": 0.1}, beside={"lr": 0.2})
    assert made.ended.status == "failed"
    assert "never reads the param lr" in made.ended.cause


def test_a_param_of_the_baseline_need_not_be_read(tmp_path: Path) -> None:
    assert make(tmp_path, IGNORES, params={"lr": 0.1}, beside={"lr": 0.1}).ended.status == "finished"


def test_what_another_process_may_have_read_counts_as_read(tmp_path: Path) -> None:
    params = {"lr": 0.1, "elsewhere": True}
    made = make(tmp_path, IGNORES, params=params, beside={"lr": 0.2, "elsewhere": True})
    assert made.ended.status == "finished"


def test_who_means_it_may_leave_a_param_unread(tmp_path: Path) -> None:
    made = make(tmp_path, IGNORES, params={"lr": 0.1}, beside={"lr": 0.2}, skip=("params",))
    assert made.ended.status == "finished"

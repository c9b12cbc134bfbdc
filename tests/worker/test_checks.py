"""What the rung `check` asks beside the model: the project's own test, the params, what a person skips."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.worker.making import Made, make
from tests.worker.test_stopping import asked

LOOP = """
    def recipe(params, run):
        for epoch in range(1, 3):
            rate = params["lr"]
            run.log(epoch, val_accuracy=0.5)
        later = params["decay"]
"""
RIDGE = """
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import Ridge
    from planner import Trial

    def recipe(params):
        x, y = load_diabetes(return_X_y=True)
        model = Ridge(alpha=max(params["alpha"], 1.0))
        return Trial(model, train=(x[:300], y[:300]), validation=(x[300:], y[300:]))
"""


def answers(run: Made) -> dict[str, bool]:
    return {check.name: check.passed for check in run.checks}


def test_the_projects_own_test_is_asked_first_and_its_words_are_kept(tmp_path: Path) -> None:
    fails = ("python", "-c", "print('shapes differ'); raise SystemExit(3)")
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "decay": 1}, test=fails)
    assert answers(run) == {"test": False}
    assert run.ended.cause.startswith("the project's own test ended with exit 3: python -c ")


def test_the_projects_own_test_runs_in_the_projects_folder_with_its_interpreter(tmp_path: Path) -> None:
    text = "import sys, os; assert os.path.exists('experiment.py') and sys.executable == {!r}"
    passes = ("python", "-c", text.format(sys.executable))
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "decay": 1}, test=passes)
    assert answers(run) == {"test": True, "loop": True, "metric": True}


def test_the_projects_own_test_is_stopped_when_a_person_asks(tmp_path: Path) -> None:
    waits = ("python", "-c", "import signal; open('ready', 'w').close(); signal.pause()")
    code, ended = asked(tmp_path, LOOP, (signal.SIGTERM,), rung="check", test=waits)
    assert (code, ended.status) == (128 + signal.SIGTERM, "stopped")


def test_a_param_that_a_loop_does_not_know_is_named_with_the_nearest(tmp_path: Path) -> None:
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "lrr": 2}, beside={"lr": 1})
    assert run.ended.cause == (
        "the recipe never reads the param lrr: it reads lr; did you mean lr?; "
        'write skip = ["params"] under [rungs.check] if that is meant'
    )


def test_a_param_that_a_loop_reads_late_is_an_alert(tmp_path: Path) -> None:
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "decay": 2}, beside={"lr": 1, "decay": 1})
    assert run.ended.status == "finished"
    assert run.alerts == ["decay had not been read by the end of the check; look whether it is used"]


def test_what_a_person_skips_is_not_asked(tmp_path: Path) -> None:
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "lrr": 2}, beside={"lr": 1}, skip=("params",))
    assert run.ended.status == "finished"
    assert run.checks[-1].detail == "not asked: planner.toml skips it"


def test_a_name_that_no_question_has_is_an_alert(tmp_path: Path) -> None:
    run = make(tmp_path, LOOP, rung="check", params={"lr": 1, "decay": 1}, skip=("gradient",))
    assert run.alerts == [
        "[rungs.check] skips 'gradient', and no question has that name; did you mean gradients?"
    ]


def test_a_param_without_a_place_in_the_command_is_named(tmp_path: Path) -> None:
    command = ("python", "-c", "print('{{\"val_accuracy\": 0.5}}')", "{lr}")
    run = make(tmp_path, command=command, rung="check", params={"lr": 1, "width": 2}, beside={"lr": 1})
    assert answers(run) == {"params": False}
    assert "has no place for the param width: write {width} where it belongs" in run.ended.cause


@pytest.mark.parametrize(("alpha", "status"), [(0.5, "failed"), (2.0, "finished")])
def test_an_estimator_like_the_baselines_is_no_idea(tmp_path: Path, alpha: float, status: str) -> None:
    run = make(tmp_path, RIDGE, rung="check", params={"alpha": alpha}, beside={"alpha": 1.0}, metric="val_r2")
    assert run.ended.status == status
    assert ("alpha is read but changes nothing" in run.ended.cause) == (status == "failed")


def test_tiny_means_nothing_for_what_trains_by_itself(tmp_path: Path) -> None:
    loop = make(tmp_path, LOOP, rung="check", params={"lr": 1, "decay": 1})
    estimator = make(tmp_path, RIDGE, rung="check", params={"alpha": 1.0}, metric="val_r2")
    failed = make(tmp_path, LOOP, rung="check", params={})
    assert (loop.ended.covers, estimator.ended.covers, failed.ended.covers) == (("tiny",), ("tiny",), ())

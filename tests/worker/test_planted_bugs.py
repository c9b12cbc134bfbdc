"""Planted bugs end at the question that should see them; healthy recipes pass every one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.making import make
from tests.worker.planted import BUGS, DOUBTS, HEALTHY, recipe

pytestmark = pytest.mark.keras


def asked(body: str) -> dict[str, object]:
    """What the run of a recipe is asked for, by the metric that it has."""
    metrics = {"'size': ['mae']": "val_kind_accuracy", "metrics=['mae']": "val_mae"}
    metric = next((name for sign, name in metrics.items() if sign in body), "val_accuracy")
    return {"rung": "check", "metric": metric}


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_ends_at_the_question_that_should_see_it(name: str, tmp_path: Path) -> None:
    body, question, cause = BUGS[name]
    changes = {"params": {"rate": 1}, "beside": {"rate": 0}} if question == "params" else {}
    run = make(tmp_path, recipe(body), **asked(body), **changes)
    assert (run.ended.status, run.checks[-1].name) == ("failed", question)
    assert not run.checks[-1].passed
    assert all(check.passed for check in run.checks[:-1])
    assert cause in run.ended.cause


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_recipe_raises_no_alarm(name: str, tmp_path: Path) -> None:
    run = make(tmp_path, recipe(HEALTHY[name]), **asked(HEALTHY[name]))
    assert (run.ended.cause, run.alerts) == ("", [])
    assert run.ended.status == "finished"
    assert not [check.detail for check in run.checks if "could not be asked" in check.detail]


@pytest.mark.parametrize("name", DOUBTS)
def test_what_may_be_meant_is_an_alert_and_ends_nothing(name: str, tmp_path: Path) -> None:
    body, alert = DOUBTS[name]
    run = make(tmp_path, recipe(body), **asked(body), params={"rate": 1}, beside={"rate": 0})
    assert (run.ended.status, run.alerts) == ("finished", [alert])

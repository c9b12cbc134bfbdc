"""When a run that was made once more has come out the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.rules.judging.comparison import measured_noise
from planner.rules.judging.replaying import Replayed, differences, replayed

GOAL = Goal(metric="val_accuracy", minimum_effect=0.002)
FIRST = Run(
    id="r1-0000", idea=None, baseline=1, rung="full", seed=0, params={}, order=0,
    queued_at="2026-11-16T09:00:00Z", status="finished", value=0.9,
    metrics={"val_accuracy": 0.9, "loss": 0.3},
)  # fmt: skip


def ledger(*more: Run, seeds: int = 5) -> Ledger:
    """A baseline of so many seeds, of which the first is replayed."""
    others = [
        replace(FIRST, id=f"r{n + 1}-0000", seed=n, value=0.9 + 0.002 * (-1) ** n) for n in range(1, seeds)
    ]
    return Ledger(runs={run.id: run for run in (FIRST, *others, *more)})


def again(**fields: Any) -> Replayed:
    """What is said of a replay."""
    seeds = fields.pop("seeds", 5)
    run = replace(FIRST, id="r9-0000", replay_of="r1-0000", **fields)
    return replayed(run, ledger(run, seeds=seeds), GOAL)


def test_equal_in_every_metric_is_said_as_such() -> None:
    said = again()
    assert (said.answer, said.reproduced) == ("exactly", True)
    assert said.sentence == "reproduced exactly: 0.9000, and every other metric is the same"


def test_rounding_in_another_order_is_the_same() -> None:
    said = again(value=0.9 + 4e-7)
    assert (said.answer, said.sentence) == ("closely", "reproduced: 0.9000, the same to 1e-06")
    assert again(metrics={"val_accuracy": 0.9, "loss": 0.4}).answer == "closely"


@pytest.mark.parametrize(("share", "answer"), [(0.4, "within the noise"), (1.02, "not"), (8.0, "not")])
def test_beyond_that_the_noise_of_seeds_is_the_measure(share: float, answer: str) -> None:
    noise = measured_noise(ledger(), GOAL)
    said = again(value=0.9 - share * noise)
    assert (said.answer, said.noise) == (answer, noise)
    assert said.reproduced is (answer != "not")
    assert (f"{share:.1f} times the noise of seeds" if answer == "not" else "0.4 of it") in said.sentence


def test_the_replay_itself_teaches_nothing_of_the_noise() -> None:
    assert again(value=0.5).noise == measured_noise(ledger(), GOAL)


def test_before_two_seeds_have_run_the_noise_is_only_taken_for_one() -> None:
    said = again(value=0.9001, seeds=1)
    assert said.noise is None
    assert "within what is taken for the noise of seeds before two have run" in said.sentence


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"status": "running"}, "open"),
        ({"status": "stopped", "cause": "stopped by ana"}, "open"),
        ({"status": "crashed"}, "open"),
        ({"status": "failed", "cause": "no numpy", "value": None}, "not"),
        ({"value": None, "metrics": {}}, "not"),
    ],
)
def test_what_has_no_value_is_told_by_how_it_ended(fields: dict[str, Any], answer: str) -> None:
    said = again(**fields)
    assert said.answer == answer
    assert said.reproduced is (None if answer == "open" else False)


def test_what_is_another_is_named_and_the_planners_own_marks_are_not() -> None:
    before = {
        "packages": {"numpy": "2.1", "keras": "3.15"}, "hostname": "a", "data_files": {"sha256": "1"},
        "environment": {"PLANNER_RUN": "r1", "OMP_NUM_THREADS": "1"}, "determinism": {"operations": True},
        "code_files": {"net.py": "12"},
        "imported": {"numpy": "2.1", "xgboost": "3.0", "experiment": "1", "sklearn": "1.8"},
    }  # fmt: skip
    after = {
        "packages": {"numpy": "2.3", "keras": "3.15", "jax": "0.6"}, "hostname": "b",
        "data_files": {"sha256": "2"},
        "environment": {"PLANNER_RUN": "r2", "OMP_NUM_THREADS": "2"}, "determinism": {"operations": False},
        "code_files": {"net.py": "12"},
        "imported": {"numpy": "2.3", "xgboost": "3.1", "lightgbm": "4", "sklearn": "1.8"},
    }  # fmt: skip
    assert differences(before, before) == ()
    assert differences(before, after) == (
        "the data are others",
        "jax none → 0.6",
        "numpy 2.1 → 2.3",
        "xgboost 3.0 → 3.1",
        "machine: a → b",
        "deterministic operations: True → False",
        "OMP_NUM_THREADS 1 → 2",
    )

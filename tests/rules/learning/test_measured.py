"""What finished runs teach about cost and about where the baseline stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.measured import UNMEASURED, hours_by_rung
from planner.rules.waiting import hours_waiting
from tests.rules.scoring_facts import MONDAY, SETTINGS, TUESDAY


def run(name: str, **fields: object) -> Run:
    usual: dict[str, object] = {
        "idea": None,
        "baseline": 1,
        "rung": "full",
        "seed": 0,
        "params": {},
        "queued_at": MONDAY,
        "order": 0.0,
        "status": "finished",
        "hours": 2.0,
    }
    return Run(id=name, **(usual | fields))  # type: ignore[arg-type]  # a test's own fields


def with_runs(*runs: Run) -> Calibration:
    baselines = (Baseline(version=1, params={}, at=MONDAY), Baseline(version=2, params={}, at=MONDAY))
    made = Ledger(baselines=baselines, runs={each.id: each for each in runs})
    return calibrate(made, SETTINGS, at=TUESDAY, because="a test")


def test_run_hours_are_the_mean_of_finished_full_runs() -> None:
    found = with_runs(
        run("r1", hours=2.0),
        run("r2", idea=1, hours=4.0),
        run("r3", rung="small", hours=90.0),
        run("r4", status="crashed", hours=90.0),
    )
    assert found.run_hours == 3


def test_the_reference_is_the_newest_baseline_that_has_run() -> None:
    old = [run("r1", value=70.0), run("r2", value=72.0)]
    assert with_runs(*old).reference == 71
    assert with_runs(*old, run("r3", baseline=2, value=80.0)).reference == 80


def test_before_any_run_nothing_is_measured() -> None:
    found = with_runs(
        run("r1", status="running"), run("r2", idea=1, status="finished", value=9.0, rung="tiny")
    )
    assert found.run_hours is None
    assert found.reference is None


def test_hours_of_a_rung_are_those_its_runs_took_else_what_planner_toml_says() -> None:
    rungs = {"small": RungSettings(hours=0.5), "full": RungSettings(hours=4.0)}
    settings = replace(SETTINGS, rungs=rungs)
    thought = {"check": UNMEASURED, "tiny": UNMEASURED, "small": 0.5, "full": 4.0}
    assert hours_by_rung([], settings) == thought
    runs = [
        run("r1", rung="check", hours=0.2),
        run("r2", rung="check", hours=0.4),
        run("r3", rung="check", hours=9.0, status="crashed"),
        run("r4", rung="full", hours=6.0, replay_of="r0"),
    ]
    assert hours_by_rung(runs, settings) == pytest.approx(thought | {"check": 0.3, "full": 6.0})


def test_the_queue_is_as_long_as_the_runs_that_wait() -> None:
    settings = replace(SETTINGS, rungs={"full": RungSettings(hours=4.0)})
    waiting = [run("r2", rung="check", status="queued"), run("r3", status="queued")]
    assert hours_waiting([run("r1", rung="check", hours=0.5), *waiting], settings) == pytest.approx(4.5)
    assert hours_waiting([run("r1")], settings) == 0.0

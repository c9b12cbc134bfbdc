"""What finished runs teach about cost and about where the baseline stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.calibration import Calibration
from planner.domain.idea import Change, Dispatch
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.measured import UNMEASURED, hours_by_rung
from planner.rules.notation.sweeping import sweep
from planner.rules.waiting import ahead
from tests.rules.ledgers import a_ledger
from tests.rules.scoring_facts import MONDAY, SETTINGS, TUESDAY, idea


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
    found = ahead(a_ledger([], [run("r1", rung="check", hours=0.5), *waiting]), settings)
    assert (found.runs, found.configs) == (2, 0)
    assert found.hours == pytest.approx(4.5)
    assert ahead(a_ledger([], [run("r1")]), settings).hours == 0.0


def test_what_a_sweep_is_still_to_try_counts_with_the_queue() -> None:
    settings = replace(SETTINGS, rungs={"small": RungSettings(fraction=0.2)})
    wish = Dispatch(at=MONDAY, by="ana")
    one = idea(1, change=Change(sweep=sweep(["w=1,2,3"])), dispatch=wish)
    given = {"idea": 1, "rung": "small", "fraction": 0.2, "rung_params": {}}
    tried = run("r1", config=0, params={"w": 1}, hours=0.5, value=0.9, **given)
    queued = run("r2", config=1, params={"w": 2}, status="queued", **given)
    ledger = a_ledger([one], [tried, queued], baselines=(Baseline(version=1, params={}, at=MONDAY),))
    found = ahead(ledger, settings)
    assert (found.runs, found.configs, found.hours) == (1, 1, pytest.approx(1.0))
    halted = replace(one, dispatch=replace(wish, halted="a person stopped it"))
    assert ahead(replace(ledger, ideas={1: halted}), settings).configs == 0

"""What a climb has cost, what it is judged by, and what would still decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.goal import Goal
from planner.rules.judging.comparison import measured_noise, seed_groups
from planner.rules.judging.ladder import next_step
from planner.rules.judging.outlook import outlook
from tests.rules.judging.climbing import IDEA, settled, step
from tests.rules.ledgers import (
    NOW,
    SETTINGS,
    a_check,
    a_ledger,
    a_run,
    an_idea,
    baseline_runs,
    idea_runs,
    with_runs,
)


def test_the_outcome_counts_what_the_idea_itself_took():
    idea = an_idea(1, spent_hours=2.5)
    runs = (
        a_check(hours=0.5, energy_wh=10.0),
        *baseline_runs(hours=9.0, energy_wh=900.0),
        a_run("x", 1, status="crashed", hours=0.25),
        *idea_runs([75.0], hours=1.0, energy_wh=30.0),
    )
    outcome = settled(step(*runs, idea=idea))
    assert (outcome.hours, outcome.run_hours, outcome.energy_wh) == (2.5, 1.75, 40.0)


def test_hours_and_energy_that_nobody_measured_are_not_nought():
    outcome = settled(step(a_check(status="failed", cause="a typo")))
    assert outcome.hours is None
    assert outcome.energy_wh is None


def test_the_prior_is_the_ledgers_base_rate_and_not_the_ideas_own_chance():
    runs = [a_check(), *baseline_runs(), *idea_runs([76.02])]
    ledger = a_ledger([IDEA], runs)
    calibration = replace(ledger.calibration, base=0.283)
    outcome = settled(next_step(IDEA, replace(ledger, calibration=calibration), SETTINGS, now=NOW))
    assert outcome.evidence is not None
    assert outcome.evidence.q == pytest.approx(0.048, abs=5e-4)


def test_noise_is_pooled_over_every_configuration_with_a_seed_counted_once():
    runs = [
        *baseline_runs([1.0, 3.0, 5.0]),
        *idea_runs([5.0, 7.0, 6.0], idea=2),
        a_run("other", 2, seed=0, value=50.0, params={"lr": 9}),
        a_run("again", 2, seed=1, value=9.0),
        a_run("broken", 2, seed=3, value=None),
        a_run("raised", 2, seed=4, value=80.0, status="failed"),
        a_check("c2", 2, value=400.0),
    ]
    ledger = a_ledger([], runs)
    assert sorted(map(sorted, seed_groups(ledger))) == [[1.0, 3.0, 5.0], [5.0, 6.0, 9.0], [50.0]]
    goal = Goal(metric="m", minimum_effect=1.0)
    assert measured_noise(ledger, goal) == pytest.approx(((2 * 1.0 + 8.0 + 26.0 / 3) / 6) ** 0.5)


def test_outlook_says_how_many_seeds_and_hours_would_decide():
    runs = [a_check(), *baseline_runs(), *idea_runs([76.5], hours=3.0)]
    ledger = a_ledger([IDEA], runs)
    assert outlook(IDEA, ledger, SETTINGS) == "about 2 more seeds would decide, about 6 GPU hours"
    assert outlook(IDEA, a_ledger([IDEA], runs[:-1]), SETTINGS) is None
    assert outlook(IDEA, with_runs(ledger, *idea_runs([76.9, 76.9])), SETTINGS) is None

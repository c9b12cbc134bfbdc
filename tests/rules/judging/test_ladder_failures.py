"""What fails on the ladder is nobody's evidence: invalid, repeated once, or a person must act."""

from __future__ import annotations

import pytest

from planner.rules.judging.steps import Start
from tests.rules.judging.climbing import BEFORE, halted, settled, step
from tests.rules.ledgers import (
    a_check,
    a_run,
    baseline_runs,
    idea_runs,
)


def test_a_failed_check_makes_the_idea_invalid_never_judged():
    outcome = settled(step(a_check(status="failed", cause="the model has no optimizer")))
    assert (outcome.verdict, outcome.rung, outcome.reason) == (
        "invalid",
        "check",
        "the model has no optimizer",
    )
    assert outcome.evidence is None
    assert not outcome.kept


def test_a_run_that_raised_at_the_full_rung_makes_the_idea_invalid():
    failed = a_run("i1-1", 1, seed=1, status="failed", cause="KeyError: 'lr'")
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([76.55]), failed))
    assert (outcome.verdict, outcome.rung, outcome.reason) == ("invalid", "full", "KeyError: 'lr'")


def test_a_crash_is_repeated_once_and_is_not_evidence():
    crash = a_check("c1", status="crashed", cause="signal 9")
    assert step(crash) == Start(1, "check", 0, retry_of="c1")
    again = a_check("c2", status="crashed", cause="signal 9", retry_of="c1")
    assert halted(step(crash, again)) == "run c2 (check, seed 0) crashed again: signal 9"
    assert step(crash, a_check("c2", retry_of="c1")) == Start(None, "full", 0)


def test_each_seed_has_its_own_crash_to_spare():
    runs = (
        a_check(),
        *baseline_runs(),
        a_run("r1", 1, status="crashed"),
        a_run("r2", 1, value=76.4, retry_of="r1"),
        a_run("r3", 1, seed=1, status="crashed"),
    )
    assert step(*runs) == Start(1, "full", 1, retry_of="r3")


@pytest.mark.parametrize("cause", ["out of memory on the GPU", "signal 9: Out of memory, killed by the host"])
def test_out_of_memory_is_never_repeated_unchanged(cause):
    reason = halted(step(a_check(status="crashed", cause=cause)))
    assert "ran out of memory" in reason
    assert "smaller batch" in reason


def test_a_run_stopped_by_a_person_halts_the_idea():
    stopped = a_check("r3", status="stopped", stop_requested=True)
    assert halted(step(stopped)) == "run r3 (check, seed 0) was stopped by a person"
    evicted = a_check("r3", status="stopped", cause="the cluster asked for its node back")
    assert "was stopped early: the cluster" in halted(step(evicted))


def test_a_stopped_run_that_was_repeated_halts_nothing():
    stopped = a_check("c1", status="stopped", stop_requested=True)
    assert step(stopped, a_check("c2", retry_of="c1")) == Start(None, "full", 0)


def test_a_metric_that_is_not_finite_is_invalid_never_a_zero():
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([76.5, None])))
    assert outcome.verdict == "invalid"
    assert outcome.reason == "val_accuracy was missing or not finite in run i1-1"
    absurd = settled(step(a_check(), *baseline_runs(), *idea_runs([1e300])))
    assert absurd.verdict == "invalid"


def test_a_baseline_that_fails_halts_the_idea_without_a_verdict():
    broken = a_run("b0", status="failed", cause="no such file")
    assert halted(step(a_check(), broken)) == "baseline run b0 failed: no such file"


def test_a_baseline_without_its_metric_halts_and_names_the_metric():
    reason = halted(step(a_check(), a_run("b0", value=None)))
    assert reason == "val_accuracy was missing or not finite in baseline run b0"


def test_a_baseline_that_crashed_is_repeated_once():
    crash = a_run("b0", status="crashed")
    assert step(a_check(), crash) == Start(None, "full", 0, retry_of="b0")
    assert "crashed again" in halted(step(a_check(), crash, a_run("b1", status="crashed", retry_of="b0")))
    stopped = a_run("b0", status="stopped", stop_requested=True)
    assert halted(step(a_check(), stopped)) == "run b0 of the baseline (full, seed 0) was stopped by a person"


@pytest.mark.parametrize("status", ["failed", "crashed", "stopped", "finished"])
def test_trouble_of_the_baseline_before_the_dispatch_is_not_held_against_it(status):
    old = a_run("b0", status=status, cause="no such file", queued_at=BEFORE)
    assert step(a_check(), old) == Start(None, "full", 0)

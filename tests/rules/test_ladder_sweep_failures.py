"""A sweep whose configurations fail, crash or are stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.idea import Dispatch
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run, Rung
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Halt, Settle, Start, Step
from planner.rules.sweeping.tried import tried
from tests.rules.ledgers import NOW, WRITTEN, a_ledger, a_run
from tests.rules.one_sweep import SETTINGS, a_config, ledger_of, step, sweeping


@pytest.mark.parametrize("rung", ["check", "tiny"])
def test_what_fails_at_a_cheap_rung_is_looked_at_in_another_configuration_first(rung: Rung):
    idea, before = sweeping(), Baseline(version=1, params={"lr": 0.1, "w": 3}, at=WRITTEN)
    passed = [a_run("c0", 1, rung="check", params={"lr": 0.1, "idea": 1, "w": 2})] if rung == "tiny" else []

    def after(*runs: Run) -> Step:
        return next_step(idea, a_ledger([idea], [*passed, *runs], baselines=(before,)), SETTINGS, now=NOW)

    failed = a_run("c1", 1, rung=rung, status="failed", cause="no such width", params={"idea": 1, "w": 2})
    assert after(failed) == Start(1, rung, 0, params={"w": 1})
    again = replace(failed, id="c2", params={"idea": 1, "w": 1})
    found = after(failed, again)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.reason) == ("invalid", "no such width")
    if rung == "check":
        assert after(failed, replace(again, status="finished")) == Start(1, "tiny", 0, params={"w": 1})
    passes = after(failed, replace(again, status="finished", covers=("tiny",)))
    assert passes == Start(1, "full", 0, params={"w": 1}, config=0)


def test_a_configuration_that_fails_counts_as_tried():
    failed = a_config(0, None, status="failed", cause="ValueError: no such width")
    assert step(failed) == Start(1, "full", 0, params={"w": 2}, config=1)
    diverged = a_config(1, None)
    found = step(failed, diverged, a_config(2, 75.0))
    assert isinstance(found, Choose)
    assert (found.chosen.config, found.chosen.failed) == (2, 2)


def test_only_where_all_of_them_fail_is_the_idea_invalid():
    failed = [a_config(number, None, status="failed", cause="ValueError: no") for number in range(3)]
    found = step(*failed)
    assert isinstance(found, Settle)
    assert found.outcome.verdict == "invalid"
    assert found.outcome.reason == (
        "none of 3 configurations came to a value of val_accuracy; the first, s0: ValueError: no"
    )


def test_a_machine_that_cannot_run_any_of_them_is_no_fault_of_the_idea():
    short = "out of memory on the host: it was; a smaller batch may fit"
    found = step(*[a_config(number, None, status="failed", cause=short) for number in range(3)])
    assert isinstance(found, Halt)
    assert "out of memory" in found.reason


def test_a_crashed_configuration_is_tried_once_more_and_then_given_up():
    crashed = a_config(0, None, status="crashed", cause="killed")
    assert step(crashed) == Start(1, "full", 0, retry_of="s0", params={"w": 1}, config=0)
    again = a_config(0, None, "s0b", status="crashed", cause="killed")
    assert step(crashed, again) == Start(1, "full", 0, params={"w": 2}, config=1)


def test_a_stopped_configuration_halts_the_idea_and_the_next_dispatch_tries_it_again():
    stopped = a_config(0, None, status="stopped", stop_requested=True)
    found = step(stopped)
    assert isinstance(found, Halt)
    assert found.reason == "run s0 (full, seed 0, configuration 0) was stopped by a person"
    later = sweeping(dispatch=Dispatch(at="2026-11-02T13:00:00.000Z", by="ana"))
    cheap = [a_run("c9", 1, rung=rung, queued_at="2026-11-02T14:00:00.000Z") for rung in ("check", "tiny")]
    assert step(stopped, *[replace(one, id=one.rung) for one in cheap], idea=later) == Start(
        1, "full", 0, retry_of="s0", params={"w": 1}, config=0
    )


def test_what_failed_before_the_idea_came_out_invalid_is_tried_again():
    failed = [a_config(number, None, status="failed", cause="ValueError: no") for number in range(3)]
    idea = sweeping()
    outcome = Outcome(
        idea=1, at="2026-11-02T12:30:00.000Z", verdict="invalid", reason="", rung="full", baseline=1
    )
    ledger = replace(ledger_of(idea, *failed), outcomes=(outcome,))
    assert tried(idea, ledger, SETTINGS) == ()
    assert next_step(idea, ledger, SETTINGS, now=NOW) == Start(1, "full", 0, params={"w": 1}, config=3)

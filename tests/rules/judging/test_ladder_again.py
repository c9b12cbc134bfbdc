"""An idea dispatched again: which of its seeds add up, and what it is judged by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.rules.judging.comparison import baseline_values, idea_values, seed_groups
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Start, Step
from planner.rules.learning.measured import mean_run_hours
from tests.rules.judging.climbing import BEFORE, IDEA, settled, step
from tests.rules.ledgers import (
    ASKED,
    NOW,
    SETTINGS,
    WRITTEN,
    a_check,
    a_ledger,
    a_run,
    an_idea,
    baseline_runs,
    idea_runs,
    some_evidence,
    with_runs,
)


def test_only_what_was_queued_since_the_dispatch_counts():
    old = a_check("c0", status="failed", cause="a typo", queued_at=BEFORE)
    assert step(old) == Start(1, "check", 0)
    assert step(old, a_check("c1")) == Start(None, "full", 0)


def test_seeds_add_up_over_dispatches_of_the_same_thing():
    old = idea_runs([76.3, 76.3], queued_at=BEFORE)
    assert step(a_check(), *baseline_runs(queued_at=BEFORE), *old) == Start(1, "full", 2)


@pytest.mark.parametrize(
    "different", [{"params": {"lr": 0.1, "idea": 7}}, {"ref": "old-branch"}, {"baseline": 0}]
)
def test_seeds_of_something_else_do_not_add_up(different):
    old = idea_runs([76.3, 76.3], queued_at=BEFORE, **different)
    assert step(a_check(), *baseline_runs(), *old) == Start(1, "full", 0)


def on_a_branch(commit: str | None) -> Idea:
    """The idea whose code is a branch that stood for this commit when it was dispatched."""
    return an_idea(1, change=Change(ref="better"), dispatch=Dispatch(at=ASKED, by="ana", commit=commit))


@pytest.mark.parametrize(
    ("now", "then", "seed"), [("aaa", "aaa", 1), ("aaa", "bbb", 0), (None, "bbb", 1), ("aaa", None, 1)]
)
def test_seeds_of_a_branch_that_has_moved_do_not_add_up(now, then, seed):
    old = idea_runs([76.3], queued_at=BEFORE, params={"lr": 0.1}, ref="better", commit=then)
    assert step(a_check(), *baseline_runs(), *old, idea=on_a_branch(now)) == Start(1, "full", seed)


def test_a_judged_branch_is_known_by_the_commit_that_ran_last():
    idea = replace(on_a_branch(None), dispatch=None)
    code = {"params": {"lr": 0.1}, "ref": "better"}
    first, second = ({"commit": commit, "seed": 0, **code} for commit in ("aaa", "bbb"))
    runs = [a_run("r1", 1, value=76.3, **first), a_run("r2", 1, value=76.9, **second)]
    third = a_run("r3", 1, value=76.5, commit="aaa", seed=1, **code)
    assert idea_values(idea, a_ledger([idea], runs)) == {0: 76.9}
    assert idea_values(idea, a_ledger([idea], [*runs, third])) == {0: 76.3, 1: 76.5}
    assert sorted(map(sorted, seed_groups(a_ledger([idea], [*runs, third])))) == [[76.3, 76.5], [76.9]]


@pytest.mark.parametrize("mark", [{"replay_of": "r1"}, {"config": 2}, {"struck": "broken"}])
def test_replays_configurations_and_struck_runs_are_nobodys_evidence(mark):
    ledger = a_ledger([IDEA], [*baseline_runs([1.0, 2.0, 3.0], **mark), *idea_runs([1.0, 2.0], **mark)])
    assert baseline_values(ledger, 1) == {}
    assert idea_values(IDEA, ledger) == {}
    assert seed_groups(ledger) == []
    assert mean_run_hours(ledger.runs.values()) is None


def test_an_old_failure_of_the_same_thing_is_run_again():
    old = a_run("i1", 1, status="finished", value=None, queued_at=BEFORE)
    assert step(a_check(), *baseline_runs(), old) == Start(1, "full", 0)


def test_a_new_baseline_makes_new_seeds():
    baselines = (
        Baseline(version=1, params={"lr": 0.1}, at=WRITTEN),
        Baseline(version=2, params={"lr": 0.2}, at=BEFORE),
    )
    runs = (a_check(), *baseline_runs(), *idea_runs([76.55]))
    assert step(*runs, baselines=baselines) == Start(None, "full", 0)
    newer = baseline_runs(version=2, params={"lr": 0.2})
    assert step(*runs, *newer, baselines=baselines) == Start(1, "full", 0)


def test_an_adopted_idea_brings_its_seeds_into_the_baseline():
    adopted = Baseline(version=2, params={"lr": 0.1, "idea": 2}, at=BEFORE, adopted=2)
    ledger = a_ledger(
        [an_idea(1), an_idea(2)],
        [*baseline_runs(), *idea_runs([76.6, 76.7], idea=2), a_check("c1", 1)],
        baselines=(Baseline(version=1, params={"lr": 0.1}, at=WRITTEN), adopted),
    )
    assert baseline_values(ledger, 2) == {0: 76.6, 1: 76.7}
    assert next_step(IDEA, ledger, SETTINGS, now=NOW) == Start(None, "full", 2)


def test_an_idea_adopted_after_another_brings_no_seeds_because_it_ran_without_it():
    baselines = (
        Baseline(version=1, params={"lr": 0.1}, at=WRITTEN),
        Baseline(version=2, params={"lr": 0.1, "idea": 2}, at=BEFORE, adopted=2),
        Baseline(version=3, params={"lr": 0.1, "idea": 3}, at=BEFORE, adopted=3),
    )
    ledger = a_ledger([], idea_runs([76.6], idea=3), baselines=baselines)
    assert baseline_values(ledger, 3) == {}


def judged_before(*values: float) -> Ledger:
    """The idea was dispatched again after these seeds had settled it with a base rate of .283."""
    old = [*baseline_runs(queued_at=BEFORE), *idea_runs(list(values), queued_at=BEFORE)]
    first = replace(some_evidence(gain=-1.0, q=0.05), base=0.283)
    ruled = Outcome(idea=1, at=BEFORE, verdict="no gain", reason="", rung="full", baseline=1, evidence=first)
    return a_ledger([IDEA], [*old, a_check()], outcomes=(ruled,))


def test_an_idea_dispatched_again_after_its_verdict_runs_another_seed():
    before = judged_before(76.02)
    assert next_step(IDEA, before, SETTINGS, now=NOW) == Start(1, "full", 1)
    after = with_runs(before, a_run("i1", 1, seed=1, value=76.1))
    found = settled(next_step(IDEA, after, SETTINGS, now=NOW))
    assert found.evidence is not None
    assert found.evidence.seeds == 2


def confirming(*values: float) -> Step:
    """The next step of a win that is to be confirmed, whose seeds so far are these."""
    wish = Dispatch(at=ASKED, by="ana", confirm=True)
    return step(a_check(), *baseline_runs(), *idea_runs(list(values)), idea=replace(IDEA, dispatch=wish))


def test_a_win_that_is_confirmed_runs_all_its_seeds_before_it_is_judged_again():
    assert confirming(76.7, 76.7) == Start(1, "full", 2)
    assert settled(confirming(76.7, 76.7, 76.7, 76.7, 76.7)).verdict == "improved"


def test_a_win_that_its_further_seeds_do_not_bear_out_is_none():
    assert settled(confirming(76.9, 76.1, 76.1, 76.0, 76.1)).verdict == "inconclusive"


def test_an_idea_judged_again_meets_the_base_rate_that_it_first_met():
    after = with_runs(judged_before(76.02), a_run("i1", 1, seed=1, value=76.1))
    dry = replace(after, calibration=replace(after.calibration, base=0.05))
    found = settled(next_step(IDEA, dry, SETTINGS, now=NOW))
    assert found.evidence is not None
    assert found.evidence.base == 0.283


def test_values_of_an_idea_are_its_seeds_against_the_baseline_in_force():
    ledger = a_ledger([IDEA], idea_runs([76.4, None, 76.5]))
    assert idea_values(IDEA, ledger) == {0: 76.4, 2: 76.5}
    assert idea_values(an_idea(1, dispatch=None, change=Change(params={"idea": 9})), ledger) == {}

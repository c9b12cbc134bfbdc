"""The ladder: the next step follows from what the ledger holds, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.domain.settings import RecipeSettings, RungSettings, Settings
from planner.rules.judging.comparison import baseline_values, idea_values, measured_noise, seed_groups
from planner.rules.judging.ladder import next_step
from planner.rules.judging.outlook import outlook
from planner.rules.judging.steps import Halt, Settle, Start, Step, Wait
from planner.rules.learning.measured import mean_run_hours
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

BEFORE = "2026-11-01T12:00:00.000Z"
IDEA = an_idea(1)


def step(*runs: Run, idea: Idea = IDEA, settings: Settings = SETTINGS, **fields: Any) -> Step:
    """The next step of one idea among these runs."""
    return next_step(idea, a_ledger([idea], runs, **fields), settings, now=NOW)


def settled(found: Step) -> Outcome:
    """The outcome of a step that settles."""
    assert isinstance(found, Settle), found
    return found.outcome


def halted(found: Step) -> str:
    """The reason of a step that halts."""
    assert isinstance(found, Halt), found
    return found.reason


# -- the rungs in order ---------------------------------------------------------------------------


def test_the_check_comes_first():
    assert step() == Start(1, "check", 0)


def test_tiny_comes_after_the_check_once_and_what_fails_there_is_invalid():
    checked = a_check(covers=())
    assert step(checked) == Start(1, "tiny", 0)
    assert step(checked, a_run("t1", 1, rung="tiny")) == Start(None, "full", 0)
    cause = "it can't learn 32 of its own examples by heart"
    outcome = settled(step(checked, a_run("t1", 1, rung="tiny", status="failed", cause=cause)))
    assert (outcome.verdict, outcome.rung, outcome.reason) == ("invalid", "tiny", cause)


def test_a_crash_on_tiny_is_repeated_once():
    crash = a_run("t1", 1, rung="tiny", status="crashed")
    assert step(a_check(covers=()), crash) == Start(1, "tiny", 0, retry_of="t1")


def test_tiny_is_left_out_where_it_means_nothing():
    assert step(a_check(covers=("tiny",))) == Start(None, "full", 0)
    command = replace(SETTINGS, recipe=RecipeSettings(command=("sh", "train.sh")))
    assert step(a_check(covers=()), settings=command) == Start(None, "full", 0)


def test_an_idea_on_its_way_under_a_ladder_without_tiny_does_not_climb_down():
    assert step(a_check(covers=()), *baseline_runs(), *idea_runs([76.55])) == Start(1, "full", 1)


def test_the_baseline_comes_after_the_check_one_seed_after_another():
    assert step(a_check()) == Start(None, "full", 0)
    assert step(a_check(), *baseline_runs([76.1, 76.3])) == Start(None, "full", 2)


def test_the_ideas_own_seeds_come_after_the_baselines():
    assert step(a_check(), *baseline_runs()) == Start(1, "full", 0)
    assert step(a_check(), *baseline_runs(), *idea_runs([76.55])) == Start(1, "full", 1)


def test_the_second_seed_of_the_worked_example_settles_it():
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([76.55, 76.70])))
    assert (outcome.idea, outcome.verdict, outcome.rung, outcome.baseline) == (1, "improved", "full", 1)
    assert outcome.at == NOW
    assert outcome.kept
    assert outcome.worth is None
    assert outcome.evidence is not None
    assert outcome.evidence.seeds == 2
    assert outcome.reason.startswith("improved: +2.6 MEI")


def test_losing_ideas_end_after_one_seed():
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([75.0])))
    assert outcome.verdict == "worse"
    assert not outcome.kept


def test_no_idea_is_run_for_ever():
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([76.2, 76.35, 76.05, 76.3, 76.1])))
    assert outcome.verdict in ("inconclusive", "no gain")


def test_inconclusive_says_what_would_decide_it():
    idea = an_idea(1, dispatch=Dispatch(at=ASKED, by="ana", seeds=1))
    outcome = settled(step(a_check(), *baseline_runs(), *idea_runs([76.5]), idea=idea))
    assert outcome.verdict == "inconclusive"
    assert outcome.reason.endswith("more seeds would decide, about 2 GPU hours")


def test_a_dispatch_may_ask_for_more_seeds_than_the_project_does():
    one = Settings(goal=SETTINGS.goal, rungs={"full": RungSettings(seeds=1)})
    runs = (a_check(), *baseline_runs([76.1]), *idea_runs([76.4]))
    assert settled(step(*runs, settings=one)).verdict == "inconclusive"
    more = an_idea(1, dispatch=Dispatch(at=ASKED, by="ana", seeds=3))
    assert step(*runs, idea=more, settings=one) == Start(1, "full", 1)


# -- waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_live_run_of_the_idea_is_waited_for(status):
    assert step(a_check("c1", status=status)) == Wait("waits for run c1 (check, seed 0)")
    older = a_run("i1", 1, status=status, queued_at=BEFORE)
    assert isinstance(step(older), Wait)


def test_a_live_run_of_the_baseline_is_waited_for_by_every_idea_that_needs_it():
    ideas = [an_idea(1), an_idea(2)]
    runs = [a_check("c1", 1), a_check("c2", 2), a_run("b0", status="queued", queued_at=BEFORE)]
    ledger = a_ledger(ideas, runs)
    for idea in ideas:
        assert next_step(idea, ledger, SETTINGS, now=NOW) == Wait(
            "waits for run b0 of the baseline (full, seed 0)"
        )


def test_a_live_run_of_the_baseline_holds_nobody_up_who_has_its_seeds():
    runs = (a_check(), *baseline_runs(), a_run("b9", seed=4, status="running"))
    assert step(*runs) == Start(1, "full", 0)


def test_an_idea_nobody_dispatched_takes_no_step():
    assert isinstance(step(idea=an_idea(1, dispatch=None)), Wait)
    stuck = an_idea(1, dispatch=Dispatch(at=ASKED, by="ana", halted="run r3 was stopped by a person"))
    assert step(idea=stuck) == Wait("run r3 was stopped by a person")


def test_without_a_baseline_a_person_must_act():
    assert "no baseline" in halted(step(baselines=()))


# -- failures are nobody's evidence ---------------------------------------------------------------


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


# -- the baseline's own trouble -------------------------------------------------------------------


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


# -- dispatched again -----------------------------------------------------------------------------


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


# -- numbers --------------------------------------------------------------------------------------


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


def test_values_of_an_idea_are_its_seeds_against_the_baseline_in_force():
    ledger = a_ledger([IDEA], idea_runs([76.4, None, 76.5]))
    assert idea_values(IDEA, ledger) == {0: 76.4, 2: 76.5}
    assert idea_values(an_idea(1, dispatch=None, change=Change(params={"idea": 9})), ledger) == {}


# -- the whole climb ------------------------------------------------------------------------------


def finish(ledger: Ledger, start: Start, value: float | None, crashes: bool) -> Ledger:
    """The ledger after the run asked for was queued and ended."""
    name = f"r{len(ledger.runs) + 1}"
    status = {"status": "crashed"} if crashes else {"value": value}
    run = a_run(name, start.idea, rung=start.rung, seed=start.seed, retry_of=start.retry_of, **status)
    return with_runs(ledger, run)


@given(
    values=st.lists(st.floats(75.0, 78.0), min_size=12, max_size=12),
    crashes=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_every_climb_ends_and_never_runs_a_seed_twice_without_a_crash(values, crashes):
    ledger = a_ledger([IDEA])
    for crash in crashes:
        found = next_step(IDEA, ledger, SETTINGS, now=NOW)
        assert found == next_step(IDEA, ledger, SETTINGS, now=NOW)
        if not isinstance(found, Start):
            break
        done = [run for run in ledger.runs.values() if run.status == "finished"]
        assert (found.idea, found.rung, found.seed) not in [(run.idea, run.rung, run.seed) for run in done]
        ledger = finish(ledger, found, values[len(done) % 12], crash)
    assert isinstance(found, Settle | Halt)
    if isinstance(found, Settle):
        evidence = found.outcome.evidence
        assert evidence is not None
        assert evidence.baseline_seeds == 5
        assert evidence.seeds <= 5

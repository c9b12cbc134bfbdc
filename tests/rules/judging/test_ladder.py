"""The ladder: the next step follows from what the ledger holds, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.idea import Dispatch
from planner.domain.ledger import Ledger
from planner.domain.settings import RecipeSettings, RungSettings, Settings
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Halt, Settle, Start, Wait
from tests.rules.judging.climbing import BEFORE, IDEA, halted, settled, step
from tests.rules.ledgers import (
    ASKED,
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

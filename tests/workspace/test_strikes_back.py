"""Once a struck-out run counts again, or runs again, all that rested on it is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Start
from planner.rules.judging.striking import evidence_anew, sides
from planner.rules.learning.calibrate import calibrate
from planner.workspace.workspace import Workspace
from tests.workspace.corrected import learned, now, scores, tried_on_disk
from tests.workspace.judged import (
    CLOSE,
    LOST,
    WON,
    a_run,
    judged,
    put_idea,
    put_runs,
    runs_of,
    settle,
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with judged({1: WON, 2: LOST}) as made:
        yield made


@tried_on_disk
@given(data=st.data())
def test_striking_out_and_back_in_any_order_restores_everything_bit_for_bit(data: st.DataObject) -> None:
    with judged({1: WON, 2: LOST, 3: CLOSE}) as made:
        made.ideas.estimate(9, by="bo", likelihood="90%")
        before, expected = now(made), scores(made)
        full = [run.id for run in before.runs.values() if run.rung == "full"]
        chosen = data.draw(st.lists(st.sampled_from(full), unique=True, min_size=1, max_size=6))
        overruled = data.draw(st.sampled_from([None, 1, 2, 3]))
        for place, name in enumerate(chosen):
            if place == 1 and overruled and overruled in {one.idea for one in now(made).outcomes}:
                made.corrections.overrule(overruled, "invalid", "so it is")
            made.corrections.strike(name, "it was broken")
            assert all(not one.withdrawn for one in now(made).outcomes)
        for name in data.draw(st.permutations(chosen)):
            made.corrections.strike_back(name)
        if overruled and any(one.overruled for one in now(made).outcomes):
            made.corrections.overrule_back(overruled)
        assert now(made).outcomes == before.outcomes
        assert now(made).runs == before.runs
        assert learned(now(made).calibration) == learned(before.calibration)
        assert scores(made) == expected


def test_a_strike_is_undone(work: Workspace) -> None:
    before, expected = now(work), scores(work)
    work.corrections.strike(runs_of(work, 1)[0], "the disk was full")
    work.corrections.strike(runs_of(work, 1)[1], "the disk was full")
    work.undo(2)
    assert (now(work).outcomes, now(work).runs) == (before.outcomes, before.runs)
    assert (now(work).calibration, scores(work)) == (before.calibration, expected)


def test_an_outcome_that_landed_since_stays_the_newer_one(work: Workspace) -> None:
    one, other = runs_of(work, 1)
    work.corrections.strike(one, "the disk was full")
    work.corrections.strike(other, "the disk was full")
    put_idea(work, 1)
    put_runs(work, 1, LOST)
    landed = settle(work, 1)
    work.corrections.strike_back(one)
    work.corrections.strike_back(other)
    assert [(found.idea, found.verdict) for found in now(work).outcomes] == [
        (1, "improved"),
        (2, "no gain"),
        (1, "no gain"),
    ]
    assert now(work).outcomes[-1] == landed
    fresh = calibrate(now(work), work.settings, at="", because="")
    assert learned(now(work).calibration) == learned(fresh)


def test_a_seed_that_is_struck_out_runs_again_when_its_idea_is_dispatched(work: Workspace) -> None:
    for name in (runs_of(work, 1)[1], runs_of(work, None)[2]):
        work.corrections.strike(name, "the disk was full")
    put_idea(work, 1)
    put_runs(work, 1, ())
    with work.project.store.transaction("check", by="test", undoable=False) as tables:
        tables.put(replace(a_run(50, 1, 0, None, work.project.now()), rung="check", covers=("tiny",)))
    assert step_of(work, 1) == Start(None, "full", 2), "first the baseline's"
    with work.project.store.transaction("run", by="test", undoable=False) as tables:
        again = a_run(51, None, 2, 75.8, work.project.now())
        tables.put(again)
    assert step_of(work, 1) == Start(1, "full", 1)
    work.corrections.strike(again.id, "once more")
    assert step_of(work, 1) == Start(None, "full", 2), "a struck run is no reason to halt"


def step_of(work: Workspace, number: int) -> object:
    ledger = now(work)
    return next_step(ledger.ideas[number], ledger, work.settings, now=work.project.now())


def test_seeds_of_an_adopted_idea_are_struck_from_the_baseline_it_became(work: Workspace) -> None:
    with work.project.store.transaction("adopt", by="ana", undoable=False) as tables:
        tables.put(Baseline(version=2, params={"idea": 1}, at=work.project.now(), adopted=1))
        at = work.project.now()
        tables.put(a_run(60, 3, 0, 77.0, at, baseline=2, params={"idea": 3}))
    put_idea(work, 3)
    ledger: Ledger = now(work)
    found = Outcome(idea=3, at=work.project.now(), verdict="no gain", reason="", rung="full", baseline=2)
    ours, theirs = sides(found, ledger)
    assert (ours, theirs) == ({0: 77.0}, dict(enumerate(WON)))
    with work.project.store.transaction("settle", by="test", undoable=False) as tables:
        known = ledger.outcomes[0].evidence
        assert known is not None
        first = replace(found, evidence=known)
        tables.put(replace(ledger.ideas[3], dispatch=None))
        tables.put(replace(found, evidence=evidence_anew(first, ledger, work.settings)))
    before = now(work).outcomes
    work.corrections.strike(runs_of(work, 1)[0], "the disk was full")
    struck = now(work).outcomes[-1].evidence
    assert struck is not None
    assert struck.baseline_seeds == 1
    work.corrections.strike_back(runs_of(work, 1)[0])
    assert now(work).outcomes == before

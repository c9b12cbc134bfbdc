"""An idea that a person gives up, and takes up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.run import Run
from planner.workspace.workspace import Workspace
from tests.projects import Clock
from tests.rules.scoring_facts import ledger, outcome
from tests.workspace.corrected import (
    CUTMIX,
    EMA,
    FRIDAY,
    LOST,
    MIXUP,
    WARMUP,
    WON,
    a_project,
    land,
    now,
    scores,
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with a_project(ledger([MIXUP, CUTMIX, WARMUP, EMA], WON, LOST)) as made:
        yield made


def test_an_idea_given_up_is_a_failure_with_its_hours(work: Workspace) -> None:
    base = now(work).calibration.base
    work.ideas.stop_timer(4, hours="2h")
    done = work.corrections.give_up(4, "needs labels we can't get", hours="1h30m")
    given_up = now(work).outcomes[-1]
    assert (given_up.idea, given_up.verdict, given_up.evidence) == (4, "no gain", None)
    assert (given_up.hours, given_up.reason) == (3.5, "given up: needs labels we can't get")
    assert "after 3.5 h" in done.says
    assert now(work).calibration.base < base
    assert now(work).calibration.person_tasks["bo"] == 1
    row = next(row for row in work.view().ranked if row.idea.id == 4)
    assert (row.status, row.rank) == ("done", None)
    moved = {one.idea: one.because for one in now(work).revisions}
    assert moved[2].startswith('"ema" was given up: base rate ')


def test_the_running_timer_counts_and_runs_on_when_the_idea_is_taken_up_again(work: Workspace) -> None:
    work.ideas.stop_timer(4, hours="0.1h")
    work.ideas.start_timer(4)
    before, expected = now(work).ideas[4], scores(work)
    clock = work.project.now
    assert isinstance(clock, Clock)
    clock.advance(hours=2)
    work.corrections.give_up(4, "needs labels we can't get")
    assert now(work).ideas[4].timer_since is None
    assert now(work).outcomes[-1].hours == pytest.approx(2.1, abs=0.001)
    done = work.corrections.give_up_back(4)
    assert now(work).ideas[4] == before
    assert now(work).outcomes == (WON, LOST)
    assert scores(work) == expected
    assert done.says == "“ema” is open again"


def test_a_forgotten_timer_is_asked_about_before_an_idea_is_given_up(work: Workspace) -> None:
    work.ideas.start_timer(4)
    clock = work.project.now
    assert isinstance(clock, Clock)
    clock.advance(hours=27)
    with pytest.raises(Mistake, match="has run 27 h"):
        work.corrections.give_up(4, "needs labels we can't get")
    work.corrections.give_up(4, "needs labels we can't get", hours="3h")
    assert now(work).outcomes[-1].hours == 3


def test_hours_that_were_changed_since_stay_when_an_idea_is_taken_up_again(work: Workspace) -> None:
    work.corrections.give_up(4, "needs labels we can't get")
    work.ideas.stop_timer(4, hours="3h")
    work.corrections.give_up_back(4)
    assert now(work).ideas[4].spent_hours == 3


def test_a_broken_idea_given_up_is_broken_again_afterwards(work: Workspace) -> None:
    land(work, outcome(4, "invalid", reason="a bug"))
    expected = scores(work)
    work.corrections.give_up(4, "nobody finds the bug")
    assert scores(work) != expected
    done = work.corrections.give_up_back(4)
    assert done.says == "“ema” is invalid again"
    assert scores(work) == expected


def test_giving_up_is_undone(work: Workspace) -> None:
    before, expected = now(work).ideas, scores(work)
    work.corrections.give_up(4, "needs labels we can't get", hours="2h")
    work.undo()
    assert (now(work).ideas, scores(work)) == (before, expected)


def test_what_cannot_be_given_up_is_refused_in_a_sentence(work: Workspace) -> None:
    with pytest.raises(Mistake, match="has its verdict: improved"):
        work.corrections.give_up(1, "no hope")
    work.corrections.give_up(4, "no hope")
    with pytest.raises(NothingToDo, match="given up already"):
        work.corrections.give_up(4, "no hope")
    with pytest.raises(Mistake, match="was given up, so there is no verdict of seeds"):
        work.corrections.overrule(4, "improved", "it works after all")
    with pytest.raises(NothingToDo, match="nobody has given up idea 1"):
        work.corrections.give_up_back(1)
    work.ideas.park(2)
    with pytest.raises(Mistake, match="is parked: bring it back"):
        work.corrections.give_up(2, "no hope")
    with work.project.store.transaction("run", by="test") as tables:
        tables.put(replace(CUTMIX, place="backlog"))
        tables.put(
            Run(
                id="r1-aaaa",
                idea=2,
                baseline=1,
                rung="full",
                seed=0,
                params={},
                queued_at=FRIDAY,
                order=0.0,
                status="running",
            )
        )
    with pytest.raises(Mistake, match="stop its runs first"):
        work.corrections.give_up(2, "no hope")

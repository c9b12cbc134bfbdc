"""Who stands where: status, rank, and what comes after the ranked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run, RunStatus
from planner.domain.view import IdeaStatus
from planner.rules.scoring.ranking import alike, rank
from planner.rules.scoring.score import score
from planner.rules.status import status
from tests.rules.scoring_facts import (
    MONDAY,
    SETTINGS,
    TUESDAY,
    idea,
    ledger,
    outcome,
    said,
    some_ledger,
    tried,
)

READY = replace(idea(1), change=Change(params={"lr": 0.1}))
WISH = Dispatch(at=MONDAY, by="ana")


def run(state: RunStatus, of: int = 1) -> Run:
    return Run(
        id=f"r{of}",
        idea=of,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at=MONDAY,
        order=0.0,
        status=state,
    )


@pytest.mark.parametrize(
    ("one", "runs", "last", "stands"),
    [
        (idea(1), [], None, "open"),
        (READY, [], None, "ready"),
        (replace(READY, dispatch=WISH), [], None, "queued"),
        (replace(READY, dispatch=WISH), [run("queued")], None, "queued"),
        (replace(READY, dispatch=replace(WISH, halted="its check failed")), [run("failed")], None, "ready"),
        (replace(READY, dispatch=WISH), [run("finished"), run("running")], None, "running"),
        (READY, [run("finished")], outcome(1, "improved", q=0.95), "done"),
        (READY, [run("finished")], outcome(1, "inconclusive", q=0.5), "done"),
        (READY, [run("failed")], outcome(1, "invalid"), "invalid"),
        (replace(READY, dispatch=WISH), [], outcome(1, "improved", q=0.95), "queued"),
        (replace(READY, place="parked"), [], None, "parked"),
        (replace(READY, place="dropped"), [], outcome(1, "no gain"), "dropped"),
        (replace(READY, edited_at=TUESDAY), [], outcome(1, "invalid", at=MONDAY), "ready"),
        (replace(READY, edited_at=MONDAY), [], outcome(1, "invalid", at=TUESDAY), "invalid"),
        (replace(READY, edited_at=TUESDAY), [], outcome(1, "worse", q=0.01, at=MONDAY), "done"),
    ],
)
def test_an_ideas_status(one: Idea, runs: list[Run], last: Outcome | None, stands: IdeaStatus) -> None:
    assert status(one, runs, last) == stands


def standing(made: Ledger) -> list[tuple[int, str, int | None]]:
    return [(row.idea.id, row.status, row.rank) for row in rank(made, SETTINGS)]


def test_the_ranked_come_first_then_finished_parked_and_dropped() -> None:
    quick, slow = said(hours=0.5), said(hours=50)
    made = ledger(
        [
            idea(1, "", slow),
            idea(2, "", quick),
            replace(idea(3), place="dropped"),
            replace(idea(4, "", slow), place="parked"),
            replace(idea(5, "", quick), place="parked"),
            idea(6),
            idea(7),
            idea(8),
            replace(READY, id=9, dispatch=WISH),
        ],
        outcome(7, "improved", q=0.95),
        outcome(8, "invalid"),
        outcome(6, "worse", q=0.01),
        runs={"r9": run("running", of=9)},
    )
    assert standing(made) == [
        (9, "running", 1),
        (2, "open", 2),
        (1, "open", 3),
        (6, "done", None),
        (8, "invalid", None),
        (7, "done", None),
        (5, "parked", None),
        (4, "parked", None),
        (3, "dropped", None),
    ]


def test_equal_scores_stand_in_the_order_they_were_captured() -> None:
    assert [row.idea.id for row in rank(ledger([idea(3), idea(1), idea(2)]), SETTINGS)] == [1, 2, 3]


def test_a_score_that_is_no_number_comes_last() -> None:
    broken = idea(1, "", said(likelihood=0.9), run_hours=float("nan"))
    assert [row.idea.id for row in rank(ledger([broken, idea(2)]), SETTINGS)] == [2, 1]


def test_known_scores_are_used_as_they_are() -> None:
    made = ledger([idea(1), idea(2)])
    known = {2: replace(score(made.ideas[2], made.calibration, SETTINGS), value=99.0)}
    assert rank(made, SETTINGS, known)[0].score.value == 99.0


@tried
@given(some_ledger())
def test_every_idea_stands_somewhere_and_ranks_run_from_one(made: Ledger) -> None:
    rows = rank(made, SETTINGS)
    ranks = [row.rank for row in rows if row.rank]
    values = [row.score.value for row in rows if row.rank]
    assert sorted(row.idea.id for row in rows) == sorted(made.ideas)
    assert ranks == list(range(1, len(ranks) + 1))
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(("one", "other", "same"), [(1.0, 0.95, True), (1.0, 0.85, False), (0.0, 0.0, True)])
def test_scores_within_ten_per_cent_are_alike(one: float, other: float, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same

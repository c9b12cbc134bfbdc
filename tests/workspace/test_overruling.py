"""A verdict that a person overrules: what moves, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from planner.domain.idea import Dispatch
from planner.domain.mistake import Mistake, NothingToDo
from planner.workspace.workspace import Workspace
from tests.rules.scoring_facts import ledger
from tests.workspace.corrected import (
    CUTMIX,
    EMA,
    FRIDAY,
    LOST,
    MIXUP,
    WARMUP,
    WON,
    a_project,
    now,
    scores,
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with a_project(ledger([MIXUP, CUTMIX, WARMUP, EMA], WON, LOST)) as made:
        yield made


def test_overruling_keeps_what_the_seeds_had_said(work: Workspace) -> None:
    done = work.corrections.overrule(1, "worse", "the  split\nleaked")
    first, second = now(work).outcomes
    assert (first.verdict, first.reason, first.kept, first.worth) == (
        "worse",
        "the split leaked",
        False,
        None,
    )
    assert first.overruled is not None
    assert (first.overruled.verdict, first.overruled.reason) == ("improved", "improved: +2.0 MEI")
    assert (first.overruled.kept, first.overruled.worth, first.overruled.by) == (True, True, "ana")
    assert (first.at, first.evidence, second) == (WON.at, WON.evidence, LOST), "its age and evidence stay"
    assert done.says == "overruled the verdict on “mixup”: worse; the seeds had said improved"


def test_an_overruled_win_counts_as_none_and_every_score_says_why(work: Workspace) -> None:
    before, base = scores(work), now(work).calibration.base
    work.corrections.overrule(1, "worse", "the split leaked")
    assert now(work).calibration.base < base
    assert scores(work)[2] < before[2]
    moved = {one.idea: one for one in now(work).revisions if one.calibration == 2}
    assert set(moved) == {2, 4}
    assert all(one.outcome_of == 1 for one in moved.values())
    assert moved[4].because.startswith("verdict on “mixup” overruled by ana: base rate ")


def test_overruling_twice_keeps_the_verdict_of_the_seeds(work: Workspace) -> None:
    work.corrections.overrule(1, "worse", "the split leaked")
    work.corrections.overrule(1, "no-gain", "it leaked only a little")
    work.corrections.overrule(1, "no gain", "hardly leaked")
    (first, _) = now(work).outcomes
    assert first.overruled is not None
    assert (first.verdict, first.reason, first.overruled.verdict) == ("no gain", "hardly leaked", "improved")
    work.corrections.overrule_back(1)
    assert now(work).outcomes == (WON, LOST)


def test_a_failure_overruled_to_a_win_is_kept(work: Workspace) -> None:
    work.corrections.overrule(3, "improved", "the metric was rounded")
    assert now(work).outcomes[1].kept
    assert scores(work)[4] != pytest.approx(0)
    row = next(row for row in work.view().ranked if row.idea.id == 3)
    assert (row.status, row.rank) == ("done", None)


def test_an_idea_overruled_to_invalid_is_no_evidence_and_an_edit_makes_it_ready(work: Workspace) -> None:
    work.corrections.overrule(1, "invalid", "the loss was wrong")
    assert now(work).calibration.outcomes == 1
    assert next(row.status for row in work.view().ranked if row.idea.id == 1) == "invalid"
    work.ideas.edit(1, params=["mixup=0.2"])
    row = next(row for row in work.view().ranked if row.idea.id == 1)
    assert row.status == "ready"
    assert row.rank is not None


def test_what_cannot_be_overruled_is_refused_in_a_sentence(work: Workspace) -> None:
    with pytest.raises(NothingToDo, match="idea 2 has no verdict yet"):
        work.corrections.overrule(2, "improved", "it must be good")
    with pytest.raises(Mistake, match="no idea 9"):
        work.corrections.overrule(9, "improved", "it must be good")
    with pytest.raises(Mistake, match="the reason is empty"):
        work.corrections.overrule(1, "worse", " \n ")
    with pytest.raises(Mistake, match="at most 500"):
        work.corrections.overrule(1, "worse", "x" * 501)
    with pytest.raises(Mistake, match="did you mean 'improved'"):
        work.corrections.overrule(1, "imroved", "so it is")
    with pytest.raises(NothingToDo, match="is improved already"):
        work.corrections.overrule(1, "Improved", "so it is")
    with pytest.raises(NothingToDo, match="nobody has overruled"):
        work.corrections.overrule_back(1)
    with work.project.store.transaction("dispatch", by="ana") as tables:
        tables.put(replace(MIXUP, dispatch=Dispatch(at=FRIDAY, by="ana")))
    with pytest.raises(Mistake, match="its verdict still to come"):
        work.corrections.overrule(1, "worse", "the split leaked")
    assert now(work).outcomes == (WON, LOST)

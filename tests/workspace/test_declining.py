"""A win that a person declines to adopt, and takes after all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Baseline
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


def test_a_declined_win_stays_a_win_that_costs_and_takes_nothing(work: Workspace) -> None:
    assert now(work).calibration.kept_complexity == 3
    base = now(work).calibration.base
    done = work.corrections.decline(1, "twice the memory")
    assert "twice the memory" in done.says
    (declined, _), calibration = now(work).outcomes, now(work).calibration
    assert (declined.verdict, declined.kept, declined.declined) == ("improved", False, "twice the memory")
    assert (calibration.kept_complexity, calibration.base) == (0, base)
    assert [one.kept for one in calibration.finished] == [False, False]


def test_a_decline_is_taken_back_bit_for_bit(work: Workspace) -> None:
    work.ideas.estimate(4, likelihood="90%")
    expected = scores(work)
    work.corrections.decline(1, "twice the memory")
    assert scores(work) != expected
    work.corrections.decline_back(1)
    assert scores(work) == expected
    assert now(work).outcomes == (WON, LOST)
    work.corrections.decline(1, "twice the memory")
    work.undo()
    assert scores(work) == expected


def test_an_overruling_takes_the_place_of_a_decline_and_gives_it_back(work: Workspace) -> None:
    work.corrections.decline(1, "twice the memory")
    work.corrections.overrule(1, "worse", "the split leaked")
    assert now(work).outcomes[0].declined is None
    work.corrections.overrule_back(1)
    assert (now(work).outcomes[0].declined, now(work).outcomes[0].kept) == ("twice the memory", False)


def test_only_a_win_that_is_kept_can_be_declined(work: Workspace) -> None:
    with pytest.raises(Mistake, match="no win but no gain"):
        work.corrections.decline(3, "twice the memory")
    with pytest.raises(NothingToDo, match="nobody has declined"):
        work.corrections.decline_back(1)
    with work.project.store.transaction("adopt", by="ana") as tables:
        tables.put(Baseline(version=2, params={}, at=FRIDAY, adopted=1))
    with pytest.raises(Mistake, match="became baseline 2"):
        work.corrections.decline(1, "twice the memory")

"""What a person says over the seeds moves the scores, and taken back leaves no trace in them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.verdict import Verdict
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.score import scorer
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.rules.scoring_facts import ledger, outcome, some_ledger, some_outcome
from tests.workspace.corrected import (
    CUTMIX,
    EMA,
    LOST,
    MIXUP,
    WARMUP,
    WON,
    a_project,
    land,
    learned,
    now,
    scores,
    tried_on_disk,
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with a_project(ledger([MIXUP, CUTMIX, WARMUP, EMA], WON, LOST)) as made:
        yield made


@tried_on_disk
@given(data=st.data(), of=some_ledger(most=5))
def test_overruling_and_taking_it_back_restores_every_score_bit_for_bit(
    data: st.DataObject, of: Ledger
) -> None:
    """Estimates and ideas that came since the last calibration, or in between, change nothing in that."""
    with a_project(of) as work:
        said_since(data, work)
        before, expected = now(work), scores(work)
        corrections = overrule_some(data, work, before)
        said_since(data, work)
        for number in data.draw(st.permutations(corrections)):
            work.corrections.overrule_back(number)
        after = now(work)
        assert after.outcomes == before.outcomes
        assert learned(after.calibration) == learned(before.calibration)
        assert after.calibration.number == before.calibration.number + 2 * len(corrections)
        score_of = scorer(after.calibration, work.settings)
        assert {number: score_of(one).value for number, one in before.ideas.items()} == expected


def nearly(one: object) -> object:
    """Its numbers to nine places: a sum in another order differs in its last bit."""
    if isinstance(one, float):
        return round(one, 9)
    if isinstance(one, tuple):
        return [nearly(each) for each in one]
    return {each.name: nearly(getattr(one, each.name)) for each in fields(one)} if is_dataclass(one) else one


@tried_on_disk
@given(data=st.data(), of=some_ledger(most=5))
def test_outcomes_that_landed_in_between_count_as_if_nobody_had_overruled_anything(
    data: st.DataObject, of: Ledger
) -> None:
    with a_project(of) as work:
        corrections = overrule_some(data, work, now(work))
        landed = data.draw(some_outcome(data.draw(st.sampled_from(sorted(of.ideas)))))
        land(work, landed)
        for number in corrections:
            if number != landed.idea:
                work.corrections.overrule_back(number)
        if landed.idea in corrections:  # the older outcome of that idea counts for nothing any more
            corrections.remove(landed.idea)
        after = now(work)
        assert [one for one in after.outcomes if one.idea in corrections] == [
            one for one in of.outcomes if one.idea in corrections
        ]
        if corrections:
            fresh = calibrate(after, work.settings, at="", because="")
            assert nearly(learned(after.calibration)) == nearly(learned(fresh))


@tried_on_disk
@given(data=st.data(), of=some_ledger(most=4))
def test_undo_takes_every_correction_back_exactly(data: st.DataObject, of: Ledger) -> None:
    with a_project(of) as work:
        said_since(data, work)
        before, expected = now(work), scores(work)
        number = len(overrule_some(data, work, before))
        work.ideas.add("another one")
        work.undo(number + 1)
        assert now(work).outcomes == before.outcomes
        assert now(work).calibration == before.calibration
        assert now(work).revisions == before.revisions
        assert scores(work) == expected
        if number:
            work.redo(number)
        assert sum(one.overruled is not None for one in now(work).outcomes) == number


def said_since(data: st.DataObject, work: Workspace) -> None:
    """Somebody says another number, or has another idea; no calibration hears of it."""
    if data.draw(st.booleans()):
        work.ideas.estimate(1, by="bo", likelihood="90%", hours="7h")
    if data.draw(st.booleans()):
        work.ideas.add("cosine warmup of mixup", likelihood="80%", category="loss")


def overrule_some(data: st.DataObject, work: Workspace, before: Ledger) -> list[int]:
    """Overrule some of the outcomes, with verdicts of any kind; answers their ideas."""
    chosen = []
    for each in before.outcomes:
        verdict: Verdict = data.draw(st.sampled_from(get_args(Verdict)))
        if verdict != each.verdict and data.draw(st.booleans()):
            work.corrections.overrule(each.idea, verdict, "so it is")
            chosen.append(each.idea)
    return chosen


def test_an_hour_typed_since_stays_when_an_overruling_is_taken_back(work: Workspace) -> None:
    """Evidence that changed in between is there to stay: then all is computed afresh."""
    work.corrections.overrule(1, "worse", "the split leaked")
    land(work, outcome(2, "no gain", q=0.05))
    work.corrections.overrule_back(1)
    fresh = calibrate(now(work), work.settings, at="", because="")
    assert learned(now(work).calibration) == learned(fresh)


def test_a_calibration_that_was_asked_for_is_not_forgotten_by_taking_back(work: Workspace) -> None:
    work.ideas.estimate(4, likelihood="90%")
    work.corrections.overrule(1, "worse", "the split leaked")
    with work.project.store.transaction("calibrate", by="ana") as tables:
        learn(tables, work.settings, at=work.project.now(), because="asked for by ana")
    work.corrections.overrule_back(1)
    fresh = calibrate(now(work), work.settings, at="", because="")
    assert learned(now(work).calibration) == learned(fresh)


def test_people_correct_at_the_same_time(work: Workspace) -> None:
    other = Workspace(work.layout, now=work.project.now, who="bo")
    expected = scores(work)
    work.corrections.overrule(1, "worse", "the split leaked")
    other.corrections.overrule(3, "improved", "rounded")
    work.corrections.overrule_back(1)
    other.corrections.overrule_back(3)
    assert scores(work) == expected
    assert now(work).outcomes == (WON, LOST)


def test_the_review_names_what_a_person_said_beside_what_the_seeds_said(work: Workspace) -> None:
    work.corrections.decline(1, "twice | the memory")
    work.corrections.overrule(3, "worse", "it <b>slows</b> the others down")
    text = work.review("2026-W47")
    assert "| 1 · mixup | improved, not adopted: twice \\| the memory |" in text
    assert "| worse (overruled by ana, the seeds had said no gain) |" in text
    assert "<b>" not in text


def test_the_face_is_answered_in_sentences(work: Workspace) -> None:
    from planner.workspace.engine import WorkspaceEngine

    engine = WorkspaceEngine(work)
    assert engine.overrule(1, "worse", "it leaked").startswith("overruled the verdict on “mixup”: worse")
    assert engine.overrule_back(1) == "the verdict on “mixup” is that of the seeds again: improved"
    assert engine.decline(1, "memory") == "“mixup” improved and is not adopted: memory"
    assert engine.decline_back(1) == "“mixup” is kept after all"
    assert engine.give_up(4, "no labels", "2h") == "gave up “ema” after 2.0 h of work: no labels"
    assert engine.give_up_back(4) == "“ema” is open again"
    with pytest.raises(Mistake, match="no run 'r9'"):
        engine.strike("r9", "the disk was full")


def test_corrections_by_several_people_at_once_lose_nothing(work: Workspace) -> None:
    expected = scores(work)

    def correct(number: int) -> None:
        one = Workspace(work.layout, now=work.project.now, who=f"person {number}")
        for _ in range(4):
            one.corrections.overrule(number, "inconclusive", "so it is")
            one.corrections.overrule_back(number)

    with ThreadPoolExecutor(2) as people:
        list(people.map(correct, (1, 3)))
    assert now(work).outcomes == (WON, LOST)
    assert scores(work) == expected
    assert now(work).calibration.number == 1 + 16

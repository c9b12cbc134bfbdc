"""What a person says over the seeds moves the scores, and taken back leaves no trace in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.idea import Dispatch
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.domain.verdict import Verdict
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.score import scorer
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.projects import Clock
from tests.rules.scoring_facts import idea, ledger, outcome, said, some_ledger, some_outcome, tried

TOML = """
[goal]
metric = "accuracy"
minimum_effect = 0.2

[recipe]
entry = "experiment:train"
"""
WEDNESDAY = datetime.fromisoformat("2026-11-18T09:00:00+00:00")
FRIDAY = "2026-11-13T09:00:00.000Z"


tried_on_disk = settings(tried, max_examples=15)
"""Each example writes and syncs a dozen times."""


@contextmanager
def a_project(of: Ledger) -> Iterator[Workspace]:
    """A workspace whose store holds the ledger, and the calibration that it makes."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.toml.write_text(TOML)
        Store(layout).create()
        work = Workspace(layout, now=Clock(WEDNESDAY), who="ana")
        with work.project.store.transaction("begin", by="test", undoable=False) as tables:
            for fact in (*of.ideas.values(), *of.runs.values(), *of.baselines, *of.outcomes):
                tables.put(fact)
            learn(tables, work.settings, at=FRIDAY, because="the beginning")
        yield work


def now(work: Workspace) -> Ledger:
    return work.project.store.read()


def learned(calibration: Calibration) -> Calibration:
    """What scores depend on of it."""
    return replace(calibration, number=0, at="", because="")


def scores(work: Workspace) -> dict[int, float]:
    """The score of every idea, as it is shown now."""
    return {row.idea.id: row.score.value for row in work.view().ranked}


def land(work: Workspace, found: Outcome) -> None:
    """Let an outcome land as the dispatcher does."""
    landed = replace(found, at=work.project.now())
    with work.project.store.transaction("land", by="dispatcher", undoable=False) as tables:
        tables.put(landed)
        learn(tables, work.settings, at=landed.at, because="it landed", outcome_of=landed.idea)


MIXUP = idea(1, "mixup", said(gain=3, hours=2, likelihood=0.5, complexity=3), category="augmentation")
CUTMIX = idea(2, "cutmix", said(gain=3, hours=3, likelihood=0.45), category="augmentation")
WARMUP = idea(3, "warmup", said(gain=2, hours=1, likelihood=0.6), category="optimizer")
EMA = idea(4, "ema", said("bo", gain=2, hours=6, likelihood=0.3), category="optimizer")
WON = outcome(1, "improved", q=0.97, kept=True, hours=4.0, worth=True, reason="improved: +2.0 MEI")
LOST = outcome(3, "no gain", q=0.02)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with a_project(ledger([MIXUP, CUTMIX, WARMUP, EMA], WON, LOST)) as made:
        yield made


# -- overruling -------------------------------------------------------------------------------------


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


# -- taking back ------------------------------------------------------------------------------------


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
            assert learned(after.calibration) == learned(fresh)


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


# -- adoption ---------------------------------------------------------------------------------------


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


# -- giving up --------------------------------------------------------------------------------------


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

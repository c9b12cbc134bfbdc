"""A struck-out run is nobody's evidence: what is judged anew without it, and what is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.rules.judging.striking import evidence_anew
from planner.rules.scoring.ranking import rank
from planner.workspace.workspace import Workspace
from tests.workspace.corrected import now, scores
from tests.workspace.judged import (
    BASELINE,
    LOST,
    WON,
    a_run,
    judged,
    put_idea,
    put_runs,
    runs_of,
    settle,
    status_of,
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    with judged({1: WON, 2: LOST}) as made:
        yield made


def test_the_project_of_these_tests_has_a_win_and_a_failure(work: Workspace) -> None:
    assert [(one.verdict, one.evidence and one.evidence.seeds) for one in now(work).outcomes] == [
        ("improved", 2),
        ("no gain", 2),
    ]


def test_evidence_from_the_same_runs_is_the_same_bit_for_bit(work: Workspace) -> None:
    for outcome in now(work).outcomes:
        assert evidence_anew(outcome, now(work), work.settings) == outcome.evidence


def test_an_idea_without_one_of_its_seeds_is_judged_by_the_others(work: Workspace) -> None:
    first, second = now(work).outcomes
    done = work.corrections.strike(runs_of(work, 1)[1], "the disk was full")
    anew, untouched = now(work).outcomes
    assert untouched == second
    assert anew.evidence is not None
    assert first.evidence is not None
    assert (anew.evidence.seeds, anew.evidence.noise) == (1, first.evidence.noise)
    assert anew.evidence.q < first.evidence.q
    assert (anew.at, anew.verdict, anew.kept) == (first.at, "inconclusive", False)
    assert "judged without the seeds struck out since" in anew.reason
    assert done.says == f"struck out run {runs_of(work, 1)[1]}: the disk was full"
    assert done.also == ("“idea1”: improved → inconclusive; `planner dispatch 1` runs the missing seeds",)
    assert status_of(work, 1) == "done"
    because = [one.because for one in now(work).revisions if one.idea == 9][-1]
    assert because.startswith(f"run {runs_of(work, 1)[1]} struck out by ana: ")


def test_a_seed_of_the_baseline_is_missing_from_every_outcome_against_it(work: Workspace) -> None:
    before = now(work).outcomes
    work.corrections.strike(runs_of(work, None)[4], "another machine")
    for outcome, was in zip(now(work).outcomes, before, strict=True):
        assert outcome.evidence is not None
        assert (outcome.evidence.baseline_seeds, outcome.unstruck and outcome.unstruck.evidence) == (
            4,
            was.evidence,
        )
    assert now(work).calibration.reference == pytest.approx(sum(BASELINE[:4]) / 4)


def test_a_verdict_that_no_seed_is_left_of_is_withdrawn_and_the_idea_is_ready_again(work: Workspace) -> None:
    expected, before = scores(work), now(work)
    for name in runs_of(work, 1):
        done = work.corrections.strike(name, "the disk was full")
    assert done.also == (
        "the verdict on “idea1” is withdrawn: no seed is left to compare; it is to be tried again",
    )
    assert [one.idea for one in now(work).outcomes] == [2]
    assert [one.idea for one in now(work).withdrawn] == [1]
    assert now(work).calibration.outcomes == 1
    assert status_of(work, 1) == "ready"
    for name in runs_of(work, 1):
        work.corrections.strike_back(name)
    assert (now(work).outcomes, now(work).withdrawn, now(work).runs) == (before.outcomes, (), before.runs)
    assert scores(work) == expected


def test_without_a_baseline_no_verdict_against_it_stands(work: Workspace) -> None:
    expected, before = scores(work), now(work).outcomes
    for name in runs_of(work, None):
        work.corrections.strike(name, "another machine")
    assert now(work).outcomes == ()
    assert now(work).calibration.reference is None
    for name in runs_of(work, None):
        work.corrections.strike_back(name)
    assert now(work).outcomes == before
    assert scores(work) == expected


def test_a_persons_verdict_stays_over_what_the_seeds_say_now(work: Workspace) -> None:
    first = now(work).outcomes[0]
    work.corrections.overrule(1, "worse", "the split leaked")
    for name in runs_of(work, 1):
        work.corrections.strike(name, "the disk was full")
        assert (now(work).outcomes[0].verdict, status_of(work, 1)) == ("worse", "done")
    work.corrections.overrule_back(1)
    assert [one.idea for one in now(work).withdrawn] == [1], "no seed is left that could say anything"
    for name in runs_of(work, 1):
        work.corrections.strike_back(name)
    assert now(work).outcomes[0] == first


def test_what_was_said_of_an_outcome_meanwhile_outlives_the_strike(work: Workspace) -> None:
    with judged({1: (76.9, 76.9), 2: LOST}) as made:
        baseline = runs_of(made, None)[4]
        made.corrections.strike(baseline, "another machine")
        assert now(made).outcomes[0].verdict == "improved"
        made.corrections.decline(1, "twice the memory")
        made.corrections.strike_back(baseline)
        assert (now(made).outcomes[0].declined, now(made).outcomes[0].kept) == ("twice the memory", False)
        made.corrections.decline_back(1)
        assert now(made).outcomes[0].kept


def test_another_configuration_of_the_idea_is_not_taken_for_its_seeds(work: Workspace) -> None:
    """Only what ran as the judged runs did may stand in for a struck one."""
    put_idea(work, 3)
    put_runs(work, 3, (80.0, 80.1), params={"idea": 3, "old": True})
    put_runs(work, 3, WON)
    settle(work, 3)
    for name in runs_of(work, 3)[2:]:
        work.corrections.strike(name, "the disk was full")
    assert [one.idea for one in now(work).withdrawn] == [3]


def test_the_ranking_is_sound_after_any_strike(work: Workspace) -> None:
    for name in runs_of(work, 1):
        work.corrections.strike(name, "the disk was full")
    ranked = rank(now(work), work.settings)
    assert [row.rank for row in ranked] == [1, 2, None]
    assert {row.idea.id for row in ranked[:2]} == {1, 9}


def test_what_cannot_be_struck_out_is_refused_in_a_sentence(work: Workspace) -> None:
    check = next(run.id for run in now(work).runs.values() if run.rung == "check")
    with pytest.raises(Mistake, match="a run of the rung check, so it is nobody's evidence"):
        work.corrections.strike(check, "no reason")
    with pytest.raises(Mistake, match="no run 'r99'"):
        work.corrections.strike("r99", "no reason")
    name = runs_of(work, 1)[0]
    with pytest.raises(Mistake, match="the reason is empty"):
        work.corrections.strike(name, "")
    with pytest.raises(NothingToDo, match="is not struck out"):
        work.corrections.strike_back(name)
    work.corrections.strike(name, "the disk was full")
    with pytest.raises(NothingToDo, match="struck out already: the disk was full"):
        work.corrections.strike(name, "again")
    with work.project.store.transaction("run", by="test", undoable=False) as tables:
        tables.put(a_run(70, 2, 4, None, work.project.now()))
        tables.put(a_run(71, 2, 5, None, work.project.now(), status="crashed"))
    with pytest.raises(Mistake, match="without a number for the metric"):
        work.corrections.strike("r70", "no reason")
    with pytest.raises(Mistake, match="is crashed"):
        work.corrections.strike("r71", "no reason")

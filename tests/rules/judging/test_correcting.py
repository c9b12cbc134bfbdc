"""What a person says over the seeds, as pure copies of the outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.outcome import Outcome
from planner.rules.judging.correcting import (
    declined,
    given_up,
    in_a_sentence,
    in_words,
    let_stand,
    not_declined,
    overruled,
    taken_up,
)
from planner.rules.judging.striking import sides, strikable, struck_anew
from planner.rules.learning.settled import soft_label
from tests.rules.ledgers import (
    LATER,
    NOW,
    SETTINGS,
    a_ledger,
    a_run,
    an_idea,
    an_outcome,
    baseline_runs,
    idea_runs,
    some_evidence,
)

WON = an_outcome(1, "improved", NOW, kept=True, worth=True, evidence=some_evidence(2.0, 0.97))
LATEST = "2026-11-04T09:00:00.000Z"


def worse(outcome: Outcome) -> Outcome:
    return overruled(outcome, "worse", "it leaked", by="ana", at=LATEST)


def test_overruling_and_letting_stand_are_each_others_undoing() -> None:
    assert let_stand(worse(WON)) == WON
    twice = overruled(worse(WON), "invalid", "a bug", by="bo", at=LATEST)
    assert twice.overruled is not None
    assert (twice.overruled.verdict, twice.overruled.by) == ("improved", "bo")
    assert let_stand(twice) == WON
    assert let_stand(WON) == WON


def test_declining_and_keeping_are_each_others_undoing() -> None:
    no = declined(WON, "twice the memory")
    assert (no.kept, no.verdict) == (False, "improved")
    assert not_declined(no) == WON
    assert let_stand(worse(no)) == no


def test_a_person_moves_the_label_of_the_seeds_as_far_as_the_verdict_says() -> None:
    assert soft_label(worse(WON)) == pytest.approx(0.1)
    lost = an_outcome(1, "no gain", NOW, evidence=some_evidence(0.1, 0.04))
    assert soft_label(overruled(lost, "improved", "rounded", by="ana", at=LATEST)) == 0.9
    assert soft_label(overruled(WON, "invalid", "a bug", by="ana", at=LATEST)) is None


def test_giving_up_counts_as_a_failure_with_what_it_cost() -> None:
    idea = an_idea(1, spent_hours=1.5, timer_since=LATER, timer_by="ana")
    runs = [a_run("r1", 1, hours=2.0, energy_wh=30.0), a_run("r2", 1, hours=0.5)]
    found = given_up(idea, runs, "no labels", by="ana", at=NOW, hours=4.0, baseline=3)
    assert (soft_label(found), found.evidence, found.kept) == (0.0, None, False)
    assert (found.hours, found.run_hours, found.energy_wh, found.baseline) == (4.0, 2.5, 30.0, 3)
    stopped = replace(idea, spent_hours=4.0, timer_since=None, timer_by=None)
    assert taken_up(stopped, found) == idea
    worked_on = replace(stopped, spent_hours=6.0)
    assert taken_up(worked_on, found) == worked_on


def test_verdicts_are_told_with_what_a_person_said() -> None:
    assert in_words(WON) == "improved"
    assert in_words(worse(WON)) == "worse (overruled)"
    assert in_words(declined(WON, "memory")) == "improved, not adopted"
    lost = given_up(an_idea(1), [], "no labels", by="ana", at=NOW, hours=0, baseline=1)
    assert in_words(lost) == "given up"
    assert in_a_sentence(lost) == "no gain: given up: no labels"
    assert in_a_sentence(worse(WON)) == "worse: it leaked (overruled by ana; the seeds had said improved)"
    assert in_a_sentence(declined(WON, "memory")) == "improved it is (not adopted: memory)"
    assert in_a_sentence(worse(declined(WON, "memory"))).count("memory") == 0


def test_an_outcome_rests_on_the_runs_that_had_ended_when_it_landed() -> None:
    early = baseline_runs(ended_at=LATER) + idea_runs((76.7, 76.9), ended_at=LATER)
    late = [
        a_run("late-1", None, seed=0, value=70.0, ended_at=LATEST),
        a_run("late-2", 1, seed=2, value=70.0, ended_at=LATEST),
        a_run("other", 1, seed=0, value=70.0, ended_at=LATER, baseline=2),
    ]
    ours, theirs = sides(WON, a_ledger([an_idea(1)], early + late))
    assert ours == {0: 76.7, 1: 76.9}
    assert theirs == {0: 76.1, 1: 76.3, 2: 75.9, 3: 76.2, 4: 76.0}


def test_a_run_that_an_outcome_does_not_rest_on_leaves_it_alone() -> None:
    early = baseline_runs(ended_at=LATER) + idea_runs((76.7, 76.9), ended_at=LATER)
    late = a_run("late", None, seed=0, value=70.0, ended_at=LATEST, struck="broken")
    ledger = a_ledger([an_idea(1)], [*early, late])
    assert struck_anew({1: WON}, late, ledger, SETTINGS) == {}
    of_another = replace(early[-1], id="x", idea=2, struck="broken")
    with_it = a_ledger([an_idea(1)], [*early, of_another])
    assert struck_anew({1: WON}, of_another, with_it, SETTINGS) == {}


def test_an_imported_or_given_up_outcome_rests_on_no_run() -> None:
    ran = baseline_runs(ended_at=LATER)
    struck = replace(ran[0], struck="broken")
    brought = an_outcome(1, "improved", NOW, imported="log.csv")
    ledger = a_ledger([an_idea(1)], [struck, *ran[1:]])
    assert struck_anew({1: brought}, struck, ledger, SETTINGS) == {}


def test_a_seed_that_ran_twice_falls_back_to_its_earlier_run() -> None:
    again = a_run("again", 1, seed=0, value=77.0, ended_at=LATER)
    runs = baseline_runs(ended_at=LATER) + idea_runs((76.7, 76.9), ended_at=LATER)
    whole = a_ledger([an_idea(1)], [*runs, again])
    assert sides(WON, whole)[0] == {0: 77.0, 1: 76.9}
    struck = a_ledger([an_idea(1)], [*runs, replace(again, struck="broken")])
    assert sides(WON, struck)[0] == {0: 76.7, 1: 76.9}


def test_only_finished_full_runs_with_a_number_can_be_evidence() -> None:
    run = a_run("r1", 1, value=76.0)
    assert strikable(run)
    others = [{"rung": "check"}, {"status": "failed"}, {"value": None}, {"value": float("nan")}]
    assert not any(strikable(replace(run, **other)) for other in others)  # type: ignore[arg-type]

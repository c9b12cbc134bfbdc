"""A struck-out run is nobody's evidence; once it counts again, all that rested on it is as it was."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.idea import Change, Dispatch
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Settle, Start
from planner.rules.judging.striking import evidence_anew, sides
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.ranking import rank
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from planner.workspace.worth import with_worth
from tests.projects import Clock
from tests.rules.scoring_facts import idea, said
from tests.workspace.test_corrections import TOML, learned, now, scores, tried_on_disk

BASELINE = (76.1, 76.3, 75.9, 76.2, 76.0)
"""The baseline's five seeds."""
WON, LOST, CLOSE = (76.55, 76.9), (76.02, 76.1), (76.35, 76.3, 76.5, 76.2, 76.4)
"""What ideas reached, seed by seed."""


def a_run(number: int, of: int | None, seed: int, value: float | None, at: str, **fields: object) -> Run:
    run = Run(
        id=f"r{number}-aaaa",
        idea=of,
        baseline=1,
        rung="full",
        seed=seed,
        params={} if of is None else {"idea": of},
        queued_at=at,
        ended_at=at,
        order=0.0,
        status="finished",
        value=value,
        hours=2.0 + number / 10,
    )
    return replace(run, **fields)  # type: ignore[arg-type]  # fields of a run by name


@contextmanager
def judged(
    reached: Mapping[int, Sequence[float]], baseline: Sequence[float] = BASELINE
) -> Iterator[Workspace]:
    """A project whose ideas were run and judged by the planner's own rules, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.toml.write_text(TOML)
        Store(layout).create()
        work = Workspace(layout, now=Clock(), who="ana")
        put_runs(work, None, baseline)
        for number, values in reached.items():
            put_idea(work, number)
            put_runs(work, number, values)
            settle(work, number)
        put_idea(work, 9, dispatch=None)
        yield work


def put_idea(work: Workspace, number: int, **fields: object) -> None:
    wish = {"dispatch": Dispatch(at=work.project.now(), by="ana", seeds=len(BASELINE))} | fields
    estimate = said(gain=2, hours=2, likelihood=0.4, complexity=1)
    new = idea(number, "", estimate, change=Change(params={"idea": number}), **wish)
    with work.project.store.transaction("put", by="test", undoable=False) as tables:
        tables.put(new)


def put_runs(work: Workspace, of: int | None, values: Sequence[float], **fields: object) -> None:
    with work.project.store.transaction("run", by="test", undoable=False) as tables:
        if not tables.all(Baseline):
            tables.put(Baseline(version=1, params={}, at=work.project.now()))
        for seed, value in enumerate(values):
            if of is not None and seed == 0:
                check = a_run(len(tables.all(Run)) + 1, of, 0, None, work.project.now())
                tables.put(replace(check, rung="check", covers=("tiny",)))
            tables.put(a_run(len(tables.all(Run)) + 1, of, seed, value, work.project.now(), **fields))


def settle(work: Workspace, number: int) -> Outcome:
    """Judge a dispatched idea as the dispatcher does."""
    ledger, settings = now(work), work.settings
    one = ledger.ideas[number]
    step = next_step(one, ledger, settings, now=work.project.now())
    assert isinstance(step, Settle), step
    outcome = with_worth(step.outcome, one, ledger, settings)
    with work.project.store.transaction("settle", by="dispatcher", undoable=False) as tables:
        tables.put(replace(one, dispatch=None))
        tables.put(outcome)
        learn(tables, settings, at=outcome.at, because="it landed", outcome_of=number)
    return outcome


def runs_of(work: Workspace, of: int | None) -> list[str]:
    return [run.id for run in now(work).runs.values() if run.idea == of and run.rung == "full"]


def status_of(work: Workspace, number: int) -> str:
    return next(row.status for row in work.view().ranked if row.idea.id == number)


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


def test_another_configuration_of_the_idea_is_not_taken_for_its_seeds(work: Workspace) -> None:
    """Only what ran as the judged runs did may stand in for a struck one."""
    put_idea(work, 3)
    put_runs(work, 3, (80.0, 80.1), params={"idea": 3, "old": True})
    put_runs(work, 3, WON)
    settle(work, 3)
    for name in runs_of(work, 3)[2:]:
        work.corrections.strike(name, "the disk was full")
    assert [one.idea for one in now(work).withdrawn] == [3]


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

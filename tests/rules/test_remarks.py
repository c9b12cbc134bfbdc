"""What a review points out: where effort went, numbers in doubt, comebacks, and a plan whose order works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence, Outcome
from planner.domain.remark import Comeback
from planner.domain.score import Score
from planner.domain.settings import RungSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.judging import transfer, verdict
from planner.rules.learning.calibrate import calibrate
from planner.rules.reviewing.agenda import agenda, outlook, planned
from planner.rules.reviewing.comeback import comebacks, minimum_effect_then
from planner.rules.reviewing.doubts import doubts
from planner.rules.reviewing.effort import best_fifth, concentration
from planner.rules.scoring.ranking import rank
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome, idea_runs, some_evidence
from tests.rules.test_review import a_row, a_score

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5, hours=2.0)})
EARLY = "2026-11-02T10:00:00.000Z"
JUDGED = "2026-11-10T10:00:00.000Z"
LATE = "2026-11-12T10:00:00.000Z"


# -- concentration --------------------------------------------------------------------------------


def spent(*outcomes: Outcome, **categories: str) -> Ledger:
    """Outcomes of ideas 1, 2, 3…, whose categories are given as i1, i2, i3…"""
    ideas = [an_idea(int(name[1:]), category=category) for name, category in categories.items()]
    return a_ledger(ideas, outcomes=outcomes)


def test_effort_where_nothing_was_ever_won_is_remarked():
    lost = [an_outcome(number, "no gain", JUDGED, hours=4.0) for number in (1, 2, 3)]
    won = an_outcome(4, "improved", JUDGED, hours=3.0, evidence=some_evidence(2.0, 0.95), kept=True)
    ledger = spent(*lost, won, i1="loss", i2="loss", i3="loss", i4="data")
    seen = concentration(ledger, EARLY, 0.25)
    assert (seen.category, seen.hours, seen.ideas) == ("loss", pytest.approx(12 / 15), 0.75)
    assert seen.remark == (
        "80 % of the hours went into loss, where none of 3 ideas has improved so far; "
        "elsewhere 1 of 1 improved"
    )


def test_effort_that_has_won_before_needs_no_remark():
    before = an_outcome(4, "improved", EARLY, hours=1.0, evidence=some_evidence(2.0, 0.95))
    lost = [an_outcome(number, "no gain", JUDGED, hours=4.0) for number in (1, 2, 3)]
    ledger = spent(before, *lost, i1="loss", i2="loss", i3="loss", i4="loss")
    assert concentration(ledger, JUDGED, 0.25).remark == ""
    two = spent(*lost[:2], i1="loss", i2="loss")
    assert concentration(two, JUDGED, 0.25).remark == ""  # two ideas are too few to say so


def test_gpu_hours_count_as_the_score_counts_them():
    ledger = spent(an_outcome(1, "no gain", JUDGED, hours=1.0), i1="loss", i2="data")
    runs = [a_run("r", 2, hours=8.0, ended_at=JUDGED), a_run("b", None, hours=99.0, ended_at=JUDGED)]
    seen = concentration(replace(ledger, runs={run.id: run for run in runs}), EARLY, 0.25)
    assert (seen.category, seen.hours) == ("data", pytest.approx(2 / 3))
    assert (seen.human_hours, seen.gpu_hours, seen.ideas) == (0.0, 1.0, 0.0)


def test_a_week_without_effort_has_no_top_category():
    seen = concentration(a_ledger([]), EARLY, 0.25)
    assert (seen.category, seen.hours, seen.best_fifth, seen.remark) == (None, 0.0, None, "")


def test_the_best_fifth_of_the_wins():
    assert best_fifth([6.0, 1.0, 1.0, 1.0, 1.0]) == pytest.approx(0.6)
    # A fifth of six is 1.2 wins: the best, and a fifth of the next.
    assert best_fifth([5.0, 1.0, 1.0, 1.0, 1.0, 1.0]) == pytest.approx((5 + 0.2) / 10)
    assert best_fifth([1.0] * 4) is None


@given(st.lists(st.floats(0.01, 1e3), min_size=5, max_size=40))
def test_the_best_fifth_gives_at_least_a_fifth(gains: list[float]):
    share = best_fifth(gains)
    assert share is not None
    assert 0.2 - 1e-9 <= share <= 1.0 + 1e-9


# -- doubts ---------------------------------------------------------------------------------------


def record(
    undecided: Idea, *, actual: float = 4.0, at: str = JUDGED
) -> tuple[Ledger, tuple[RankedIdea, ...]]:
    """Six ideas of Ana's that took `actual` hours instead of one and did not work, and one undecided."""
    said = Estimate(by="ana", at=EARLY, hours=1.0, likelihood=0.4)
    ideas = [
        an_idea(number, title=f"mixup {number}", dispatch=None, estimates={"ana": said})
        for number in range(1, 7)
    ]
    outcomes = tuple(
        an_outcome(number, "no gain", at, hours=actual, evidence=some_evidence(0.0, 0.02))
        for number in range(1, 7)
    )
    ledger = a_ledger([*ideas, undecided], outcomes=outcomes)
    ledger = replace(ledger, calibration=calibrate(ledger, SETTINGS, at=at, because="a test"))
    return ledger, rank(ledger, SETTINGS)


def an_open_idea(title: str, **said: Any) -> Idea:
    estimate = Estimate(by="ana", **({"at": EARLY} | said))
    return replace(
        an_idea(9, title=title, dispatch=None, estimates={"ana": estimate}),
        change=replace(an_idea(9).change, params={}),
    )


def test_hours_that_the_persons_record_contradicts_are_in_doubt():
    (doubt,) = doubts(*record(an_open_idea("something new", hours=2.0)))
    assert (doubt.idea, doubt.criterion, doubt.said) == (9, "hours", 2.0)
    assert doubt.used > 4.0
    assert "from 6 tasks" in doubt.reason


def test_hours_that_the_record_bears_out_are_not():
    assert doubts(*record(an_open_idea("something new", hours=2.0), actual=1.0)) == ()


def test_a_chance_that_relatives_contradict_is_in_doubt_beyond_the_persons_habit():
    (doubt,) = doubts(*record(an_open_idea("mixup 7", likelihood=0.6)))
    assert (doubt.criterion, doubt.said) == ("likelihood", 0.6)
    assert "mixup 6: no gain" in doubt.reason
    # What she always says is her habit; the planner has taken it off already.
    assert doubts(*record(an_open_idea("something new", likelihood=0.4))) == ()


def test_whoever_has_estimated_since_the_newest_outcome_is_left_alone():
    assert doubts(*record(an_open_idea("something new", hours=2.0, at=LATE))) == ()


def test_five_outcomes_contradict_nobody_yet():
    ledger, ranked = record(an_open_idea("something new", hours=2.0))
    assert doubts(replace(ledger, outcomes=ledger.outcomes[:5]), ranked) == ()


# -- comebacks ------------------------------------------------------------------------------------


def judged_by(goal: Goal, *, paired: bool = False) -> Evidence:
    """What the verdict's own rule makes of some seeds under a goal."""
    ours = {0: 76.3, 1: 76.2, 2: 76.4} if paired else {0: 76.3, 1: 76.2}
    theirs = {0: 76.1, 1: 76.1, 2: 76.2, 3: 76.0}
    return verdict.evidence(ours, theirs, goal, 0.2, 1 / 6, 0.02 if paired else None)


def discarded(verdict_: str = "no gain", **fields: Any) -> Outcome:
    usual: dict[str, Any] = {"evidence": judged_by(GOAL)}
    return an_outcome(1, verdict_, JUDGED, **(usual | fields))  # type: ignore[arg-type]


def back(outcome: Outcome, idea: Idea | None = None, **fields: Any) -> Comeback | None:
    """The comeback of one discarded idea; `fields` are the ledger's."""
    options = {name: fields.pop(name) for name in ("settings", "ranked", "fingerprints") if name in fields}
    ledger = a_ledger(
        [idea or an_idea(1, dispatch=None)], fields.pop("runs", ()), outcomes=(outcome,), **fields
    )
    found = comebacks(ledger, options.pop("settings", SETTINGS), **options)
    return found[0] if found else None


def baselines(*versions: int, **newest: Any) -> tuple[Baseline, ...]:
    made = [Baseline(version=version, params={}, at=EARLY, metric="val_accuracy") for version in versions]
    return (*made[:-1], replace(made[-1], **newest))


def test_a_discarded_idea_stays_so_while_nothing_has_changed():
    assert back(discarded()) is None
    assert back(discarded("improved", kept=True), baselines=baselines(1, 2)) is None


def test_a_newer_baseline_brings_it_back():
    adopted = an_idea(5, title="cosine")
    seen = back(discarded(), baselines=baselines(1, 2))
    assert seen is not None
    assert (seen.kind, seen.reason) == ("baseline", "it was judged against baseline 1; baseline 2 is newer")
    ledger = a_ledger(
        [an_idea(1, dispatch=None), adopted], outcomes=(discarded(),), baselines=baselines(1, 2, adopted=5)
    )
    assert comebacks(ledger, SETTINGS)[0].reason.endswith("baseline 2 with “cosine” is newer")


def test_another_goal_brings_it_back():
    finer = replace(SETTINGS, goal=replace(GOAL, minimum_effect=0.05))
    seen = back(discarded(), settings=finer)
    assert seen is not None
    assert (seen.kind, seen.reason) == ("goal", "1 MEI was 0.2 when it was judged, it is 0.05 now")
    coarser = replace(SETTINGS, goal=replace(GOAL, minimum_effect=0.4))
    assert back(discarded(), settings=coarser) is None  # what was too small is so all the more
    other = back(
        discarded(), settings=replace(SETTINGS, goal=replace(GOAL, metric="val_loss")), baselines=baselines(1)
    )
    assert other is not None
    assert other.reason == "it was judged by val_accuracy; the goal is val_loss now"


@pytest.mark.parametrize("paired", [False, True])
def test_the_minimum_effect_of_the_time_is_read_from_the_evidence(paired: bool):
    for goal in (GOAL, replace(GOAL, direction="min", minimum_effect=0.013)):
        seen = judged_by(goal, paired=paired)
        assert seen.paired == paired
        assert minimum_effect_then(seen, goal) == pytest.approx(goal.minimum_effect)


def test_the_minimum_effect_of_the_time_is_read_from_one_simplified_pair_too():
    seen = transfer.evidence(75.0, 76.0, GOAL, share=0.4, error=3.2, noise=0.17, base=1 / 6)
    assert minimum_effect_then(seen, GOAL) == pytest.approx(GOAL.minimum_effect)


def test_other_data_bring_it_back_whichever_rung_had_ended_it():
    small = [
        a_run("s1", 1, rung="small", value=70.0, ended_at=EARLY),
        a_run("new", 2, value=1.0, ended_at=LATE),
    ]
    seen = back(discarded(), runs=small, fingerprints={"s1": "old", "new": "other"})
    assert seen is not None
    assert seen.kind == "data"


def test_other_data_bring_it_back():
    runs = [*idea_runs([76.0], ended_at=EARLY), a_run("new", 2, value=1.0, ended_at=LATE)]
    seen = back(discarded(), runs=runs, fingerprints={"i1-0": "old", "new": "other"})
    assert seen is not None
    assert seen.kind == "data"
    assert back(discarded(), runs=runs, fingerprints={"i1-0": "same", "new": "same"}) is None
    assert back(discarded(), runs=runs, fingerprints={"new": "other"}) is None


def test_an_inconclusive_idea_that_a_few_seeds_would_decide_comes_back():
    near = replace(judged_by(GOAL), effect=2.0, q=0.64)
    seen = back(discarded("inconclusive", evidence=near))
    assert seen is not None
    assert seen.kind == "seeds"
    assert seen.reason == "about 5 more seeds would decide, 10.0 GPU hours"
    assert back(discarded(evidence=near)) is None


def test_a_repaired_idea_comes_back():
    broken = discarded("invalid", evidence=None, reason="KeyError: 'lr'")
    assert back(broken) is None
    mended = an_idea(1, dispatch=None, edited_at=LATE)
    seen = back(broken, mended)
    assert seen is not None
    assert (seen.kind, seen.reason) == ("repaired", "edited since it was invalid: KeyError: 'lr'")


def test_a_halted_idea_that_was_edited_since_comes_back():
    halted = Dispatch(at=JUDGED, by="ana", halted="run r3 crashed again")
    assert comebacks(a_ledger([an_idea(1, dispatch=halted)]), SETTINGS) == ()
    (seen,) = comebacks(a_ledger([an_idea(1, dispatch=halted, edited_at=LATE)]), SETTINGS)
    assert seen.reason == "edited since it was halted: run r3 crashed again"


def earning(value: float) -> Score:
    """A score of so many MEI per hour: P·G/H = 1·value/1."""
    score = a_score(2, value)
    return replace(
        score,
        chance=replace(score.chance, used=1.0),
        gain=replace(score.gain, used=value),
        hours=replace(score.hours, used=1.0),
    )


def test_a_win_turned_down_for_its_complexity_comes_back_once_it_pays():
    win = discarded(
        "improved", evidence=some_evidence(0.5, 0.95), worth=False, kept=False, declined="too complex"
    )
    # Its one point of complexity costs 2.56 h of later work: at 0.5 MEI an hour elsewhere 1.28 MEI.
    assert back(win, ranked=[replace(a_row(2, 1, 0.5), score=earning(0.5))]) is None
    seen = back(win, ranked=[replace(a_row(2, 1, 0.1), score=earning(0.1))])
    seen = back(win, ranked=[])
    assert seen is not None
    assert seen.kind == "worth"


def test_what_a_person_dropped_parked_or_imported_stays_where_it_is():
    for place in ("parked", "dropped"):
        assert back(discarded(), an_idea(1, dispatch=None, place=place), baselines=baselines(1, 2)) is None
    assert back(discarded(imported="log.csv"), baselines=baselines(1, 2)) is None


def test_the_likeliest_stand_first():
    outcomes = tuple(
        an_outcome(number, "no gain", JUDGED, evidence=replace(judged_by(GOAL), q=q))
        for number, q in ((1, 0.01), (2, 0.09), (3, 0.05))
    )
    ideas = [an_idea(number, dispatch=None) for number in (1, 2, 3)]
    ledger = a_ledger(ideas, outcomes=outcomes, baselines=baselines(1, 2))
    assert [one.idea for one in comebacks(ledger, SETTINGS)] == [2, 3, 1]


# -- the plan -------------------------------------------------------------------------------------


def ranked_ideas(*ideas: Idea, status: str = "ready") -> list[RankedIdea]:
    """Ideas in the order of their ranks."""
    return [
        RankedIdea(idea=one, status=status, score=a_score(one.id, 1 / place), rank=place)  # type: ignore[arg-type]
        for place, one in enumerate(ideas, start=1)
    ]


def test_an_idea_stands_after_those_it_follows_from():
    rows = ranked_ideas(an_idea(1, after=(3,)), an_idea(2), an_idea(3), an_idea(4, after=(77,)))
    assert [row.idea.id for row in agenda(rows)] == [2, 3, 1, 4]
    assert planned(rows[0], {1, 2, 3}).after == (3,)
    assert planned(rows[3], {1, 2, 3}).after == ()


def test_an_idea_whose_forerunner_finds_no_place_finds_none_either():
    rows = ranked_ideas(an_idea(1, after=(20,)), *[an_idea(number) for number in range(2, 21)])
    assert [row.idea.id for row in agenda(rows)] == [2, 3, 4, 5, 6]


def test_ideas_that_wait_for_each_other_are_left_out():
    rows = ranked_ideas(an_idea(1, after=(2,)), an_idea(2, after=(1,)), an_idea(3))
    assert [row.idea.id for row in agenda(rows)] == [3]


def test_five_to_run_and_five_to_implement():
    both = ranked_ideas(*[an_idea(number) for number in range(1, 13)])
    rows = [replace(row, status="open" if row.idea.id % 2 else "ready") for row in both]
    assert len(agenda(rows)) == 10


def test_only_the_best_of_several_variants_counts():
    rows = ranked_ideas(an_idea(1), an_idea(2, variant_of=1), an_idea(3))
    one = 0.2 * 2.0  # P·G of each
    assert outlook(rows).gain == pytest.approx(2 * one)
    assert outlook(rows).human_hours == pytest.approx(3 * 2.0)

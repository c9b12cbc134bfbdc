"""What was discarded and comes back once something has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.goal import Goal
from planner.domain.idea import Dispatch, Idea
from planner.domain.outcome import Baseline, Evidence, Outcome
from planner.domain.remark import Comeback
from planner.domain.score import Score
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging import transfer, verdict
from planner.rules.reviewing.comeback import comebacks, minimum_effect_then
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome, idea_runs, some_evidence
from tests.rules.reviewing.small_week import a_row, a_score

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5, hours=2.0)})
EARLY = "2026-11-02T10:00:00.000Z"
JUDGED = "2026-11-10T10:00:00.000Z"
LATE = "2026-11-12T10:00:00.000Z"


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

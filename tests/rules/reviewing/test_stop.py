"""The stop signal: calm, on what it is based, and never before there is something to base it on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.remark import Stop
from planner.domain.review import Standing
from planner.domain.settings import RungSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.judging import verdict
from planner.rules.reviewing.standing import standing
from planner.rules.reviewing.stop import largest_gain, noise_floor, stop
from planner.rules.scoring.ranking import rank
from tests.rules.ledgers import (
    WRITTEN,
    a_ledger,
    an_idea,
    an_outcome,
    baseline_runs,
    idea_runs,
    some_evidence,
)
from tests.rules.reviewing.small_week import a_score
from tests.rules.scoring_facts import some_ledger, tried

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2, target=78.0)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5)})


def row(idea: int = 9, *, value: float = 0.05, gain: float = 4.0, rank: int | None = 1) -> RankedIdea:
    """An idea that is left, of that score in MEI per hour and that gain in MEI."""
    # Before any outcome G = 2·(said / 3)^0.7.
    said = Estimate(by="ana", at=WRITTEN, impact=3.0 * (gain / 2.0) ** (1 / 0.7) * GOAL.minimum_effect)
    return RankedIdea(
        idea=an_idea(idea, estimates={"ana": said}), status="ready", score=a_score(idea, value), rank=rank
    )


def told(ledger: Ledger, *rows: RankedIdea, settings: Settings = SETTINGS) -> Stop | None:
    return stop(ledger, settings, rows, standing(ledger, settings.goal))


def failures(count: int, *first: Outcome) -> tuple[Outcome, ...]:
    """Some outcomes, and then so many that brought nothing."""
    dry = [
        an_outcome(number, "no gain", f"2026-11-02T{number:02}:00:00.000Z")
        for number in range(10, 10 + count)
    ]
    return (*first, *dry)


def a_win(gain: float, hours: float) -> Outcome:
    return an_outcome(
        1, "improved", "2026-11-01T10:00:00.000Z", hours=hours, evidence=some_evidence(gain, 0.95), kept=True
    )


# -- the goal -------------------------------------------------------------------------------------


def test_a_goal_that_is_reached_is_said_with_its_numbers():
    said = told(a_ledger([], baseline_runs([78.1, 78.1])), row())
    assert said is not None
    assert said.kind == "goal"
    assert said.sentence == "The goal is reached: val_accuracy is 78.1 by baseline 1, the target is 78."


def test_a_new_project_is_told_nothing():
    assert told(a_ledger([])) is None
    assert told(a_ledger([]), row(gain=0.01)) is None  # the noise is not measured yet
    assert (
        stop(
            a_ledger([]), SETTINGS, (), Standing(best=None, holder="", first=None, reached=False, share=None)
        )
        is None
    )


# -- noise ----------------------------------------------------------------------------------------


def test_ideas_too_small_to_be_told_from_noise_are_a_reason_to_stop():
    ledger = a_ledger([], baseline_runs([76.1, 76.9, 75.3, 76.5, 75.7]))
    floor = noise_floor(ledger, SETTINGS)
    assert floor is not None
    said = told(ledger, row(gain=floor * 0.9), row(8, gain=floor * 0.5, rank=2))
    assert said is not None
    assert said.kind == "noise"
    assert "5 seeds can't tell less than" in said.sentence
    assert told(ledger, row(gain=0.1), row(8, gain=floor * 1.01, rank=2)) is None  # one is enough to go on
    assert told(ledger, row(gain=0.1, rank=None)) is None  # nothing is left: that is another matter


def test_the_floor_is_where_the_verdict_turns():
    ledger = a_ledger([], baseline_runs())
    floor = noise_floor(ledger, SETTINGS)
    assert floor is not None
    noise = verdict.noise([[76.1, 76.3, 75.9, 76.2, 76.0]], 0.2)
    spread = verdict.pair_noise([], noise)
    for effect, expected in ((floor * 1.001, "improved"), (floor * 0.999, "inconclusive")):
        values = dict.fromkeys(range(5), effect * 0.2)
        seen = verdict.evidence(values, dict.fromkeys(range(5), 0.0), GOAL, noise, 1 / 6, spread)
        assert (verdict.judge(seen, 5) == "improved") == (expected == "improved")


@tries(max_examples=25, deadline=None)
@given(spread=st.floats(1e-6, 1e4), seeds=st.integers(1, 9), less=st.booleans())
def test_there_is_a_floor_for_any_noise_and_louder_noise_never_lowers_it(
    spread: float, seeds: int, less: bool
):
    goal = replace(GOAL, direction="min" if less else "max")
    settings = Settings(goal=goal, rungs={"full": RungSettings(seeds=seeds)})
    quiet, loud = (
        noise_floor(a_ledger([], baseline_runs([0.0, factor, -factor, 2 * factor, 0.5 * factor])), settings)
        for factor in (spread, 2 * spread)
    )
    assert quiet is not None
    assert loud is not None
    assert verdict.REAL / 2 < quiet <= loud * (1 + 1e-9)


# -- drought --------------------------------------------------------------------------------------


def test_a_long_drought_with_little_left_is_a_reason_to_stop():
    outcomes = failures(6, a_win(gain=20.0, hours=10.0))  # 2 MEI an hour so far; a quarter of it is 0.5
    said = told(a_ledger([], outcomes=outcomes), row(value=0.4))
    assert said is not None
    assert said.sentence == (
        "6 ideas in a row brought nothing (elsewhere 10 % succeed after as many), and the best one left "
        "promises 40.0 MEI per 100 h, against 200 earned so far: time for new ideas, or to stop."
    )
    assert told(a_ledger([], outcomes=outcomes), row(value=0.6)) is None
    assert told(a_ledger([], outcomes=outcomes[:-1]), row(value=0.4)) is None  # five are not long
    assert told(a_ledger([], outcomes=outcomes)) is None


def test_without_any_win_only_a_project_of_crumbs_is_told_to_stop():
    ledger = a_ledger([], outcomes=failures(9))
    assert told(ledger, row(value=0.02)) is None
    said = told(ledger, row(value=0.009))
    assert said is not None
    assert "earned" not in said.sentence


def test_imported_wins_earned_nothing_here():
    imported = replace(a_win(gain=500.0, hours=1.0), imported="log.csv")
    assert told(a_ledger([], outcomes=failures(6, imported)), row(value=0.1)) is None


@pytest.mark.parametrize("runs", [(), tuple(idea_runs([78.5, 78.5]))])
def test_it_is_a_function_of_the_ledger_alone(runs):
    ledger = a_ledger([], [*baseline_runs(), *runs], outcomes=failures(7))
    assert told(ledger, row(value=0.001)) == told(ledger, row(value=0.001))


@tried
@given(ledger=some_ledger())
def test_the_largest_gain_is_found_without_asking_every_idea(ledger: Ledger):
    rows = [row for row in rank(ledger, SETTINGS) if row.rank is not None]
    expected = max((row.score.gain.used for row in rows), default=0.0)
    assert largest_gain(ledger, SETTINGS, rows) == pytest.approx(expected)

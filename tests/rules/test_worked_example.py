"""The worked example of the scoring model, to the printed digits, through the public functions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Outcome
from planner.domain.score import Score
from planner.rules.defaults import SLOPES
from planner.rules.judging.verdict import evidence, judge, noise
from planner.rules.scoring.ranking import rank
from planner.rules.wording.explain import why
from tests.rules.scoring_facts import SETTINGS, TUESDAY, calibrated, idea, landed, ledger, said

BASELINE = {11: 76.1, 12: 76.3, 13: 75.9, 14: 76.2, 15: 76.0}
"""Its seeds are not the ideas', so that nothing is paired."""
MOST_SEEDS = 5

ROWS = (
    # number, title, category, likelihood, gain in MEI, hours, complexity, run hours, who
    (1, "mixup alpha 0.2", "augmentation", 0.50, 3, 2, 1, 4, "ana"),
    (2, "cutmix", "augmentation", 0.45, 3, 3, 1, 4, "ana"),
    (3, "random erasing", "augmentation", 0.30, 1.5, 1, 0, 4, "ana"),
    (4, "muon optimizer", "optimizer", 0.40, 5, 8, 2, 4, "bo"),
    (5, "cosine schedule with warmup", "lr-schedule", 0.60, 2, 1, 0, 4, "bo"),
    (6, "mixture of experts block", "architecture", 0.35, 10, 40, 5, 12, "bo"),
    (7, "label smoothing 0.1", "loss", 0.40, 2, 0.5, 0, 4, "ana"),
    (8, "ema of weights", "optimizer", 0.55, 2.5, 2, 1, 4, "ana"),
)


def the_ideas() -> Ledger:
    return ledger(
        idea(
            number,
            title,
            said(who, likelihood=likelihood, gain=gain, hours=hours, complexity=complexity),
            category=category,
            run_hours=run_hours,
        )
        for number, title, category, likelihood, gain, hours, complexity, run_hours, who in ROWS
    )


def seen(values: dict[int, float], before: Ledger) -> Evidence:
    spread = noise([list(BASELINE.values())], 0.2)
    return evidence(values, BASELINE, SETTINGS.goal, spread, before.calibration.base)


def judged(number: int, found: Evidence, hours: float) -> Outcome:
    verdict = judge(found, MOST_SEEDS)
    assert verdict is not None
    return Outcome(
        idea=number,
        at=TUESDAY,
        verdict=verdict,
        reason="the seeds say so",
        rung="full",
        baseline=1,
        evidence=found,
        kept=verdict == "improved",
        hours=hours,
    )


@pytest.fixture(scope="module")
def day_0() -> Ledger:
    return calibrated(the_ideas())


@pytest.fixture(scope="module")
def after_cosine(day_0: Ledger) -> Ledger:
    return landed(day_0, judged(5, seen({1: 76.55, 2: 76.70}, day_0), 1.6))


@pytest.fixture(scope="module")
def after_smoothing(after_cosine: Ledger) -> Ledger:
    return landed(after_cosine, judged(7, seen({1: 76.02, 2: 76.1}, after_cosine), 0.8))


@pytest.fixture(scope="module")
def after_mixup(after_smoothing: Ledger) -> Ledger:
    measured = replace(seen({1: 77.0}, after_smoothing), q=0.97, gain=2.4)
    return landed(after_smoothing, judged(1, measured, 4.0))


def scores(at: Ledger) -> dict[int, Score]:
    """Of the ideas still to decide, best first."""
    return {row.idea.id: row.score for row in rank(at, SETTINGS) if row.rank}


def per_thousand_hours(at: Ledger) -> list[tuple[int, float]]:
    return [(number, round(score.value * 1000, 1)) for number, score in scores(at).items()]


def mean_trust(at: Ledger) -> float:
    return sum(slope * weight for slope, weight in zip(SLOPES, at.calibration.trust, strict=True))


def test_day_0_ranks_as_printed(day_0: Ledger) -> None:
    assert per_thousand_hours(day_0) == [
        (5, 62.6),
        (1, 61.6),
        (7, 61.1),
        (8, 59.7),
        (2, 47.3),
        (3, 35.1),
        (4, 28.4),
        (6, 12.0),
    ]


@pytest.mark.parametrize(
    ("number", "chance", "gain", "hours"),
    [
        (5, 0.232, 1.34, 5.0),
        (1, 0.185, 2.18, 6.6),
        (7, 0.148, 1.65, 4.0),
        (8, 0.208, 1.92, 6.7),
        (2, 0.165, 2.18, 7.6),
        (3, 0.120, 1.34, 4.6),
        (4, 0.147, 2.55, 13.1),
        (6, 0.132, 4.14, 45.3),
    ],
)
def test_day_0_has_the_printed_factors(
    day_0: Ledger, number: int, chance: float, gain: float, hours: float
) -> None:
    score = scores(day_0)[number]
    assert round(score.chance.used, 3) == chance
    assert round(score.gain.used, 2) == gain
    assert round(score.hours.used, 1) == hours


def test_the_pooled_deviation_is_as_printed() -> None:
    assert round(noise([list(BASELINE.values())], 0.2), 3) == 0.173


def test_one_seed_of_the_schedule_asks_for_another(day_0: Ledger) -> None:
    found = seen({1: 76.55}, day_0)
    assert round(found.q, 3) == 0.688
    assert judge(found, MOST_SEEDS) is None


def test_two_seeds_of_the_schedule_decide(day_0: Ledger) -> None:
    found = seen({1: 76.55, 2: 76.70}, day_0)
    assert round(found.q, 3) == 0.980
    assert round(found.gain, 2) == 2.56
    assert judge(found, MOST_SEEDS) == "improved"


def test_a_win_moves_the_scores_as_printed(after_cosine: Ledger) -> None:
    assert round(after_cosine.calibration.base, 3) == 0.283
    assert round(mean_trust(after_cosine), 2) == 0.81
    assert per_thousand_hours(after_cosine) == [
        (7, 112.4),
        (1, 111.1),
        (8, 106.1),
        (2, 87.5),
        (3, 64.5),
        (4, 52.3),
        (6, 22.3),
    ]


def test_a_failure_moves_the_scores_as_printed(after_cosine: Ledger, after_smoothing: Ledger) -> None:
    first = seen({1: 76.02}, after_cosine)
    assert round(first.q, 3) == 0.048
    assert judge(first, MOST_SEEDS) == "no gain"
    assert round(after_smoothing.calibration.base, 3) == 0.250
    assert per_thousand_hours(after_smoothing) == [
        (1, 101.0),
        (8, 97.5),
        (2, 78.3),
        (3, 56.4),
        (4, 46.5),
        (6, 19.5),
    ]


def test_a_relatives_win_moves_the_scores_as_printed(after_mixup: Ledger) -> None:
    cutmix = scores(after_mixup)[2]
    assert round(cutmix.chance.used, 3) == 0.359
    assert round(cutmix.chance.relatives, 2) == 1.09
    assert round(cutmix.gain.overlap, 2) == 0.88
    assert per_thousand_hours(after_mixup) == [(8, 112.3), (2, 85.2), (3, 64.5), (4, 57.9), (6, 24.7)]


def test_the_why_panel_says_what_would_change_it(day_0: Ledger) -> None:
    ranked = rank(day_0, SETTINGS)
    header, chance, gain, hours, change = why(ranked[0], ranked, day_0.calibration)
    assert "6.3 MEI per 100 h" in header
    assert "next: mixup alpha 0.2 6.2, ≈" in header
    assert chance.startswith(" chance  23 %     you said 60 %")
    assert "base rate 17 % (prior, no outcome yet) · relatives ×1.00 (none finished)" in chance
    assert gain.startswith(" gain    1.3 MEI  you said 2.0")
    assert gain.endswith("kept relatives take 0 %")
    assert hours.startswith(" hours   5.0      implement 1.6 (")
    assert hours.endswith("you said 1.0, record ×1.15) + runs 2.4 + overhead 1 + later cost 0")
    assert change == " would change it: chance under 22 % → rank 2 · hours + 0.1 → rank 2"

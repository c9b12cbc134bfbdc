"""Every score is what the formulas of the score come to, written out a second time and plainly."""

from __future__ import annotations

from math import exp, log, pi, prod, sqrt

import pytest
from hypothesis import given

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.rules.defaults import SLOPES
from planner.rules.scoring.score import score
from planner.rules.scoring.similarity import similarity, words
from planner.rules.scoring.stated import median
from tests.rules.programmes import Programme, some_programme
from tests.rules.scoring_facts import SETTINGS, tried


def stated_chance_by_hand(one: Idea, calibration: Calibration) -> float:
    stated = [(who, each.likelihood) for who, each in one.estimates.items() if each.likelihood is not None]
    odds = [(who, min(0.98, max(0.02, chance))) for who, chance in stated]
    z = median([log(p / (1 - p)) - calibration.usual[who].chance for who, p in odds])
    level = log(calibration.base / (1 - calibration.base))
    roots = [sqrt(1 + pi * s * s * calibration.spread / 8) for s in SLOPES]

    def mixed(at: float) -> float:
        every = zip(SLOPES, roots, calibration.trust, strict=True)
        return sum(trust / (1 + exp(-level * root - s * at)) for s, root, trust in every)

    if sum(s * trust for s, trust in zip(SLOPES, calibration.trust, strict=True)) < 0:
        return mixed(z)
    # The least of what it would be for any higher statement, so that saying more never lowers it.
    return min(mixed(z), *[mixed(z + step / 200) for step in range(int(200 * (8 - z)))])


def kin_by_hand(one: Idea, calibration: Calibration) -> tuple[float, float]:
    others = [
        (similarity(words(one.title, one.tags), one.category, each.words, each.category), each)
        for each in calibration.finished
        if each.idea != one.id
    ]
    seen = sum(alike * each.weight * each.q for alike, each in others)
    expected = sum(alike * each.weight * each.expected for alike, each in others)
    return (2 + seen) / (2 + expected), prod(1 - 0.4 * alike for alike, each in others if each.kept)


def gain_by_hand(one: Idea, calibration: Calibration, overlap: float) -> float:
    stated = [
        log(abs(each.impact) / SETTINGS.goal.minimum_effect) - calibration.usual[who].gain
        for who, each in one.estimates.items()
        if each.impact is not None
    ]
    kept = sum(each.gain for each in calibration.finished if each.variants == one.id and each.idea != one.id)
    return max(0.0, exp(calibration.gain_scale + (0.7 * median(stated) if stated else 0)) * overlap - kept)


def hours_by_hand(one: Idea, calibration: Calibration, chance: float) -> float:
    stated = [(who, each.hours) for who, each in one.estimates.items() if each.hours is not None]
    ratios, slope = calibration.person_ratio, calibration.hours_slope
    corrected = median(
        [
            slope * log(hours) + (1 - slope) * calibration.mean_log_hours + ratios.get(who, log(1.15))
            for who, hours in stated or [("", 2.0)]
        ]
    ) + calibration.category_ratio.get(one.category, 0.0)
    points = [each.complexity for each in one.estimates.values() if each.complexity is not None]
    implement = exp(corrected + 0.6**2 / 2) * exp(calibration.kept_complexity * log(1.02))
    runs = 0.25 * 1.0 * (1.6 + 3.4 * chance)
    return implement + runs + 1 + chance * (median(points) if points else 1.0) * 0.02 * 0.8 * 160


@tried
@given(some_programme())
def test_every_score_is_what_the_formulas_written_out_by_hand_come_to(programme: Programme) -> None:
    made = programme.end()
    for one in made.ideas.values():
        found = score(one, made.calibration, SETTINGS)
        multiplier, overlap = kin_by_hand(one, made.calibration)
        spoken = found.chance.said is not None
        p0 = stated_chance_by_hand(one, made.calibration) if spoken else found.chance.stated
        chance = min(0.95, max(0.002, p0 * multiplier))
        gain, hours = (
            gain_by_hand(one, made.calibration, overlap),
            hours_by_hand(one, made.calibration, chance),
        )
        assert found.chance.used == pytest.approx(chance, rel=1e-6)
        assert found.gain.used == pytest.approx(gain, rel=1e-6)
        assert found.hours.used == pytest.approx(hours, rel=1e-6)
        assert found.value == pytest.approx(chance * gain / hours, rel=1e-6)

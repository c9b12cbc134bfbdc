"""Which wins are worth their complexity."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.calibration import Calibration
from planner.domain.settings import ScoreSettings
from planner.rules.judging.keep import going_rate, keep, per_hour
from planner.rules.scoring.score import score
from tests.rules.scoring_facts import SETTINGS, calibrated, idea, ledger, outcome, said

COMPLEX = idea(1, "", said(complexity=5))


@pytest.mark.parametrize(("gain", "worth"), [(1.29, True), (1.27, False)])
def test_a_gain_must_exceed_what_its_complexity_costs_later_work(gain: float, worth: bool) -> None:
    # 0.1 MEI an hour, complexity 5, 2.56 h a point
    assert keep(COMPLEX, gain, 0.1, SETTINGS)[0] is worth


def test_a_win_that_adds_no_complexity_is_always_kept() -> None:
    assert keep(idea(1, "", said(complexity=0)), 0.01, 9.0, SETTINGS)[0]


def test_measured_complexity_takes_the_place_of_the_stated_one() -> None:
    assert keep(COMPLEX, 1.0, 0.1, SETTINGS, complexity=0)[0]
    assert "complexity 2 costs" in keep(COMPLEX, 1.0, 0.1, SETTINGS, complexity=2)[1]


@pytest.mark.parametrize(("measured", "kept"), [(None, 5), (2.0, 2), (0.0, 0)])
def test_what_was_kept_slows_later_work_by_its_measured_complexity(
    measured: float | None, kept: float
) -> None:
    won = outcome(1, "improved", q=0.95, kept=True, complexity=measured)
    assert calibrated(ledger([COMPLEX], won)).calibration.kept_complexity == kept


def test_the_horizon_of_the_project_decides_how_long_complexity_costs() -> None:
    short = replace(SETTINGS, score=ScoreSettings(horizon=16.0))
    assert keep(COMPLEX, 1.0, 0.1, short)[0]
    assert not keep(COMPLEX, 1.0, 0.1, SETTINGS)[0]


def test_the_sentence_has_the_numbers() -> None:
    worth, sentence = keep(COMPLEX, 1.0, 0.1, SETTINGS)
    assert not worth
    assert sentence.startswith("not worth its complexity: 1.0 MEI gained, against 1.3 MEI")
    assert "complexity 5" in sentence


def test_an_hour_brings_what_the_twenty_best_bring_in_the_middle() -> None:
    ideas = [idea(number, "", said(hours=number)) for number in range(1, 31)]
    scores = sorted((score(each, Calibration(), SETTINGS) for each in ideas), key=per_hour, reverse=True)
    assert going_rate(scores) == pytest.approx((per_hour(scores[9]) + per_hour(scores[10])) / 2)
    assert going_rate(scores[:1]) == per_hour(scores[0])
    assert going_rate([]) == 0


def test_a_score_ranked_without_hours_is_brought_back_to_hours() -> None:
    scarce = replace(SETTINGS, score=ScoreSettings(bottleneck="runs"))
    plain = score(COMPLEX, Calibration(), SETTINGS)
    assert per_hour(score(COMPLEX, Calibration(), scarce)) == pytest.approx(plain.value)
    assert per_hour(plain) == pytest.approx(plain.value)

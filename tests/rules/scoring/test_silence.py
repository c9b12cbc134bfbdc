"""What holds of ideas about which nobody has stated a chance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.score import score
from tests.rules.programmes import Programme, some_programme
from tests.rules.scoring_facts import SETTINGS, TUESDAY, idea, outcome, tried


def silent(one: Idea) -> Idea:
    """The idea as if nobody had stated a chance."""
    estimates = {who: replace(each, likelihood=None) for who, each in one.estimates.items()}
    return replace(one, estimates=estimates)


@tried
@given(some_programme())
def test_where_nobody_stated_a_chance_the_base_rate_stands(programme: Programme) -> None:
    calibration = programme.end().calibration
    found = score(idea(99, "quite other words"), calibration, SETTINGS).chance
    assert found.stated == pytest.approx(calibration.base)


@tried
@given(some_programme(least_tried=1))
def test_what_becomes_of_ideas_nobody_gave_a_chance_teaches_no_trust(programme: Programme) -> None:
    ideas = {number: silent(one) for number, one in programme.start.ideas.items()}
    made = Ledger(
        ideas={**ideas, 99: idea(99)}, outcomes=(*programme.outcomes, outcome(99, "no gain", q=0.05))
    )
    found = calibrate(made, SETTINGS, at=TUESDAY, because="")
    assert found.trust == pytest.approx(calibrate(Ledger(), SETTINGS, at=TUESDAY, because="").trust)

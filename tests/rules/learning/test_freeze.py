"""What is believed at the first dispatch stays as it was."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.calibration import Calibration
from planner.rules.learning.freeze import digest, freeze
from planner.rules.scoring.score import score
from tests.rules.scoring_facts import MONDAY, SETTINGS, finished, idea, said

BELIEVED = Calibration(number=3, kept_complexity=2.0, finished=(finished(9, "mixup", kept=True),))


def test_the_score_and_what_later_learning_needs_are_frozen() -> None:
    one = idea(1, "mixup", said(hours=2, gain=3, likelihood=0.4), said("bo", hours=4))
    found = score(one, BELIEVED, SETTINGS)
    frozen = freeze(one, found, BELIEVED, at=MONDAY)
    assert (frozen.at, frozen.calibration) == (MONDAY, 3)
    assert (frozen.score, frozen.chance) == (found.value, found.chance.used)
    assert (frozen.gain, frozen.hours) == (found.gain.used, found.hours.used)
    assert (frozen.centred_gain, frozen.overlap) == (found.gain.centred, 0.6)
    assert frozen.slow == found.hours.slow > 1
    hours = found.hours
    assert (frozen.low, frozen.implement, frozen.high) == (hours.low, hours.implement_total, hours.high)
    assert frozen.estimates == one.estimates


def test_the_digest_tells_one_changed_number() -> None:
    one = {"ana": said(hours=2), "bo": said("bo", hours=4)}
    assert digest(one) == digest(dict(reversed(one.items())))
    assert digest(one) != digest({**one, "ana": replace(one["ana"], hours=2.5)})
    assert len(digest(one)) == 64


def test_a_later_estimate_does_not_reach_what_was_frozen() -> None:
    one = idea(1, "", said(hours=2))
    frozen = freeze(one, score(one, BELIEVED, SETTINGS), BELIEVED, at=MONDAY)
    one.estimates["ana"] = said(hours=99)
    assert frozen.estimates["ana"].hours == 2

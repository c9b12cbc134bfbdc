"""Where effort went, and which few wins brought the gain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.rules.reviewing.effort import best_fifth, concentration
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome, some_evidence

EARLY = "2026-11-02T10:00:00.000Z"
JUDGED = "2026-11-10T10:00:00.000Z"


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

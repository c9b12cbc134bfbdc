"""Weeks are ISO weeks in UTC."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.mistake import Mistake
from planner.rules.reviewing.weeks import week_named, week_of
from tests.rules.reviewing.small_week import (
    the_review,
)


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-22T23:59:59.999Z", "2026-W47"),
        ("2026-11-23T00:00:00.000Z", "2026-W48"),
        ("2027-01-01T00:00:00.000Z", "2026-W53"),
        ("2025-12-29T00:00:00.000Z", "2026-W01"),
        ("2026-11-23T01:00:00.000+02:00", "2026-W47"),
    ],
)
def test_weeks_are_iso_weeks_in_utc(moment, week):
    assert week_of(moment) == week


@given(moment=st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"))
def test_every_moment_lies_in_the_week_it_names(moment):
    if moment < "9999-12-20":
        assert week_named(week_of(moment)).holds(moment)


@pytest.mark.parametrize(
    "name", ["2026-W54", "2026-W00", "2025-W53", "0000-W10", "9999-W52", "last", "2026-47"]
)
def test_a_week_that_is_none_is_a_mistake_that_shows_one(name):
    with pytest.raises(Mistake, match="such as 2026-W47"):
        the_review(week=name)

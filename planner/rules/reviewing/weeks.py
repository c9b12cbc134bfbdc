"""ISO weeks in UTC: which week a moment lies in, and where a week begins and ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from planner.domain.mistake import Mistake

NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
"""A week as it is written."""


class Week(NamedTuple):
    """One ISO week."""

    name: str
    """Such as `2026-W47`."""
    start: str
    """Its Monday at 0:00, UTC, ISO 8601."""
    end: str
    """The Monday after it at 0:00, UTC, ISO 8601; no longer part of it."""

    def holds(self, at: str) -> bool:
        """Whether a moment lies in the week."""
        return self.start <= at < self.end


def week_named(name: str) -> Week:
    """The week of that name; a Mistake when there is none."""
    written = NAME.fullmatch(name)
    try:
        if written is None:
            raise ValueError(name)
        monday = datetime.fromisocalendar(int(written[1]), int(written[2]), 1).replace(tzinfo=UTC)
        return Week(name, _written(monday), _written(monday + timedelta(days=7)))
    except (ValueError, OverflowError):
        raise Mistake(f"{name!r} is no week: write the year and its ISO week, such as 2026-W47") from None


def week_of(at: str) -> str:
    """The name of the week a moment lies in; `at` is UTC, ISO 8601."""
    year, week, _ = datetime.fromisoformat(at).astimezone(UTC).isocalendar()
    return f"{year:04}-W{week:02}"


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""The one door to the time of day, so that a test can stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], str]
"""Answers the time as UTC, ISO 8601 to the millisecond, ending in `Z`."""


def utc_now() -> str:
    """The time, UTC, ISO 8601 to the millisecond, ending in `Z`."""
    return _written(datetime.now(UTC))


def after(at: str, *earlier: str) -> str:
    """The time, or a millisecond after the latest of `earlier` where the clock has been set back since.

    What follows from something else is so never written down as older than that.
    """
    last = max(earlier, default="")
    return at if at > last else _written(datetime.fromisoformat(last) + timedelta(milliseconds=1))


def hours_between(start: str, end: str) -> float:
    """Hours from one such time to another; below 0 when the clock was set back."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

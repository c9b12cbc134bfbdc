"""The one door to the time of day, so that a test can stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], str]
"""Answers the time as UTC, ISO 8601 to the millisecond, ending in `Z`."""


def utc_now() -> str:
    """The time, UTC, ISO 8601 to the millisecond, ending in `Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hours_between(start: str, end: str) -> float:
    """Hours from one such time to another; below 0 when the clock was set back."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600

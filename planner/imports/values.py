"""Numbers and times as trackers store them."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from planner.imports.cells import as_utc


def finite(value: object) -> float | None:
    """A number that is finite; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if isfinite(value) else None


def from_milliseconds(value: object) -> str | None:
    """A time in milliseconds since 1970 as UTC, ISO 8601; None when it is none."""
    milliseconds = finite(value)
    if milliseconds is None or milliseconds <= 0:
        return None
    try:
        return as_utc(datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def hours_between_milliseconds(start: object, end: object) -> float | None:
    """Hours between two such times; None when one is missing or they are the wrong way round."""
    first, last = finite(start), finite(end)
    return None if first is None or last is None or last < first else (last - first) / 3_600_000

"""What stands in a cell of a table of history: verdicts, truths, times, durations, numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isfinite

from planner.domain.goal import Direction
from planner.domain.mistake import Mistake
from planner.domain.verdict import Verdict
from planner.rules.notation import typed

Standing = Verdict | None
"""A verdict; None where there is no outcome yet."""

_KEPT = (
    "keep kept improved improvement win won yes true accept accepted adopt adopted success successful "
    "better 1 y ✓ ✔ x"
)
_NO_GAIN = (
    "discard discarded no false revert reverted reject rejected loss lost no-effect neutral dropped 0 n ✗ ✘"
)
_WORSE = "worse regressed regression hurt harmful"
_INVALID = (
    "crash crashed fail failed failure invalid error bug oom killed timeout aborted broken nan diverged"
)
_UNSURE = "inconclusive unclear undecided unsure mixed"
_WAITING = "todo open ready pending planned idea backlog queued running waiting parked new proposed wip"

VERDICTS: dict[str, Standing] = {
    **dict.fromkeys(_KEPT.split(), "improved"),
    **dict.fromkeys((*_NO_GAIN.split(), "no gain", "not kept", "no effect", "no improvement"), "no gain"),
    **dict.fromkeys(_WORSE.split(), "worse"),
    **dict.fromkeys((*_INVALID.split(), "infra retry", "out of memory"), "invalid"),
    **dict.fromkeys(_UNSURE.split(), "inconclusive"),
    **dict.fromkeys((*_WAITING.split(), "in progress", "to do", ""), None),
}
"""What a word in a status column stands for."""

_TRUE = frozenset(("1", "true", "yes", "y", "t", "x", "baseline", "✓", "✔"))
_FALSE = frozenset(("", "0", "false", "no", "n", "f"))
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(.*)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NO_NUMBER = frozenset(
    ("", "-", "–", "—", "n/a", "na", "none", "null", "nan", "inf", "-inf", "+inf", "infinity")
)
_EARLIEST, _LATEST = 946_684_800.0, 4_102_444_800.0
"""Seconds since 1970 of 2000 and of 2100: a plain number in between is a time."""


def standing(text: str) -> Standing:
    """The verdict a status stands for; None where there is no outcome yet; a Mistake lists the words."""
    found = " ".join(re.sub(r"[_\-]+", " ", text).lower().split())
    for word in (found, found.replace(" ", "-")):
        if word in VERDICTS:
            return VERDICTS[word]
    raise Mistake(
        f"{text[:60]!r} is no outcome; write keep, discard, worse, crash or inconclusive, or leave it empty"
    )


def truth(text: str) -> bool:
    """Whether a cell says yes; a Mistake when it says neither yes nor no."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE or _as_number(word) == 0:
        return False
    if _as_number(word) == 1:
        return True
    raise Mistake(f"{text[:60]!r} is neither yes nor no; write 1 or 0")


def number(text: str) -> float | None:
    """A number, of which one may be missing; NaN and infinity are missing; a Mistake for anything else."""
    word = text.strip().replace("−", "-").lower()
    if word in _NO_NUMBER:
        return None
    found = _as_number(word)
    if found is None:
        raise Mistake(f"{text[:60]!r} is no number; write it like 0.9123")
    return found if isfinite(found) else None


def change(text: str) -> float | None:
    """A number that may be written in per cent points, such as `+0.3pp`."""
    word = text.strip().lower()
    if word.endswith("pp"):
        points = number(word.removesuffix("pp"))
        return None if points is None else points / 100
    return number(text)


def hours_of(text: str, unit: float) -> float | None:
    """Hours from a plain number in a unit (hours of one), from `1h 30m` or `1:30:00`; None when empty."""
    word = text.strip().lower()
    if word in _NO_NUMBER:
        return None
    clock = _CLOCK.fullmatch(word) if len(word) <= typed.LONGEST else None
    if clock:
        return int(clock[1] or 0) + int(clock[2]) / 60 + float(clock[3]) / 3600
    found = _as_number(word)
    if found is None:
        return typed.hours(text)
    if not 0 <= found * unit <= 10 * typed.MOST_HOURS:
        raise Mistake(f"{text[:60]!r} is no duration; write it like 2h, 90m or 1:30:00")
    return found * unit


def direction(text: str) -> Direction | None:
    """The good direction of a metric; None when empty; a Mistake when it is neither."""
    word = text.strip().lower()
    if not word:
        return None
    if word.startswith(("max", "high", "up", "more")):
        return "max"
    if word.startswith(("min", "low", "down", "less")):
        return "min"
    raise Mistake(f"{text[:60]!r} is no direction; write max or min")


def moment(text: str) -> str | None:
    """A time as UTC, ISO 8601 to the millisecond; None when empty. Without a zone it is taken as UTC."""
    word = text.strip()
    if not word:
        return None
    seconds = _as_number(word)
    if seconds is not None:
        return _since_1970(seconds, text)
    date = _DATE.fullmatch(word)
    if date:
        word = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}{date[4].replace(' UTC', 'Z')}"
    try:
        return as_utc(datetime.fromisoformat(word))
    except (ValueError, OverflowError):
        raise Mistake(f"{text[:60]!r} is no time; write it like 2026-11-21 or 2026-11-21T09:30:00Z") from None


def as_utc(time: datetime) -> str:
    """A time as the planner writes it; one without a zone is taken as UTC."""
    zoned = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return zoned.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _since_1970(seconds: float, text: str) -> str:
    if seconds > _LATEST:
        seconds /= 1000  # milliseconds, as JavaScript and MLflow count
    if not _EARLIEST <= seconds <= _LATEST:
        raise Mistake(f"{text[:60]!r} is no time; write it like 2026-11-21 or 2026-11-21T09:30:00Z")
    return as_utc(datetime.fromtimestamp(seconds, UTC))


def _as_number(word: str) -> float | None:
    if len(word) <= typed.LONGEST and _NUMBER.fullmatch(word):
        return float(word)
    # 1,234.5 as people and spreadsheets write it
    if len(word) <= typed.LONGEST and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", word, re.ASCII):
        return float(word.replace(",", ""))
    return None

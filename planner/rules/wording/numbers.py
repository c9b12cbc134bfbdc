"""How numbers are written where a person reads them: short, and honest about what is missing."""

from __future__ import annotations

from math import isfinite, isnan

NOTHING = "–"
"""Written where there is no number."""


def score(value: float, per_hour: bool = True) -> str:
    """A score from MEI per hour to the MEI per 100 h people read; as it is when runs are the bottleneck."""
    return compact(value * 100 if per_hour else value)


def score_unit(per_hour: bool = True) -> str:
    """What a score is counted in."""
    return "MEI per 100 h" if per_hour else "MEI"


def compact(value: float | None) -> str:
    """A number in at most five characters where that is honest."""
    if value is None:
        return NOTHING
    if not isfinite(value):
        return "NaN" if isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size >= 1000:
        return f"{value:.2g}" if size >= 100_000 else f"{value:.0f}"
    return f"{value:.{0 if size >= 100 else 1 if size >= 1 else 2}f}"


def metric(value: float | None) -> str:
    """A metric's value with about four significant digits."""
    if value is None or not isfinite(value):
        return compact(value)
    return f"{value:.4f}" if 0.001 <= abs(value) < 10 or value == 0 else f"{value:.4g}"


def chance(value: float) -> str:
    """A chance in whole per cent."""
    return f"{value:.0%}".replace("%", " %") if value >= 0.01 or value == 0 else "<1 %"


def hours(value: float | None) -> str:
    """Hours with one decimal, minutes below one hour."""
    if value is None:
        return NOTHING
    if 0 < value < 1 / 120:
        return "under a minute"
    return f"{value * 60:.0f} min" if value < 0.95 else f"{value:.1f} h"


def duration(seconds: float | None) -> str:
    """A stretch of time in two units at most: 40s, 3m 20s, 2h 05m, 3d 04h."""
    if seconds is None or not isfinite(seconds):
        return NOTHING
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d {whole % 86400 // 3600:02d}h"


def bar(share: float, width: int) -> str:
    """A progress bar of `width` cells."""
    full = round(min(1.0, max(0.0, share)) * width)
    return "█" * full + "░" * (width - full)

"""How numbers are written on a screen: short, steady in width, honest about what is missing."""

from __future__ import annotations

from math import isfinite, isnan

NOTHING = "–"
"""Written where there is no number."""


def score(value: float, per_hour: bool = True) -> str:
    """A score, from MEI per hour into the MEI per 100 h people read; as it is when runs are the bottleneck."""
    return compact(value * 100 if per_hour else value)


def compact(value: float | None) -> str:
    """A number in at most five characters where that is honest."""
    if value is None:
        return NOTHING
    if not isfinite(value):
        return "NaN" if isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size >= 1000:
        return f"{value:.2g}" if size >= 100_000 else f"{value:.0f}"
    digits = 0 if size >= 100 else 1 if size >= 1 else 2
    return f"{value:.{digits}f}"


def metric(value: float | None) -> str:
    """A metric's value with four significant digits."""
    if value is None or not isfinite(value):
        return compact(value)
    return f"{value:.4f}" if 0.001 <= abs(value) < 10 or value == 0 else f"{value:.4g}"


def chance(value: float) -> str:
    """A chance rounded to 5 %, as sure as it is."""
    rounded = round(value * 20) * 5
    return f"{rounded} %" if rounded else "<5 %"


def percent(value: float | None) -> str:
    """A stated chance, exactly as a person put it."""
    return NOTHING if value is None else f"{value * 100:g} %"


def hours(value: float | None) -> str:
    """Hours the way a person types them: 15m, 2h, 1.5d."""
    if value is None:
        return NOTHING
    if value < 1:
        return f"{value * 60:.0f}m"
    return f"{value:.3g}h" if value < 24 else f"{value / 8:.3g}d"


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
    """A progress bar of `width` cells in eighths of a cell."""
    eighths = round(min(1.0, max(0.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + " ▏▎▍▌▋▊▉"[rest] * (1 if rest else 0)).ljust(width, "░")[:width]


def sparkline(values: tuple[float, ...], width: int) -> str:
    """The course of a metric in `width` cells, the newest at the right; × where it was not finite."""
    finite = [value for value in values if isfinite(value)]
    if not finite or width < 1:
        return ""
    low, high = min(finite), max(finite)
    chosen = values if len(values) <= width else [values[i * (len(values) - 1) // (width - 1)] for i in range(width)]
    return "".join(_block(value, low, high) for value in chosen)


def _block(value: float, low: float, high: float) -> str:
    if not isfinite(value):
        return "×"
    return "▁▂▃▄▅▆▇█"[round((value - low) / (high - low) * 7)] if high > low else "▄"

"""How numbers are written on a screen: short, steady in width, honest about what is missing."""

from __future__ import annotations

from math import isfinite

from planner.rules.wording.numbers import NOTHING, compact, duration, metric, score

__all__ = [
    "NOTHING",
    "bar",
    "chance",
    "compact",
    "duration",
    "gain",
    "hours",
    "metric",
    "percent",
    "score",
    "sparkline",
]


def chance(value: float) -> str:
    """A chance rounded to 5 %, as sure as it is."""
    rounded = round(value * 20) * 5
    return f"{rounded} %" if rounded else "<5 %"


def percent(value: float | None) -> str:
    """A stated chance, exactly as a person put it."""
    return NOTHING if value is None else f"{value * 100:.3g} %"


def hours(value: float | None) -> str:
    """Hours the way a person types them: 15m, 2h, 1.5d."""
    if value is None:
        return NOTHING
    if value < 1:
        return f"{value * 60:.0f}m"
    return f"{value:.3g}h" if value < 24 else f"{value / 8:.3g}d"


def gain(value: float) -> str:
    """What was measured, with its sign: four characters below a thousand."""
    decimals = 1 if abs(value) < 9.95 else 0
    return f"{round(value, decimals) + 0.0:+.{decimals}f}"


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
    chosen = (
        values
        if len(values) <= width
        else [values[i * (len(values) - 1) // (width - 1)] for i in range(width)]
    )
    return "".join(_block(value, low, high) for value in chosen)


def _block(value: float, low: float, high: float) -> str:
    if not isfinite(value):
        return "×"
    return "▁▂▃▄▅▆▇█"[round((value - low) / (high - low) * 7)] if high > low else "▄"

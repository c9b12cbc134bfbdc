"""A search for the learning rate as lines of text."""

from __future__ import annotations

from math import isfinite, log10

from planner.domain.rates import Rates

WIDE = 64
"""Cells of the curve."""
HIGH = 8
"""Lines of the curve."""
STEPS = "▁▂▃▄▅▆▇█"
"""One cell filled by eighths."""


def lines(found: Rates, *, wide: int = WIDE, high: int = HIGH) -> list[str]:
    """The smoothed loss over the rate, which grows tenfold from mark to mark, and the sentence under it."""
    points = [(rate, loss) for rate, _, loss in found.points if isfinite(loss)]
    if len(points) < 2:
        return [found.says]
    first, last = log10(points[0][0]), log10(points[-1][0])
    cells: list[list[float]] = [[] for _ in range(wide)]
    for rate, loss in points:
        cells[min(wide - 1, int((log10(rate) - first) / (last - first) * wide))].append(loss)
    low = min(loss for _, loss in points)
    # What diverges would flatten everything that can be learnt from the rest.
    top = max(points[0][1], low + 1e-12) * 1.1 if points[0][1] > low else max(loss for _, loss in points)
    heights = [_height(cell, low, top) for cell in cells]
    drawn = ["".join(_cell(height * high - line) for height in heights) for line in reversed(range(high))]
    return [*drawn, _axis(first, last, wide), found.says]


def _height(cell: list[float], low: float, top: float) -> float:
    if not cell:
        return 0.0
    mean = sum(cell) / len(cell)
    return min(1.0, max(0.02, (mean - low) / (top - low))) if top > low else 0.5


def _cell(filled: float) -> str:
    if filled <= 0:
        return " "
    return STEPS[min(7, int(filled * 8))]


def _axis(first: float, last: float, wide: int) -> str:
    axis = [" "] * (wide + 8)
    for power in range(round(first + 0.499), int(last) + 1):
        place = int((power - first) / (last - first) * wide)
        for offset, sign in enumerate(f"1e{power}"):
            axis[min(len(axis) - 1, place + offset)] = sign
    return "".join(axis).rstrip()

"""The energy a run took, from its readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from planner.clock import hours_between
from planner.domain.gpu import GpuReading

JOULES_PER_WH = 3600


def energy_wh(readings: Sequence[GpuReading]) -> float | None:
    """Watt hours of all GPUs together, between the first reading and the last; None when never measured.

    By the GPU's own counter; where that is absent or was reset, by power over time (trapezoids).
    """
    steps = (_step(before, after) for of_one in by_gpu(readings) for before, after in pairwise(of_one))
    known = [step for step in steps if step is not None]
    return sum(known) if known else None


def by_gpu(readings: Iterable[GpuReading]) -> list[list[GpuReading]]:
    """The readings of each GPU, in the order they came."""
    together = sorted(readings, key=_identity)  # a stable sort keeps each GPU's own order
    return [list(of_one) for _, of_one in groupby(together, key=_identity)]


def _step(before: GpuReading, after: GpuReading) -> float | None:
    if before.energy is not None and after.energy is not None and after.energy >= before.energy:
        return (after.energy - before.energy) / JOULES_PER_WH
    if before.power is None or after.power is None:
        return None
    hours = max(0.0, hours_between(before.at, after.at))  # the clock may have been set back
    return (before.power + after.power) / 2 * hours


def _identity(reading: GpuReading) -> tuple[int, str]:
    return reading.index, reading.uuid or ""

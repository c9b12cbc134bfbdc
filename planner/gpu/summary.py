"""What a run made of its GPUs, in a few figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import TypeVar

from planner.domain.gpu import GpuReading, GpuSummary
from planner.gpu.energy import energy_wh

Figure = TypeVar("Figure", int, float)


def summary(readings: Sequence[GpuReading]) -> GpuSummary:
    """Peaks, means and energy; what was never read stays None."""
    power = _known(reading.power for reading in readings)
    busy = _known(reading.utilisation for reading in readings)
    return GpuSummary(
        peak_own=_peak_own(readings),
        peak_used=max(_known(reading.memory_used for reading in readings), default=None),
        utilisation=fmean(busy) if busy else None,
        power=fmean(power) if power else None,
        temperature=max(_known(reading.temperature for reading in readings), default=None),
        energy_wh=energy_wh(readings),
        fault=next((f"GPU {reading.index} {reading.fault}" for reading in readings if reading.fault), None),
    )


def _peak_own(readings: Iterable[GpuReading]) -> int | None:
    """The most the run held at one moment, its GPUs added up."""
    moments: defaultdict[str, int] = defaultdict(int)
    for reading in readings:
        if reading.memory_own is not None:
            moments[reading.at] += reading.memory_own
    return max(moments.values(), default=None)


def _known(values: Iterable[Figure | None]) -> list[Figure]:
    return [value for value in values if value is not None]

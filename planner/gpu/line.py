"""The one line about the GPUs that is always visible."""

from __future__ import annotations

from collections.abc import Callable

from planner.domain.gpu import GpuReading, GpuState
from planner.gpu.figures import gibibytes, short_name

MISSING = "n/a"
"""What stands in place of a figure the driver does not give."""

Words = Callable[[GpuReading], str]


def line(state: GpuState, width: int = 80) -> str:
    """Plain text of at most `width` cells, as detailed as fits; calm when there is no GPU."""
    if state.absent is not None or not state.readings:
        return _cut(state.absent or "no GPU", width)
    for words in DETAILS:
        text = " │ ".join(words(reading) for reading in state.readings)
        if len(text) <= width:
            return text
    return _cut(_together(state.readings), width)


def _full(reading: GpuReading) -> str:
    power = MISSING if reading.power is None else f"{reading.power:.0f} W"
    heat = MISSING if reading.temperature is None else f"{reading.temperature:.0f} °C"
    return _lost(reading) or f"{_named(reading)} {_busy(reading)} · {_memory(reading)} · {heat} · {power}"


def _short(reading: GpuReading) -> str:
    return _lost(reading) or f"{_named(reading)} {_busy(reading)} · {_memory(reading)}"


def _bare(reading: GpuReading) -> str:
    return _lost(reading) or f"GPU {reading.index} {_busy(reading)} {_memory(reading)}"


def _barest(reading: GpuReading) -> str:
    return f"{reading.index}: {reading.fault or _busy(reading)}"


DETAILS: tuple[Words, ...] = (_full, _short, _bare, _barest)
"""From the fullest to the shortest way to put one GPU."""


def _together(readings: tuple[GpuReading, ...]) -> str:
    """Many GPUs in one breath."""
    busy = [reading.utilisation for reading in readings if reading.utilisation is not None]
    mean = f"{sum(busy) / len(busy):.0f} %" if busy else MISSING
    lost = sum(reading.fault is not None for reading in readings)
    return f"{len(readings)} GPUs, {mean} busy" + (f", {lost} lost" if lost else "")


def _lost(reading: GpuReading) -> str:
    return f"{_named(reading)} {reading.fault}" if reading.fault else ""


def _named(reading: GpuReading) -> str:
    return f"GPU {reading.index} {short_name(reading.name)}" if reading.name else f"GPU {reading.index}"


def _busy(reading: GpuReading) -> str:
    return MISSING if reading.utilisation is None else f"{reading.utilisation:.0f} %"


def _memory(reading: GpuReading) -> str:
    used, total = (
        MISSING if size is None else gibibytes(size) for size in (reading.memory_used, reading.memory_total)
    )
    return MISSING if used == total == MISSING else f"{used}/{total} GiB"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "…" * (width > 0)

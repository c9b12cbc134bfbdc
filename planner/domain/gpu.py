"""What a GPU says of itself; every field may be absent on its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReading:
    """One GPU at one moment; a field the driver does not answer is None."""

    at: str
    """UTC, ISO 8601."""
    index: int
    """NVML's number of it, which ignores CUDA_VISIBLE_DEVICES."""
    uuid: str | None = None
    """Its lasting name."""
    name: str | None = None
    """What the maker calls it."""
    utilisation: float | None = None
    """Share of time a kernel ran, per cent."""
    memory_used: int | None = None
    """Bytes in use by everybody."""
    memory_total: int | None = None
    """Bytes it has."""
    memory_own: int | None = None
    """Bytes in use by the watched process and its children."""
    temperature: float | None = None
    """Degrees Celsius."""
    power: float | None = None
    """Watts."""
    energy: float | None = None
    """Joules since the driver was loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuState:
    """All GPUs of this machine, or why there are none to see."""

    readings: tuple[GpuReading, ...] = ()
    """By index."""
    absent: str | None = None
    """Why nothing can be read, in a few calm words, such as `no GPU`; None when something can."""

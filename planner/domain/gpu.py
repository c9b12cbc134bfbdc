"""What a GPU says of itself; every field may be absent on its own."""

from __future__ import annotations

from planner.domain.fact import fact


@fact
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
    fault: str | None = None
    """What is wrong with it, such as `lost`; None while nothing is."""


@fact
class GpuUser:
    """A process that holds memory of a GPU."""

    index: int
    """NVML's number of the GPU."""
    pid: int
    """The process, as the driver numbers it: in a container it may be unknown here."""
    name: str | None = None
    """What the process calls itself."""
    memory: int | None = None
    """Bytes it holds; None where the driver does not say."""


@fact
class GpuState:
    """All GPUs of this machine, or why there are none to see."""

    readings: tuple[GpuReading, ...] = ()
    """By index."""
    users: tuple[GpuUser, ...] = ()
    """Who holds memory, the largest first; empty where the driver does not say."""
    absent: str | None = None
    """Why nothing can be read, in a few calm words, such as `no GPU`; None when something can."""


@fact
class GpuSummary:
    """What a run made of its GPUs, from its readings."""

    peak_own: int | None = None
    """Most bytes the run itself held at one moment, over all its GPUs."""
    peak_used: int | None = None
    """Most bytes anybody held of one GPU."""
    utilisation: float | None = None
    """Mean share of time a kernel ran, per cent."""
    power: float | None = None
    """Mean watts of one GPU."""
    temperature: float | None = None
    """Highest, degrees Celsius."""
    energy_wh: float | None = None
    """Watt hours of all its GPUs together."""
    fault: str | None = None
    """The first fault a GPU showed, such as `GPU 0 lost`."""

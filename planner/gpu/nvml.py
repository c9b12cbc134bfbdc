"""The one door to NVML: every answer is a value, or None where the driver gives none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar, cast

from planner.domain.gpu import GpuUser

Answer = TypeVar("Answer")

NO_GPU = "no GPU"
"""The calm reason of a machine without a driver, or with a driver and nothing to drive."""

SIGNS = ("proc/driver/nvidia", "dev/nvidia*", "dev/nvhost*", "dev/nvmap", "dev/dxg")
"""Where the kernel shows a driver of NVIDIA's: on a machine, on its boards, in Windows's Linux."""

MILLI = 1000
"""NVML counts milliwatts and millijoules."""


class Library(Protocol):
    """The module `pynvml`, or whatever stands in for it."""

    NVMLError: type[Exception]

    def __getattr__(self, name: str) -> Any:
        """Any of its functions and constants; AttributeError for those of another release."""


class Nowhere:
    """In the library's place where there is no driver: to hear it say so, it need not be loaded."""

    NVML_ERROR_LIBRARY_NOT_FOUND = 12
    NVML_ERROR_DRIVER_NOT_LOADED = 9

    class NVMLError(Exception):
        """What it says."""

        value = 9

    def nvmlInit(self) -> None:  # noqa: N802  # NVML's own name
        """What NVML answers without a driver."""
        raise self.NVMLError


def driver_may_be_here(root: Path = Path("/")) -> bool:
    """Whether the kernel shows a driver of NVIDIA's; True where it is none that would."""
    return sys.platform != "linux" or any(next(root.glob(sign), None) for sign in SIGNS)


def usual() -> Library:
    """The module `pynvml`, or what stands in for it where it could only say that there is no driver."""
    return cast(Library, importlib.import_module("pynvml") if driver_may_be_here() else Nowhere())


class Door:
    """NVML, open for as long as the `with` block lasts."""

    def __init__(self, library: Library | None = None) -> None:
        self._library: Library = library or usual()
        self.absent: str | None = None
        """Why there is nothing to read, in a few calm words; None when there is something."""
        self.devices: tuple[Device, ...] = ()
        """The GPUs by index, and in place of a GPU its MIG slices where it is cut into some."""

    def __enter__(self) -> Door:
        try:
            self._library.nvmlInit()
            count = self._library.nvmlDeviceGetCount()
        except (self._library.NVMLError, AttributeError) as error:
            self.absent = self._reason(error)
            return self
        self.devices = tuple(device for index in range(count) for device in self._at(index))
        self.absent = None if self.devices else NO_GPU
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ask(self._library, "nvmlShutdown")

    def _reason(self, error: Exception) -> str:
        """Calm where no driver is installed, the driver's own words where one is and does not answer."""
        library = self._library
        normal = (library.NVML_ERROR_LIBRARY_NOT_FOUND, library.NVML_ERROR_DRIVER_NOT_LOADED)
        return NO_GPU if getattr(error, "value", None) in normal else f"GPU state not available: {error}"

    def _at(self, index: int) -> tuple[Device, ...]:
        whole = Device(self._library, index, lambda: self._library.nvmlDeviceGetHandleByIndex(index))
        return tuple(whole.slices()) or (whole,)


class Device:
    """One GPU or one MIG slice; asking it never raises, and one that is lost is asked no more."""

    def __init__(self, library: Library, index: int, handle: Callable[[], Any]) -> None:
        self._library = library
        self.index = index
        """NVML's number; a slice has its GPU's."""
        self.fault: str | None = None
        """What is wrong with it, such as `lost`."""
        self._handle = self._try(handle)
        self.uuid = _text(self._ask("nvmlDeviceGetUUID"))
        """Its lasting name."""
        self.name = _text(self._ask("nvmlDeviceGetName"))
        """What the maker calls it."""

    def slices(self) -> list[Device]:
        """Its MIG slices; none where MIG is off or unknown."""
        mode = self._ask("nvmlDeviceGetMigMode") or [0]
        if mode[0] != 1:
            return []
        count = self._ask("nvmlDeviceGetMaxMigDeviceCount") or 0
        found = (self._slice(number) for number in range(count))
        return [device for device in found if device.there]

    @property
    def there(self) -> bool:
        """Whether the driver knows it at all."""
        return self._handle is not None

    def utilisation(self) -> float | None:
        """Share of time a kernel ran, per cent."""
        rates = self._ask("nvmlDeviceGetUtilizationRates")
        return None if rates is None else float(rates.gpu)

    def memory(self) -> tuple[int | None, int | None]:
        """Bytes used and bytes in all; used as `nvidia-smi` shows it where the driver can tell."""
        version = getattr(self._library, "nvmlMemory_v2", None)
        found = version and self._ask("nvmlDeviceGetMemoryInfo", version)
        found = found or self._ask("nvmlDeviceGetMemoryInfo")
        return (None, None) if found is None else (int(found.used), int(found.total))

    def temperature(self) -> float | None:
        """Degrees Celsius; the older call where the driver lacks the newer."""
        sensor = getattr(self._library, "NVML_TEMPERATURE_GPU", 0)
        found = self._ask("nvmlDeviceGetTemperatureV", sensor)
        found = self._ask("nvmlDeviceGetTemperature", sensor) if found is None else found
        return None if found is None else float(found)

    def power(self) -> float | None:
        """Watts."""
        found = self._ask("nvmlDeviceGetPowerUsage")
        return None if found is None else found / MILLI

    def energy(self) -> float | None:
        """Joules since the driver was loaded."""
        found = self._ask("nvmlDeviceGetTotalEnergyConsumption")
        return None if found is None else found / MILLI

    def users(self) -> list[GpuUser] | None:
        """The processes that hold its memory, unnamed; None where the driver does not say."""
        compute = self._ask("nvmlDeviceGetComputeRunningProcesses")
        graphics = self._ask("nvmlDeviceGetGraphicsRunningProcesses")
        if compute is None and graphics is None:
            return None
        held = {entry.pid: entry.usedGpuMemory for entry in [*(graphics or []), *(compute or [])]}
        return [GpuUser(index=self.index, pid=pid, memory=memory) for pid, memory in held.items()]

    def _slice(self, number: int) -> Device:
        return Device(
            self._library,
            self.index,
            lambda: self._library.nvmlDeviceGetMigDeviceHandleByIndex(self._handle, number),
        )

    def _ask(self, name: str, *more: object) -> Any:
        return self._try(lambda: getattr(self._library, name)(self._handle, *more)) if self.there else None

    def _try(self, call: Callable[[], Answer]) -> Answer | None:
        if self.fault is not None:  # a call to a GPU that fell off the bus can crash inside the driver
            return None
        try:
            return call()
        except refusals(self._library) as error:
            if getattr(error, "value", None) == self._library.NVML_ERROR_GPU_IS_LOST:
                self.fault = "lost"
            return None


def ask(library: Library, name: str) -> Any:
    """Call a function that belongs to no device; None when it is refused."""
    try:
        return getattr(library, name)()
    except refusals(library):
        return None


def refusals(library: Library) -> tuple[type[Exception], ...]:
    """How a call says that it has no answer: the driver's error, or a function of another release."""
    mismatch = getattr(library, "NVMLLibraryMismatchError", library.NVMLError)
    return (library.NVMLError, mismatch, AttributeError, TypeError, UnicodeDecodeError)


def _text(found: Any) -> str | None:
    """Text that older releases of the package give as bytes."""
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found

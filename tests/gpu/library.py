"""A stand-in for the driver's library: recorded answers, and any of them can be made to fail."""

# ruff: noqa: N802  # its functions have NVML's own names

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pynvml

GIB = 1024**3

CALLS = (
    "nvmlDeviceGetUUID",
    "nvmlDeviceGetName",
    "nvmlDeviceGetMigMode",
    "nvmlDeviceGetMaxMigDeviceCount",
    "nvmlDeviceGetUtilizationRates",
    "nvmlDeviceGetMemoryInfo",
    "nvmlDeviceGetTemperature",
    "nvmlDeviceGetTemperatureV",
    "nvmlDeviceGetPowerUsage",
    "nvmlDeviceGetTotalEnergyConsumption",
    "nvmlDeviceGetComputeRunningProcesses",
    "nvmlDeviceGetGraphicsRunningProcesses",
)
"""Every function that is asked of one device."""

CODES = tuple(
    value for name, value in sorted(vars(pynvml).items()) if name.startswith("NVML_ERROR_") and value
)
"""Every error the driver knows."""


@dataclass
class Card:
    """One GPU as it answered when it was recorded; None where it said that it does not support that."""

    uuid: str = "GPU-5fe9a1c2-0000-4000-8000-000000000000"
    name: str | bytes = "NVIDIA A100-SXM4-80GB"
    utilisation: int | None = 87
    memory: tuple[int, int] | None = (int(31.2 * GIB), 80 * GIB)
    temperature: int | None = 64
    milliwatts: int | None = 243_211
    millijoules: int | None = 7_200_000
    compute: list[tuple[int, int | None]] | None = field(default_factory=list)
    graphics: list[tuple[int, int | None]] | None = field(default_factory=list)
    slices: list[Card] = field(default_factory=list)
    lost: bool = False


class FakeLibrary:
    """Has the functions of `pynvml` that the planner uses, over some cards."""

    NVMLError = pynvml.NVMLError

    def __init__(self, *cards: Card) -> None:
        self.cards = cards
        self.failures: dict[str, Exception] = {}
        """By function: what it raises from now on."""
        self.asked: list[str] = []
        """Functions of a device, as they were called."""

    def __getattr__(self, name: str) -> Any:
        if name in CALLS:
            return lambda handle, *more: self._answer(name, handle, *more)
        if name.startswith(("NVML_", "nvmlMemory_", "NVMLLibrary")):
            return getattr(pynvml, name)
        raise AttributeError(name)

    def nvmlInit(self) -> None:
        self._fail("nvmlInit")

    def nvmlShutdown(self) -> None:
        self._fail("nvmlShutdown")

    def nvmlDeviceGetCount(self) -> int:
        self._fail("nvmlDeviceGetCount")
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> Card:
        self._fail("nvmlDeviceGetHandleByIndex")
        return self._present(self.cards[index])

    def nvmlDeviceGetMigDeviceHandleByIndex(self, card: Card, number: int) -> Card:
        self._fail("nvmlDeviceGetMigDeviceHandleByIndex")
        if number >= len(card.slices):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return card.slices[number]

    def _answer(self, name: str, card: Card, *more: Any) -> Any:
        self.asked.append(name)
        self._fail(name)
        found = ANSWERS[name](self._present(card))
        if found is None:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return found

    def _fail(self, name: str) -> None:
        if name in self.failures:
            raise self.failures[name]

    @staticmethod
    def _present(card: Card) -> Card:
        if card.lost:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return card


class HangingLibrary(FakeLibrary):
    """A driver that never answers how hot the card is."""

    def _answer(self, name: str, card: Card, *more: Any) -> Any:
        if name.startswith("nvmlDeviceGetTemperature"):
            threading.Event().wait()
        return super()._answer(name, card, *more)


def without_driver() -> FakeLibrary:
    """The normal laptop."""
    return refusing(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)


def refusing(code: int) -> FakeLibrary:
    """A library that can't be opened."""
    library = FakeLibrary()
    library.failures["nvmlInit"] = pynvml.NVMLError(code)
    return library


def two_cards() -> FakeLibrary:
    """A busy A100 and an idle one."""
    idle = Card(uuid="GPU-77aa0000-0000-4000-8000-000000000001", utilisation=0, memory=(0, 80 * GIB))
    return FakeLibrary(Card(), idle)


def sliced() -> FakeLibrary:
    """An A100 cut by MIG: a slice tells its memory, and neither load nor heat nor power."""
    slices = [
        Card(
            uuid=f"MIG-0000000{number}-0000-4000-8000-000000000000",
            name="NVIDIA A100-SXM4-40GB MIG 1g.5gb",
            utilisation=None,
            memory=(number * GIB, 5 * GIB),
            temperature=None,
            milliwatts=None,
            millijoules=None,
        )
        for number in range(2)
    ]
    return FakeLibrary(Card(slices=slices))


def _processes(entries: list[tuple[int, int | None]] | None) -> Any:
    if entries is None:
        return None
    return [SimpleNamespace(pid=pid, usedGpuMemory=memory) for pid, memory in entries]


def _memory(card: Card) -> Any:
    return card.memory and SimpleNamespace(used=card.memory[0], total=card.memory[1])


ANSWERS: dict[str, Callable[[Card], Any]] = {
    "nvmlDeviceGetUUID": lambda card: card.uuid,
    "nvmlDeviceGetName": lambda card: card.name,
    "nvmlDeviceGetMigMode": lambda card: [int(bool(card.slices))] * 2,
    "nvmlDeviceGetMaxMigDeviceCount": lambda card: 7,
    "nvmlDeviceGetUtilizationRates": lambda card: (
        None if card.utilisation is None else SimpleNamespace(gpu=card.utilisation)
    ),
    "nvmlDeviceGetMemoryInfo": _memory,
    "nvmlDeviceGetTemperature": lambda card: card.temperature,
    "nvmlDeviceGetTemperatureV": lambda card: card.temperature,
    "nvmlDeviceGetPowerUsage": lambda card: card.milliwatts,
    "nvmlDeviceGetTotalEnergyConsumption": lambda card: card.millijoules,
    "nvmlDeviceGetComputeRunningProcesses": lambda card: _processes(card.compute),
    "nvmlDeviceGetGraphicsRunningProcesses": lambda card: _processes(card.graphics),
}

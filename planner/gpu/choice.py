"""Chooses the GPU for the next run, and leaves alone what other people use."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from planner.domain.gpu import GpuReading, GpuState
from planner.gpu.figures import gibibytes

FREE_SHARE = 0.5
"""With less of its memory free than this, a GPU is somebody else's; a desktop's own windows stay below it."""
HIDDEN = "CUDA_VISIBLE_DEVICES hides every GPU"
"""The absence that the user asked for."""


def choose(state: GpuState, leased: Collection[str], needs: int = 0) -> tuple[str | None, str]:
    """The UUID of the free GPU with the most free memory; or None, and why a run waits.

    `leased` are the GPUs that runs of the planner hold, `needs` the bytes the run is known to take.
    On a machine where no GPU is to be seen there is nothing to wait for, and the reason is empty.
    """
    free = [reading for reading in state.readings if _takeable(reading, leased, needs)]
    if free:
        return max(free, key=_room).uuid, ""
    return None, "; ".join(_why_not(reading, state, leased, needs) for reading in state.readings)


def slots(state: GpuState, leased: Collection[str]) -> int:
    """Runs that could start now: one for each free GPU, one where no GPU is to be seen."""
    if not state.readings:
        return 1
    return sum(_takeable(reading, leased, 0) for reading in state.readings)


def visible(state: GpuState, allowed: str | None) -> GpuState:
    """The GPUs that a value of CUDA_VISIBLE_DEVICES leaves; NVML itself ignores that variable.

    UUIDs may be shortened; numbers are taken in NVML's order, which is CUDA's own for equal GPUs.
    """
    if allowed is None or not state.readings:
        return state
    names = [name.strip() for name in allowed.split(",") if name.strip()]
    kept = tuple(reading for reading in state.readings if any(_is(reading, name) for name in names))
    absent = None if kept else HIDDEN
    return replace(state, readings=kept, absent=absent)


def _is(reading: GpuReading, name: str) -> bool:
    if re.fullmatch(r"\d+", name):
        return reading.index == int(name)
    return name.startswith(("GPU-", "MIG-")) and (reading.uuid or "").startswith(name)


def _takeable(reading: GpuReading, leased: Collection[str], needs: int) -> bool:
    return (
        reading.uuid is not None
        and reading.fault is None
        and reading.uuid not in leased
        and not _crowded(reading)
        and _room(reading) >= needs
    )


def _crowded(reading: GpuReading) -> bool:
    """Whether others hold so much of it that it is theirs; unknown memory is nobody's."""
    return bool(reading.memory_total) and _room(reading) < FREE_SHARE * (reading.memory_total or 0)


def _room(reading: GpuReading) -> float:
    """Bytes free; where the driver does not say, enough."""
    if reading.memory_total is None or reading.memory_used is None:
        return float("inf") if reading.memory_total is None else reading.memory_total
    return reading.memory_total - reading.memory_used


def _why_not(reading: GpuReading, state: GpuState, leased: Collection[str], needs: int) -> str:
    """Why a run can't have this one, in a few words."""
    gpu = f"GPU {reading.index}"
    if reading.fault is not None:
        return f"{gpu} is {reading.fault}"
    if reading.uuid is None:
        return f"{gpu} does not tell its UUID"
    if reading.uuid in leased:
        return f"{gpu} runs another run of the planner"
    free = f"{gpu} has {gibibytes(int(_room(reading)))} of {gibibytes(reading.memory_total or 0)} GiB free"
    holders = [user for user in state.users if user.index == reading.index]
    if holders and _crowded(reading):
        return f"{free}: {holders[0].pid} {holders[0].name or '(unknown)'} uses it"
    return free if _crowded(reading) else f"{free} and the run needs {gibibytes(needs)}"

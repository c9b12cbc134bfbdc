"""Reads the GPUs once, through the door, into facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from planner.clock import utc_now
from planner.domain.gpu import GpuReading, GpuState, GpuUser
from planner.gpu.nvml import Device, Door


def read(door: Door, pid: int | None = None, uuid: str | None = None) -> GpuState:
    """The GPUs and who uses them; `pid`'s own memory counts its descendants, `uuid` leaves out all others."""
    if door.absent is not None:
        return GpuState(absent=door.absent)
    chosen = [device for device in door.devices if uuid is None or device.uuid == uuid]
    family = {} if pid is None else dict.fromkeys(_family(pid))
    at = utc_now()
    held = [device.users() or [] for device in chosen]
    readings = tuple(_reading(device, at, users, family) for device, users in zip(chosen, held, strict=True))
    users = sorted((user for some in held for user in some), key=_size, reverse=True)
    absent = None if chosen else f"no GPU {uuid} on this machine"
    return GpuState(readings=readings, users=tuple(users), absent=absent)


def named(state: GpuState) -> GpuState:
    """The same, each user with the name its process gives itself."""
    return replace(state, users=tuple(replace(user, name=_name(user.pid)) for user in state.users))


def _reading(device: Device, at: str, users: list[GpuUser], family: Collection[int]) -> GpuReading:
    used, total = device.memory()
    return GpuReading(
        at=at,
        index=device.index,
        uuid=device.uuid,
        name=device.name,
        utilisation=device.utilisation(),
        memory_used=used,
        memory_total=total,
        memory_own=_own(users, family),
        temperature=device.temperature(),
        power=device.power(),
        energy=device.energy(),
        fault=device.fault,
    )


def _own(users: list[GpuUser], family: Collection[int]) -> int | None:
    """Bytes the family holds; None when the driver shows none of it, which in a container it never does."""
    held = [user.memory for user in users if user.pid in family and user.memory is not None]
    return sum(held) if held else None


def _family(pid: int) -> list[int]:
    """A process and all its descendants."""
    import psutil  # only where there is a GPU: a machine without one loads none of it

    try:
        process = psutil.Process(pid)
        return [pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.Error:
        return [pid]


def _name(pid: int) -> str | None:
    import psutil

    try:
        return str(psutil.Process(pid).name())
    except psutil.Error:
        return None


def _size(user: GpuUser) -> int:
    return user.memory or 0

"""Holders of every kind of lock, killed: whoever comes next has the lock at once."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

from planner.gpu.lease import Leases
from planner.store.lock import Busy, acquired
from tests.drills.figure import Figure

GPU = "GPU-5fe9a1c2-0000-4000-8000-000000000000"
Take = Callable[[Path], bool]
"""Takes a lock within a folder for as long as the process lives; False when somebody holds it."""


def _store(folder: Path) -> bool:
    return _file(folder / "lock")


def _dispatcher(folder: Path) -> bool:
    return _file(folder / "dispatcher.lock")


def _file(path: Path) -> bool:
    try:
        acquired(path, patience=0)
    except Busy:
        return False
    return True


_leases: list[Leases] = []


def _lease(folder: Path) -> bool:
    _leases.append(Leases(folder / "leases"))  # kept, since what nobody refers to is let go
    return _leases[-1].take(GPU)


KINDS: dict[str, Take] = {"store": _store, "dispatcher": _dispatcher, "lease": _lease}


def killed_holders(times: int, folder: Path, seed: int) -> Figure:
    """Kill holders of the store's lock, the dispatcher's and a GPU's; each must be free afterwards.

    While the holder lives, nobody else may have it.
    """
    chosen = random.Random(seed)
    held = sum(_taken_over(chosen.choice(sorted(KINDS)), folder) for _ in range(times))
    note = "store, dispatcher, GPU leases; never had by two"
    return Figure(what="lock holder killed, lock taken over at once", tried=times, held=held, note=note)


def _taken_over(kind: str, folder: Path) -> bool:
    holder = _holder(KINDS[kind], folder)
    shared = _in_child(KINDS[kind], folder)
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    return not shared and _in_child(KINDS[kind], folder)


def _holder(take: Take, folder: Path) -> int:
    """A process that holds the lock until it is killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"1" if take(folder) else b"0")
        signal.pause()
    os.close(writer)
    assert os.read(reader, 1) == b"1", "it could not be held in the first place"
    os.close(reader)
    return child


def _in_child(take: Take, folder: Path) -> bool:
    """Whether a process of its own gets the lock; it ends with it."""
    child = os.fork()
    if child == 0:
        os._exit(0 if take(folder) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

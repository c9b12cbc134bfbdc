"""The process that asks NVML, so that a driver that crashes or hangs takes nothing else with it."""

from __future__ import annotations

import argparse
import os
import select
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import orjson

from planner.domain.gpu import GpuReading, GpuState
from planner.gpu.nvml import Door, Library
from planner.gpu.readings import named, read

if TYPE_CHECKING:
    import psutil

GLANCE = 0.5
"""Seconds between two looks at whether anybody still wants readings."""
FAR = 65536
"""Bytes back from a file's end in which its last whole line ends; a line has a few hundred."""


def main(arguments: Sequence[str] | None = None, library: Library | None = None) -> int:
    """Print one state, or go on printing while standard input is open or appending while PID lives."""
    wanted = _wanted(arguments)
    with Door(library) as door:
        if wanted.once:
            return _print(door, interval=None)
        if wanted.watch:
            return _while(_standard_input_open, lambda: _print(door, interval=wanted.interval or 2.0))
        if door.absent is not None:
            return 0
        watched = _process(wanted.pid)
        return _while(lambda: alive(watched), lambda: _append(door, wanted))


def alive(process: psutil.Process | None) -> bool:
    """Whether it is the process it was (by its create time too) and has not ended."""
    import psutil  # which a machine without a driver, where this process ends at once, need not load

    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wanted(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m planner.gpu.sampler", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--once", action="store_true", help="print one state as JSON")
    way.add_argument("--watch", action="store_true", help="print a state a line until standard input closes")
    way.add_argument("--out", type=Path, help="append a reading a line to this file until PID is gone")
    parser.add_argument("--pid", type=int, help="the process whose own memory counts")
    parser.add_argument("--uuid", help="only this GPU")
    parser.add_argument("--interval", type=float, help="seconds between readings; 1, or 2 with --watch")
    wanted = parser.parse_args(arguments)
    if wanted.out and wanted.pid is None:
        parser.error("--out needs --pid: the readings end when that process does")
    return wanted


def _while(wanted: Callable[[], bool], work: Callable[[], object]) -> int:
    """Work in a thread that may hang inside the driver; this one ends when nobody wants the readings."""
    working = Thread(target=work, daemon=True)
    working.start()
    while working.is_alive() and wanted():
        working.join(GLANCE)
    return 0


def _print(door: Door, interval: float | None) -> int:
    """Print the state, and again at every interval unless there is none or no GPU."""
    while True:
        state = named(read(door))
        try:
            _write(sys.stdout.fileno(), state)
        except OSError:  # nobody reads any more
            return 0
        if interval is None or door.absent is not None:
            return 0
        time.sleep(interval)


def _append(door: Door, wanted: argparse.Namespace) -> None:
    file = _open(wanted.out)
    while True:
        for reading in read(door, wanted.pid, wanted.uuid).readings:
            end = os.fstat(file).st_size
            try:
                _write(file, reading)
            except OSError:  # a full disk costs this reading and nothing else; half a line of it is cut off
                os.ftruncate(file, end)
        time.sleep(wanted.interval or 1.0)


def _open(path: Path) -> int:
    """The file, private, without the half line that an earlier sampler may have left."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    size = os.fstat(file).st_size
    start = max(0, size - FAR)
    os.ftruncate(file, start + os.pread(file, size - start, start).rfind(b"\n") + 1)
    return file


def _write(file: int, fact: GpuReading | GpuState) -> None:
    """One line, whole; OSError when there is no room or no reader."""
    line = orjson.dumps(asdict(fact), option=orjson.OPT_APPEND_NEWLINE)
    while line:
        line = line[os.write(file, line) :]


def _process(pid: int) -> psutil.Process | None:
    import psutil

    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _standard_input_open() -> bool:
    """Whether whoever started this still holds the other end; waits a glance to find out."""
    try:
        ready, _, _ = select.select([sys.stdin], [], [], GLANCE)
        return not ready or os.read(sys.stdin.fileno(), 4096) != b""
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())

"""What a run tells, cut at every byte of its last record, opened again and added to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from planner.domain.event import Alert, Check, Ended, Epoch, Event, Started
from planner.domain.gpu import GpuReading
from planner.gpu import sampler
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from tests.drills.doors import Unsynced, through
from tests.drills.figure import Figure

AT = "2026-11-21T07:00:00.000Z"
EVENTS: tuple[Event, ...] = (
    Started(at=AT, pid=12, epochs=3),
    Epoch(at=AT, epoch=1, epochs=3, seconds=1.5, metrics={"loss": float("nan"), "größe": 0.5}),
    Check(at=AT, name="recipe", passed=True, detail="it says “\n” and \\"),
    Alert(at=AT, text="the disk was full 𝛼"),
    Ended(at=AT, status="failed", seconds=2.5, cause="no", metrics={"loss": float("inf")}),
)
"""One of each kind, with what JSON has to escape."""
READING = GpuReading(at=AT, index=0, uuid="GPU-0", name="NVIDIA A100", power=60.5)


def add_events(folder: RunFolder, events: Sequence[Event]) -> None:
    """As a worker that starts adds them."""
    with through(Unsynced()), EventLog(folder.events) as log:
        for event in events:
            log.write(event)


def add_readings(folder: RunFolder, readings: Sequence[GpuReading]) -> None:
    """As a sampler that starts adds them."""
    file = sampler._open(folder.gpu)
    for reading in readings:
        sampler._write(file, reading)
    os.close(file)


def events_cut(folder: Path) -> Figure:
    """For every kind of event: what came before its cut record is there, and so is what is added."""
    cases = [
        _cut(RunFolder(folder), "events", add_events, lambda run: run.read_events()[0], (*EVENTS, last), new)
        for last in EVENTS
        for new in (EVENTS[1], EVENTS[-1])
    ]
    return _figure("event log cut at every byte of its last record, reopened, added to", cases)


def readings_cut(folder: Path) -> Figure:
    """The same for the readings of the GPU."""
    last, new = [GpuReading(at=AT, index=index, uuid=f"GPU-{index}") for index in (1, 2)]
    whole = (READING, last)
    cases = [_cut(RunFolder(folder), "gpu", add_readings, lambda run: run.read_gpu()[0], whole, new)]
    return _figure("gpu.jsonl cut at every byte of its last record, reopened, added to", cases)


def _cut(
    folder: RunFolder,
    name: str,
    add: Callable[[RunFolder, Sequence[Any]], None],
    read: Callable[[RunFolder], list[Any]],
    whole: Sequence[Any],
    new: Any,
) -> list[bool]:
    """Whether it held, for each length that a death may have left of the last of the whole records."""
    path: Path = getattr(folder, name)
    path.unlink(missing_ok=True)
    add(folder, whole[:-1])
    before = path.read_bytes()
    add(folder, whole[-1:])
    record = path.read_bytes()[len(before) :]
    held = []
    for length in range(len(record) + 1):
        path.write_bytes(before + record[:length])
        kept = [*whole] if length == len(record) else [*whole[:-1]]
        seen = _alike(read(folder), kept)  # whoever looks before it is opened again
        add(folder, [new])
        held.append(seen and _alike(read(folder), [*kept, new]))
    return held


def _alike(found: Sequence[object], meant: Sequence[object]) -> bool:
    return repr(list(found)) == repr(list(meant))  # NaN is itself only in words


def _figure(what: str, cases: Sequence[Sequence[bool]]) -> Figure:
    tried = [held for case in cases for held in case]
    note = "all that came before is there, and what was added" if all(tried) else "something was lost"
    return Figure(what=what, tried=len(tried), held=sum(tried), note=note)

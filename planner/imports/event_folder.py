"""TensorBoard's runs, from a folder of event files; neither TensorBoard nor TensorFlow is needed.

An event file is a sequence of records, each one protocol buffer `Event` between a length and two checksums.
Only scalars are looked at: a summary's `simple_value`, or a float tensor with a single value.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from planner.domain.mistake import Mistake
from planner.imports.outside import ROW_LIMIT
from planner.imports.tracked import TrackedRun
from planner.imports.values import finite, from_milliseconds

PATTERN = "*tfevents*"
"""The names of event files."""
RECORD_LIMIT = 16 * 2**20
"""Bytes of a record; a longer one is a picture or a graph, and passed over."""
EXPECTED = ("validation", "val", "test", "eval")
"""Folders beside `train` whose scalars are those of the same run, by Keras's habit."""

Scalars = dict[str, tuple[int, float]]
"""The last step and value of each tag."""
Value = int | bytes
"""What a field of a protocol buffer holds: a number, or bytes to be looked into."""


def event_files(folder: Path) -> list[Path]:
    """The event files below a folder."""
    found = []
    for path in sorted(folder.rglob(PATTERN)):
        if path.is_file() and not path.is_symlink():
            found.append(path)
        if len(found) > ROW_LIMIT:
            raise Mistake(f"{folder.name} holds more than {ROW_LIMIT:,} event files; import a part of it")
    return found


def read_runs(folder: Path) -> list[TrackedRun]:
    """Every run, the earliest end first: one a folder, where `train` and `validation` beside it are one."""
    files: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in event_files(folder):
        files[_run_folder(path.parent, folder)].append(path)
    runs = [_run(run, paths, folder) for run, paths in files.items()]
    return sorted(runs, key=lambda run: (run.at or "", run.name))


def _run_folder(parent: Path, top: Path) -> Path:
    return parent.parent if parent != top and parent.name in (*EXPECTED, "train") else parent


def _run(run: Path, paths: list[Path], top: Path) -> TrackedRun:
    metrics: dict[str, float | None] = {}
    times: list[float] = []
    for path in paths:
        scalars = _scalars(path, times)
        prefix = "val_" if path.parent != run and path.parent.name in EXPECTED else ""
        metrics |= {_metric(tag, prefix): finite(value) for tag, (_, value) in scalars.items()}
    name = run.relative_to(top).as_posix() if run != top else top.name
    return TrackedRun(
        name=name,
        id=name,
        group=top.name,
        state="finished" if metrics else "unfinished",
        metrics=metrics,
        at=from_milliseconds(max(times) * 1000) if times else None,
        hours=(max(times) - min(times)) / 3600 if times else None,
    )


def _metric(tag: str, prefix: str) -> str:
    """A tag under the name that Keras's logs have: `epoch_accuracy` of the validation is `val_accuracy`."""
    return f"{prefix}{tag.removeprefix('epoch_')}" if prefix or tag.startswith("epoch_") else tag


def _scalars(path: Path, times: list[float]) -> Scalars:
    """The last value of each scalar, and when everything happened, in seconds since 1970."""
    latest: Scalars = {}
    with path.open("rb") as file:
        for record in _records(file):
            for time, step, tag, value in _points(record):
                times.append(time)
                if tag not in latest or step >= latest[tag][0]:
                    latest[tag] = step, value
    return latest


def _records(file: BinaryIO) -> Iterator[bytes]:
    """The records of a file; a torn one at its end is left out."""
    while len(head := file.read(12)) == 12:
        length = struct.unpack("<Q", head[:8])[0]
        if length > RECORD_LIMIT:
            if length > 2**40:
                return  # no length at all: the file is damaged from here on
            file.seek(length + 4, 1)
            continue
        record = file.read(length)
        if len(record) < length or len(file.read(4)) < 4:
            return
        yield record


def _points(record: bytes) -> Iterator[tuple[float, int, str, float]]:
    """Time, step, tag and value of each scalar in an event."""
    time, step, summaries = 0.0, 0, []
    for number, value in _fields(record):
        if number == 1 and isinstance(value, bytes) and len(value) == 8:
            time = struct.unpack("<d", value)[0]
        elif number == 2 and isinstance(value, int):
            step = value
        elif number == 5 and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, value in _fields(summary):
            if number == 1 and isinstance(value, bytes):
                found = _scalar(value)
                if found is not None:
                    yield time, step, *found


def _scalar(summary: bytes) -> tuple[str, float] | None:
    """Tag and value of one value of a summary; None when it is no scalar."""
    tag, number = "", None
    for field, value in _fields(summary):
        if not isinstance(value, bytes):
            continue
        if field == 1:
            tag = value.decode("utf-8", "replace")
        elif field == 2 and len(value) == 4:
            number = struct.unpack("<f", value)[0]
        elif field == 8:
            number = _single(value)
    return None if number is None or not tag else (tag, number)


def _single(tensor: bytes) -> float | None:
    """The value of a float or double tensor that holds one; None of any other."""
    kind, found = 0, None
    for field, value in _fields(tensor):
        if field == 1 and isinstance(value, int):
            kind = value
        elif isinstance(value, bytes) and kind in (1, 2) and field in (4, 5, 6):
            layout = "<f" if kind == 1 else "<d"
            found = struct.unpack(layout, value)[0] if len(value) == struct.calcsize(layout) else None
    return found


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """The fields of a protocol buffer by number; what can't be read ends it."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        length = {1: 8, 5: 4}.get(wire)
        if wire == 2:
            length, place = _varint(message, place)
        if length is None or place + length > len(message):
            return
        yield number, message[place : place + length]
        place += length


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    found = shift = 0
    while place < len(message) and shift < 70:
        byte = message[place]
        place += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    return found, place

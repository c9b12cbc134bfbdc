"""What a run keeps for one that goes on with its training, and what it finds of an earlier one."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner.domain.event import Epoch
from planner.domain.mistake import Mistake
from planner.domain.run import MARKER_FORMAT, Marker
from planner.store import encoding, files
from planner.store.runfolder import RunFolder
from planner.worker.agreement import difference
from planner.worker.checkpoint import save_whole
from planner.worker.task import Task

if TYPE_CHECKING:
    # Recipes that keep their own loop need no NumPy, and none is imported for them.
    from planner.worker.keras_state import State
    from planner.worker.packing import Arrays

PLAIN = "plain"
"""The name within a state's file of what is no array, as JSON in bytes."""
DAMAGED = (OSError, ValueError, EOFError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a file that is not what was written may raise."""


def mark(task: Task, agrees: dict[str, str], state: State | None = None) -> None:
    """Keep the state, or say that the recipe keeps its own: whole on the disk before the marker names it."""
    folder = task.folder
    files.make_folder(folder.checkpoints)
    task.report.sync()  # the state is worth nothing without the epochs before it
    name = None if state is None else _write(folder, state)
    epoch = 0 if state is None else state.epoch
    marker = Marker(format=MARKER_FORMAT, epoch=epoch, file=name, agrees=agrees)
    files.write_whole(folder.resume, encoding.encode(marker))
    _remove_states(folder, name)


def forget(folder: RunFolder) -> None:
    """Remove what was kept: the run has come to its end, and nobody goes on from there."""
    files.remove(folder.resume)
    _remove_states(folder, None)


def earlier(task: Task, agrees: dict[str, str]) -> tuple[RunFolder, Marker] | None:
    """The run to go on from and what it has kept; None, with an alert, where it can't be gone on from."""
    name = task.spec.resume_from
    if name is None:
        return None
    try:
        folder = RunFolder.within(task.folder.path.parent, name)
        marker = folder.read_marker()
        if marker is None:
            raise Mistake("it has kept nothing")
        if changed := difference(agrees, marker.agrees):
            raise Mistake(changed)
    except (Mistake, OSError) as why:
        begin_anew(task, str(why))
        return None
    return folder, marker


def begin_anew(task: Task, why: str) -> None:
    """Say that the training begins with its first epoch though there is an earlier run."""
    task.report.alert(f"trains from the start instead of going on from {task.spec.resume_from}: {why}")


def read_state(folder: RunFolder, marker: Marker) -> State:
    """The state that a marker names; Mistake when it is missing, torn or altered."""
    from planner.worker.keras_state import State

    path = folder.checkpoints / (marker.file or "")
    try:
        if path.parent != folder.checkpoints or path.is_symlink():
            raise ValueError("no plain name")
        arrays = _arrays(path)
        plain = json.loads(arrays.pop(PLAIN).tobytes())
    except DAMAGED as error:
        raise Mistake(f"{path} can't be read ({type(error).__name__}: {error})") from error
    return State(marker.epoch, arrays, plain)


def epochs_before(folder: RunFolder, last: int) -> list[Epoch]:
    """The epochs an earlier run has told of up to the `last`, each as it was told last."""
    events, _ = folder.read_events()
    told: dict[int, list[Epoch]] = {}
    seen = 0
    for event in events:
        if isinstance(event, Epoch):
            if event.epoch < seen:  # trained again from there
                told = {number: parts for number, parts in told.items() if number < event.epoch}
            seen = event.epoch
            told.setdefault(seen, []).append(event)
    return [part for number in sorted(told) if number <= last for part in told[number]]


def _write(folder: RunFolder, state: State) -> str:
    """The state as a file of the folder, and its name."""
    import numpy as np

    name = f"epoch-{state.epoch}.npz"
    arrays: Arrays = {**state.arrays, PLAIN: np.frombuffer(json.dumps(state.plain).encode(), np.uint8)}
    save_whole(folder.checkpoints / name, lambda path: np.savez(path, **arrays))
    return name


def _arrays(path: Path) -> Arrays:
    """Every array of the file, its checksum tested as it is read; nothing in it is ever run."""
    import numpy as np

    with np.load(path, allow_pickle=False) as packed:
        return {name: packed[name] for name in packed.files}


def _remove_states(folder: RunFolder, but: str | None) -> None:
    for path in _states(folder):
        if path.name != but:
            files.remove(path)


def _states(folder: RunFolder) -> Iterator[Path]:
    return folder.checkpoints.glob("epoch-*.npz")

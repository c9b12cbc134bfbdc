"""Are the inputs of the validation those of the training?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, leaves
from planner.worker.task import Task

LOOKED_FOR = 200
"""Validation examples that are looked for, spread evenly."""
FEWEST = 20
"""Fewer say nothing."""
MOST = 1_000_000
"""Training examples among which they are looked for, at most."""
COLUMNS = 32
"""Numbers of an input by which the likely ones are found, before any is compared in full."""
SAMPLE = 1000
"""Training examples that are looked at for how many kinds there are."""
DIFFERENT = 0.9
"""Share of them that must be different ones."""
SO = "the validation says nothing of examples that were not trained on"
"""What follows."""


def warn_of_seen(task: Task, trial: Trial) -> None:
    """An alert where the validation says nothing of new examples; it may be meant, so it ends nothing."""
    if text := _seen(trial):
        task.report.alert(text)


def _seen(trial: Trial) -> str:
    """That every input of the validation is one of the training's; empty where not, or not known."""
    if trial.validation is not None and trial.validation is trial.train:
        return f"the validation data are the training data: {SO}"
    train, validation = (
        None if data is None else arrays_of(data, name)
        for data, name in ((trial.train, "train"), (trial.validation, "validation"))
    )
    if train is None or validation is None or len(validation) < FEWEST or len(train) > MOST:
        return ""
    some = np.unique(np.linspace(0, len(validation) - 1, LOOKED_FOR).astype(int))
    ours, theirs = _rows(train, slice(None)), _rows(validation, some)
    if ours is None or theirs is None or not _among(theirs, ours):
        return ""
    return f"all {len(some)} validation inputs that were looked at are among the training's: {SO}"


def _rows(arrays: Arrays, places: Any) -> Any:
    """(n, numbers) inputs of one array each; None where they are several arrays, or no numbers."""
    found = leaves(arrays.x)
    if len(found) != 1 or not isinstance(found[0], np.ndarray) or found[0].dtype.kind not in "biuf":
        return None
    rows = found[0][places]
    return rows.reshape(len(rows), -1)


def _among(theirs: Any, ours: Any) -> bool:
    """Whether each of their rows is one of ours, of which most are different from one another."""
    if theirs.shape[1] != ours.shape[1] or theirs.shape[1] == 0:
        return False
    columns = np.argsort(-theirs.std(axis=0, dtype=np.float64), kind="stable")[:COLUMNS]
    if not (ours[:, columns] == theirs[0, columns]).all(axis=1).any() or _repeat(ours):
        return False
    places: dict[bytes, list[int]] = {}
    for place, key in enumerate(_keys(ours, columns, theirs.dtype)):
        places.setdefault(key, []).append(place)
    return all(
        any(np.array_equal(row, ours[place]) for place in places.get(key, ()))
        for row, key in zip(theirs, _keys(theirs, columns, theirs.dtype), strict=True)
    )


def _keys(rows: Any, columns: Any, dtype: Any) -> Iterator[bytes]:
    return (key.tobytes() for key in np.ascontiguousarray(rows[:, columns].astype(dtype)))


def _repeat(rows: Any) -> bool:
    """Whether there are few kinds of inputs, so that each comes again by itself."""
    some = rows[np.unique(np.linspace(0, len(rows) - 1, SAMPLE).astype(int))]
    return len({row.tobytes() for row in np.ascontiguousarray(some)}) < DIFFERENT * len(some)

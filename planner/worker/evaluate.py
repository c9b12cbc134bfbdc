"""After a full run: what the model does with the validation data, beyond its metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planner.domain.evaluation import Evaluation, Slice
from planner.domain.mistake import Mistake
from planner.store import encoding, files
from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, batches
from planner.worker.judge import Judge
from planner.worker.task import Task
from planner.worker.worst import Worst

CHUNK = 512
"""Examples asked about at a time."""
LIMIT = 50_000
"""Examples judged one by one, at most: the list of the worst must not cost another training."""


def evaluate(task: Task, trial: Trial, judge: Judge) -> None:
    """Write evaluation.json; without validation data there is nothing to write."""
    if trial.validation is None:
        return
    data = arrays_of(trial.validation, "validation")
    data = trial.validation if data is None else data
    worst = _worst(trial, judge, data)
    evaluation = Evaluation(
        metrics={f"val_{name}": value for name, value in judge.metrics(data).items()},
        slices=_slices(task, trial.slices or {}, judge, data),
        worst=worst.examples if worst else (),
        labels=_labels(worst),
        confusion=_rows(worst),
    )
    files.write_whole(task.folder.evaluation, encoding.encode(evaluation))


def _worst(trial: Trial, judge: Judge, data: Any) -> Worst | None:
    """Judge the examples one by one; None when this model's answers can't be judged that way."""
    worst: Worst | None = None
    names = tuple(str(label) for label in trial.labels) if trial.labels is not None else judge.names
    for batch in batches(data, CHUNK):
        answers = judge.answers(batch)
        style = judge.style(answers) if answers is not None else None
        if answers is None or style is None or isinstance(batch.y, dict | list):
            return None
        worst = worst or Worst(style, names, confident=judge.confident)
        worst.add(judge.expected(batch.y), answers)
        if worst.seen >= LIMIT:
            break
    return worst


def _labels(worst: Worst | None) -> tuple[str, ...]:
    if worst is None or worst.confusion is None:
        return ()
    return tuple(worst.name(place) for place in range(len(worst.confusion)))


def _rows(worst: Worst | None) -> tuple[tuple[int, ...], ...]:
    if worst is None or worst.confusion is None:
        return ()
    return tuple(tuple(int(count) for count in row) for row in worst.confusion)


def _slices(task: Task, wanted: Mapping[str, Any], judge: Judge, data: Any) -> tuple[Slice, ...]:
    """The metrics on each named part; a part that can't be taken is an alert, and the others stand."""
    if wanted and not isinstance(data, Arrays):
        task.report.alert("slices need the validation data as arrays; this trial's come in batches")
        return ()
    found = []
    for name, where in wanted.items():
        try:
            found.append(_slice(name, where, judge, data))
        except Mistake as mistake:
            task.report.alert(str(mistake))
    return tuple(found)


def _slice(name: str, where: Sequence[Any], judge: Judge, data: Arrays) -> Slice:
    index = np.asarray(where)
    if index.dtype == bool:
        if index.shape != (len(data),):
            raise Mistake(
                f"the slice {name} is a mask of {index.size}, and there are {len(data)} validation examples"
            )
        index = np.flatnonzero(index)
    if index.size and (index.dtype.kind not in "iu" or index.min() < 0 or index.max() >= len(data)):
        raise Mistake(f"the slice {name} points outside the {len(data)} validation examples")
    if not index.size:
        return Slice(name=name, size=0, metrics={})
    return Slice(name=name, size=int(index.size), metrics=judge.metrics(data.take(index)))

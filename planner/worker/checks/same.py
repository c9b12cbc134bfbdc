"""Do the idea's trial and the baseline's come to the same, as far as a check can see?"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.trial import Trial
from planner.worker import seed
from planner.worker.checks.builder import Builder
from planner.worker.checks.likeness import Likeness, likeness
from planner.worker.checks.reading import changed, globals_of, refuse_the_same
from planner.worker.checks.stepping import step
from planner.worker.checks.subject import Subject, number
from planner.worker.data import arrays_of, batches, leaves
from planner.worker.fit import BATCH
from planner.worker.task import Task

STEPS = 2
"""Training steps after which the weights are still the same, to the last bit."""
BATCHES = 100
"""Batches of data that are compared, at most."""
DRAWN_ALIKE = 0.2
"""How far the spread of two draws of one weight may lie apart."""

Marks = list[tuple[Any, ...]]
"""Arrays by shape, kind and digest."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a trial just built comes to within a few training steps."""

    start: Marks
    """The first weights."""
    spreads: list[float]
    """The standard deviation of each of them."""
    end: Marks
    """The weights afterwards, and the answers to a batch before and afterwards."""
    data: Marks
    """The data where they come in batches; empty for arrays."""
    whole: bool
    """Whether all of the data were seen, and will be the same in each epoch."""
    outside: dict[str, Any]
    """What the project keeps in its modules and in the environment."""


def compare(task: Task, subject: Subject, builder: Builder) -> None:
    """Mistake where the idea surely changes nothing; an alert where it changes nothing that can be seen."""
    beside = builder.beside()
    # Building costs the most, and nearly every idea differs in what costs nothing to compare.
    if beside is None or likeness(subject.trial, beside) == Likeness.APART:
        return
    trial = builder.anew()
    ours = _course(task, trial, subject)
    other = builder.beside(anew=True)
    assert other is not None
    theirs = _course(task, other, subject)
    like = likeness(trial, other)
    if like == Likeness.APART or ours.data != theirs.data:
        return
    sure = like == Likeness.ALIKE and ours.whole and ours.outside == theirs.outside
    if ours.start == theirs.start and ours.end == theirs.end:
        if sure:
            refuse_the_same(changed(task), "the model, its optimiser and loss, the data and the fit")
        _warn(
            task, f"after {STEPS} training steps the weights are still those of the baseline, to the last bit"
        )
    elif sure and _only_drawn(ours, theirs, lambda: _course(task, builder.with_another_seed(), subject)):
        _warn(task, "nothing differs from the baseline but which random numbers the first weights are")


def _warn(task: Task, what: str) -> None:
    names = changed(task)
    is_read = f"{', '.join(names)} {'are' if len(names) > 1 else 'is'} read, and"
    task.report.alert(f"{is_read} {what}; look whether {'they are' if len(names) > 1 else 'it is'} used")


def _course(task: Task, trial: Trial, subject: Subject) -> Course:
    """Where a trial begins and ends; asked before the next is built, which may share what is global."""
    data, whole = _data(trial)
    seed.sow(task.spec.seed)
    mine = Subject(trial, subject.batch, subject.few, seconds=subject.seconds)
    before = _marks(_answers(mine))
    start = _weights(trial.model)
    spreads = [float(np.std(weight)) for weight in start]
    first = _marks(start)
    step(mine, lambda: None, most=STEPS)
    end = _marks(_weights(trial.model)) + before + _marks(_answers(mine))
    return Course(
        first, spreads, end, data, whole, {**globals_of(task.project), "environment": dict(os.environ)}
    )


def _answers(subject: Subject) -> list[Any]:
    try:
        return [number(leaf) for leaf in leaves(subject.answers(subject.few[0]))]
    except Exception:
        # A model of several parts may raise whatever it likes when it is called as one.
        return []


def _weights(model: Any) -> list[Any]:
    """All weights but what random numbers are drawn from."""
    return [number(weight) for weight in model.variables if "seed_generator" not in weight.path]


def _marks(arrays: list[Any]) -> Marks:
    return [(one.shape, str(one.dtype), hashlib.blake2b(_bytes(one)).digest()) for one in arrays]


def _bytes(array: Any) -> Any:
    return repr(array.tolist()).encode() if array.dtype.hasobject else np.ascontiguousarray(array).tobytes()


def _data(trial: Trial) -> tuple[Marks, bool]:
    """The first batches, and whether these are all and stay the same in each epoch."""
    found: Marks = []
    whole = True
    for name, data in (("train", trial.train), ("validation", trial.validation)):
        if data is None or arrays_of(data, name) is not None:
            continue
        seen = list(itertools.islice(batches(data, BATCH), BATCHES))
        whole = whole and len(seen) < BATCHES and hasattr(data, "cardinality")
        for batch in seen:
            found += _marks(
                [np.asarray(leaf) for part in (batch.x, batch.y, batch.weight) for leaf in leaves(part)]
            )
    return found, whole


def _only_drawn(ours: Course, theirs: Course, anew: Callable[[], Course]) -> bool:
    """Whether the first weights differ, no more than those of another seed do."""
    if ours.start == theirs.start or len(ours.start) != len(theirs.start):
        return False
    redrawn = anew().start
    return len(redrawn) == len(ours.start) and all(
        one == other or (one != again and one[:2] == other[:2] and _near(spread, other_spread))
        for one, other, again, spread, other_spread in zip(
            ours.start, theirs.start, redrawn, ours.spreads, theirs.spreads, strict=True
        )
    )


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= DRAWN_ALIKE * max(one, other)

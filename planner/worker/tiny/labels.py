"""Do the labels belong to the inputs? What is learnt of some examples must say something about others.

It is answered no only where something else shows that there is an answer: the baseline's model, the
baseline's labels, a second walk through the data, or the validation labels of like inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.data import Arrays
from planner.worker.task import Task
from planner.worker.tiny.carrying import FEWEST, carries, carries_after_study, others
from planner.worker.tiny.evidence import CHANCE, neighbours_tell, other_labels
from planner.worker.tiny.memorise import Learnt, memorise
from planner.worker.tiny.pool import NoExamples, gather

BEATS = 4.0
"""Deviations from chance at which what was learnt carries over."""
BY_FAR = 8.0
"""Deviations of the baseline's model from which the idea's own is expected to do better than chance."""
UNLESS_MEANT = 'write skip = ["labels"] under [rungs.tiny] if that is meant'


@dataclass(frozen=True, slots=True)
class Beside:
    """The baseline's trial with examples it trains on."""

    trial: Trial
    """The trial, built anew."""
    pool: Arrays
    """Its training examples."""


def question(
    task: Task, trial: Trial, learnt: Learnt, pool: Arrays, beside: Callable[[], Beside | None]
) -> str:
    """What was found, in a sentence; Mistake when the labels do not belong to the inputs."""
    rest = others(learnt, pool)
    if len(rest) < FEWEST:
        return f"cannot be told: {len(rest)} training examples are left to ask about, fewer than {FEWEST}"
    found = carries(learnt.plain, rest, learnt.batch)
    if found < BEATS:
        found = carries_after_study(task, learnt, rest)
    if found >= BEATS:
        return (
            f"what was learnt carries over to other training examples, {found:.0f} standard deviations"
            " above chance"
        )
    follows, strange = _neighbours(trial, pool, learnt.batch)
    if follows:
        return "what was learnt of a few examples does not carry over yet; but like inputs have like labels"
    if _changes(trial, pool, learnt.batch):
        raise Mistake(
            "the same training inputs come with other labels at the next walk through the data: labels and "
            f"inputs are shuffled apart, so there is nothing to learn; {UNLESS_MEANT}"
        )
    if strange:
        raise Mistake(
            "like inputs have like labels in the validation data, as by chance in the training data, and "
            "nothing learnt there carries over: the training labels do not belong to their inputs (shuffled, "
            f"sorted or read apart from them?); {UNLESS_MEANT}"
        )
    _beside_the_baseline(task, found, pool, beside())
    return "cannot be told: nothing carries over from a few examples to others, nor need it for this task"


def _beside_the_baseline(task: Task, found: float, pool: Arrays, beside: Beside | None) -> None:
    """Mistake where the baseline has other labels for the same inputs, or learns what carries over."""
    if beside is None:
        return
    if other_labels(pool, beside.pool):
        raise Mistake(
            "the training inputs are the baseline's, and their labels are others, which have nothing to do "
            f"with the baseline's: the labels do not belong to the inputs; {UNLESS_MEANT}"
        )
    learnt = memorise(task, beside.trial.model, beside.pool, learnt_batch(beside.trial))
    rest = others(learnt, beside.pool)
    theirs = carries(learnt.plain, rest, learnt.batch)
    if theirs < BY_FAR:
        theirs = max(theirs, carries_after_study(task, learnt, rest))
    if theirs >= BY_FAR and found < CHANCE and found < theirs / 4:
        raise Mistake(
            "what is learnt of some training examples says nothing about others, while with the baseline's "
            f"trial it does ({theirs:.0f} standard deviations above chance): the labels do not belong to the "
            f"inputs, or the model hands them on unread; {UNLESS_MEANT}"
        )


def learnt_batch(trial: Trial) -> int:
    """Examples in a batch, as the recipe has it."""
    from planner.worker.fit import BATCH

    return int((trial.fit or {}).get("batch_size") or BATCH)


def _neighbours(trial: Trial, pool: Arrays, batch: int) -> tuple[bool, bool]:
    validation = _gathered(trial.validation, "validation", batch)
    return (
        neighbours_tell(pool, validation) if validation is not None else neighbours_tell(pool, pool.take([]))
    )


def _changes(trial: Trial, pool: Arrays, batch: int) -> bool:
    """Whether a second walk through the training data, where there can be one, gives inputs other labels."""
    if isinstance(trial.train, tuple | list | Iterator):
        return False
    again = _gathered(trial.train, "train", batch)
    return again is not None and other_labels(pool, again)


def _gathered(data: Any, name: str, batch: int) -> Arrays | None:
    try:
        return gather(data, name, batch) if data is not None else None
    except NoExamples:
        return None

"""Is the model's own learning rate too high to learn anything with?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.data import Arrays
from planner.worker.fit import listed
from planner.worker.optimizer import is_scheduled
from planner.worker.task import Task
from planner.worker.tiny.memorise import Learnt, Steep
from planner.worker.tiny.pool import learnt_batch
from planner.worker.tiny.questions import unless_meant
from planner.worker.tiny.trained import Look, train

MANY_TIMES = 8
"""How many times the examples learnt by heart a batch of the recipe's may be to say something of its rate."""
BY_FAR = 0.01
"""Share of the rate that gets there, where no larger one does, from which it is too high by far."""
SOME = 0.9
"""Share of the best constant answer's cost below which some is learnt; weights by chance may be near 1."""
STEADY = (
    "BackupAndRestore", "CSVLogger", "EarlyStopping", "ModelCheckpoint", "RemoteMonitor", "TensorBoard",
    "TerminateOnNaN",
)  # fmt: skip
"""Callbacks of Keras's that leave the rate alone."""


def refuse_steep(
    task: Task, trial: Trial, learnt: Learnt, pool: Arrays, anew: Callable[[bool], Trial]
) -> None:
    """Mistake where nothing is learnt at the model's own rate, and with a share of it everything.

    What a few examples bear says little where callbacks or a schedule change the rate, or batches are large:
    there the whole training is asked, where it is short enough.
    """
    steep = learnt.steep
    if steep is None:
        return
    if steep.left >= 1 and steep.share <= BY_FAR and not _is_gentler(trial, learnt):
        raise Mistake(
            _too_high(steep, f"with it the loss of {len(learnt.examples)} training examples ends", steep.loss)
        )
    own = train(task, anew(False), pool, None, _learns)
    if own is not None and own.whole and own.left >= SOME and own.looks[-1].left >= 1:
        ends = f"{own.epochs} epochs of training leave the loss of training examples"
        raise Mistake(_too_high(steep, ends, own.looks[-1].loss))


def _learns(look: Look) -> bool:
    return look.left < SOME


def _is_gentler(trial: Trial, learnt: Learnt) -> bool:
    """Whether the training may bear the rate better than a few examples do."""
    callbacks: list[Any] = listed((trial.fit or {}).get("callbacks"))
    return (
        learnt_batch(trial) > MANY_TIMES * len(learnt.examples)
        or is_scheduled(trial.model.optimizer)
        or any(
            type(one).__name__ not in STEADY or not type(one).__module__.startswith("keras.")
            for one in callbacks
        )
    )


def _too_high(steep: Steep, ends: str, loss: float) -> str:
    return (
        f"the learning rate of {steep.rate:.3g} is too high: {ends} at {loss:.3g}, no better than one and "
        f"the same answer to all of them, and with {steep.rate * steep.share:.3g} a few are learnt by "
        f"heart; {unless_meant('overfit')}"
    )

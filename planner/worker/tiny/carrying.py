"""Does what a model has learnt of some training examples say anything about others?"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.worker.data import Arrays
from planner.worker.spent import Spent
from planner.worker.task import Task
from planner.worker.tiny.association import agreement, dependence, ranks
from planner.worker.tiny.memorise import Learnt
from planner.worker.tiny.nearness import PARTS
from planner.worker.tiny.outputs import Output, outputs_of, probabilities
from planner.worker.tiny.plain import Plain

FEWEST = 30
"""Other examples without which nothing can be said."""
OTHERS = 500
"""Other examples that are looked at, at most."""
COLUMNS = 2048
"""Parts of one example's labels that are compared, at most."""
EPOCHS = 20
"""Times that a closer look goes through its examples."""
STEPS = 400
"""Its steps, at most."""
AT_ONCE = 10
"""Steps between two looks at the clock."""
SECONDS = 30.0
"""Seconds of its own work that it may take, and that asking for answers may."""


def others(learnt: Learnt, pool: Arrays) -> Arrays:
    """The examples of the pool that were not learnt by heart."""
    rest = np.setdiff1d(np.arange(len(pool)), learnt.places)
    return pool.take(rest[:OTHERS])


def carries(plain: Plain, examples: Arrays, batch: int) -> tuple[float, bool]:
    """By how many standard deviations the answers to examples beat chance; the best output's.

    And whether there was time to ask about all of them.
    """
    many = _in_time(plain, examples, batch)
    whole = many == len(examples)
    many -= many % batch if many >= batch else 0  # a batch of another size would have to be built for
    seen = examples.take(slice(0, many))
    if many < FEWEST:
        return 0.0, whole
    outputs = outputs_of(plain, seen, plain.answers(seen, batch))
    found = [agreement(*_columns(one)) for one in outputs if one.kind != "unknown"]
    return max(found, default=0.0), whole


def association(outputs: list[Output]) -> float:
    """By how many standard deviations answers go with labels, whichever way and whatever stands for what."""
    rows = [_columns(one) for one in outputs if one.kind != "unknown"]
    return max((max(abs(agreement(*pair)), dependence(*pair)) for pair in rows), default=0.0)


def carries_after_study(task: Task, learnt: Learnt, examples: Arrays) -> tuple[float, bool]:
    """The same of the second half of some examples, after training on the first from the start.

    And whether there was time for enough of it.
    """
    half = len(examples) // 2
    first, second = examples.take(slice(0, half)), examples.take(slice(half, len(examples)))
    learnt.plain.put_back(learnt.start)
    studied = _study(task, learnt, first)
    found, whole = carries(learnt.plain, second, learnt.batch)
    return found, studied and whole


def _study(task: Task, learnt: Learnt, examples: Arrays) -> bool:
    """Train on examples; answers whether there was time for all of it."""
    many, batch = len(examples), min(learnt.batch, len(examples))
    spent = Spent()
    draw = np.random.default_rng(0)
    each = many - many % batch
    order = np.concatenate([draw.permutation(many)[:each] for _ in range(EPOCHS)]).reshape(-1, batch)[:STEPS]
    for start in range(0, len(order), AT_ONCE):
        if spent.over(SECONDS):
            return False
        task.signals.obey()
        learnt.plain.steps(examples, order[start : start + AT_ONCE])
    return True


def _in_time(plain: Plain, examples: Arrays, batch: int) -> int:
    """How many examples can be answered within SECONDS, by the time that one batch takes."""
    spent = Spent()
    plain.answers(examples.take(slice(0, batch)), batch)
    each = spent.seconds / batch
    return min(len(examples), max(1, int(SECONDS / max(each, 1e-9))))


def _columns(output: Output) -> tuple[Any, Any]:
    """Answers and labels of one output as rows of the same width."""
    labels, answers = output.labels, output.answers
    if output.kind == "classes":
        classes = answers.shape[-1]
        chances = probabilities(answers).reshape(len(answers), -1, classes)
        places = labels.reshape(len(labels), -1)
        every = max(1, -(-places.shape[1] * classes // COLUMNS))
        truth = np.eye(classes)[places[:, ::every]]
        return chances[:, ::every].reshape(len(answers), -1), truth.reshape(len(labels), -1)
    given, truth = answers.reshape(len(answers), -1), labels.reshape(len(labels), -1)
    every = max(1, -(-given.shape[1] // COLUMNS))
    given, truth = given[:, ::every], truth[:, ::every]
    if output.kind == "numbers" and given.shape[1] <= PARTS:
        return ranks(given), ranks(truth)
    return given, truth

"""What the questions about a Keras trial look at: its model, a few batches of its data, its first weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, batches, first_batch, leaves, pick
from planner.worker.fit import BATCH
from planner.worker.spent import Spent

FEW = 32
"""Examples that a question looks at where it need not look at a whole batch."""
SEVERAL = 3
"""Batches of so few examples."""

SLOW = 0.2
"""Seconds of one answer above which a model is compiled before it is trained."""


@dataclass(slots=True)
class Subject:
    """One trial under question; its weights are as they were built until it takes a training step."""

    trial: Trial
    """What the recipe returned."""
    batch: Arrays
    """A batch as large as those of the training."""
    few: list[Arrays]
    """Up to SEVERAL batches of up to FEW examples, drawn from all of the data where they are arrays."""
    first: list[Any] = field(default_factory=list)
    """The values of all variables before anything moved them; empty until the model has been built."""
    seconds: float = 0.0
    """Seconds of this process's own that one answer to few examples takes."""
    seed: int = 0
    """What random numbers are drawn from."""

    @property
    def model(self) -> Any:
        """The trial's model."""
        return self.trial.model

    @property
    def plain(self) -> bool:
        """Whether Keras's own `train_step` trains it, so that its answers and its loss say everything."""
        return type(self.model).train_step is keras.Model.train_step

    def answers(self, batch: Arrays, *, training: bool = False) -> Any:
        """What the model answers to a batch."""
        return self.model(batch.x, training=training)

    def timed_answers(self) -> Any:
        """What the model answers to the first few examples; `seconds` says what that took.

        The first call may build the model, and load what it computes with; only the second tells.
        """
        for _ in range(2):
            spent = Spent()
            answers = self.answers(self.few[0])
            self.seconds = spent.seconds
            if self.seconds <= SLOW:
                break
        return answers

    def loss(self, batch: Arrays, answers: Any = None, *, weighted: bool = True) -> float:
        """The loss of a batch as when validating, penalties included; of answers given earlier, if any."""
        given = self.answers(batch) if answers is None else answers
        weight = batch.weight if weighted else None
        return float(self.model.compute_loss(batch.x, batch.y, given, weight, training=False))

    @property
    def slow(self) -> bool:
        """Whether computing step by step takes longer than compiling would, as it always does with JAX."""
        return self.seconds > SLOW or keras.config.backend() == "jax"

    def remember(self) -> None:
        """Take the weights down as the first ones."""
        self.first = values(self.model)

    def put_back(self) -> None:
        """Give the model its first weights again."""
        for variable, value in zip(self.model.variables, self.first, strict=True):
            variable.assign(value)


def subject_of(trial: Trial, seed: int) -> Subject:
    """The trial with some of its data; Mistake when that holds no batch."""
    size = int((trial.fit or {}).get("batch_size") or BATCH)
    arrays = arrays_of(trial.train, "train")
    if arrays is None:
        few = [dense(batch) for batch, _ in zip(batches(trial.train, size), range(SEVERAL), strict=False)]
        if not few:
            raise Mistake("the training data yields no batch")
        return Subject(trial, few[0], [batch.take(slice(0, FEW)) for batch in few], seed=seed)
    order = np.random.default_rng(seed).permutation(len(arrays))
    parts = [order[start : start + FEW] for start in range(0, SEVERAL * FEW, FEW)]
    return Subject(
        trial,
        dense(arrays.take(np.sort(order[:size]))),
        [dense(arrays.take(np.sort(part))) for part in parts if len(part)],
        seed=seed,
    )


def validation_batch(trial: Trial) -> Arrays | None:
    """A batch of the validation data; None without any."""
    if trial.validation is None:
        return None
    arrays = arrays_of(trial.validation, "validation")
    size = int((trial.fit or {}).get("batch_size") or BATCH)
    return dense(first_batch(trial.validation if arrays is None else arrays, size))


def values(model: Any) -> list[Any]:
    """A copy of every variable of the model."""
    return [number(variable) for variable in model.variables]


def moved(model: Any, first: list[Any]) -> list[bool]:
    """Of each trainable weight whether it is no longer what it was; `first` as `values` had them."""
    before = {id(variable): value for variable, value in zip(model.variables, first, strict=False)}
    return [
        id(variable) not in before or not np.array_equal(number(variable), before[id(variable)])
        for variable in model.trainable_variables
    ]


def number(variable: Any) -> Any:
    """A copy of a variable's value as NumPy's array, whatever backend and device hold it."""
    return np.array(keras.ops.convert_to_numpy(variable))


def dense(batch: Arrays) -> Arrays:
    """The batch as NumPy's arrays, which a model takes without the help of `fit`."""
    return Arrays(*(_each(part, _dense) for part in (batch.x, batch.y, batch.weight)))


def shape_of(answer: Any) -> tuple[int, ...]:
    """The shape of what a model gave or is given."""
    return tuple(int(size) for size in answer.shape)


def floats(answer: Any) -> Any:
    """A model's answer as NumPy's numbers of double precision."""
    return np.asarray(keras.ops.convert_to_numpy(answer), dtype=np.float64)


def finite(answers: Any) -> bool:
    """Whether each number among the answers, of any nesting, is finite."""
    return all(np.isfinite(floats(leaf)).all() for leaf in leaves(answers))


def part_of(answers: Any, index: Any) -> Any:
    """The answers to some of the examples, in any nesting."""
    return pick(answers, index)


def _each(value: Any, do: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: _each(part, do) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_each(part, do) for part in value]
    return do(value)


def _dense(leaf: Any) -> Any:
    if hasattr(leaf, "toarray"):
        return leaf.toarray()
    return leaf.to_numpy() if hasattr(leaf, "to_numpy") else leaf

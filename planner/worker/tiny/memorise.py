"""Learning a few examples by heart: with the model's own optimiser, and if need be with a plain one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import isfinite
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays, leaves, pick
from planner.worker.optimizer import same_optimizer
from planner.worker.task import Task
from planner.worker.tiny.choose import FEW, few
from planner.worker.tiny.nearness import (
    Nearness,
    best_constant,
    enough_for_own_loss,
    nearly,
    nearness,
    outputs_of,
)
from planner.worker.tiny.plain import Plain

LOOK = 20
"""Steps between two looks at the answers; one point of the curve each."""
UNSEEN = 2.0
"""Seconds between two looks, unless SOME steps take longer."""
SOME = 3
"""Steps between two looks, at least."""
OWN = 600
"""Steps of the model's own optimiser, at most."""
STALL = 120
"""Steps in which the loss must fall by FALL, or the next way is tried."""
FALL = 0.05
"""Share by which it must fall."""
RATES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Rates of Adam that are tried where the model's own optimiser does not get there."""
TRIED = 80
"""Steps of each of them."""
SMALLER = (1.0, 0.1, 0.01)
"""What the best of them is multiplied with, one after another: large steps first, small ones to settle."""
LAST = 600
"""Steps of each of these, at most."""
SECONDS = 120.0
"""Seconds for all of it, after the first step."""
SLOW = 0.25
"""Seconds of a step from which on fewer examples must do."""
FEWER = 8
"""As many, then."""
ENOUGH = 600
"""Steps without which nothing can be said of a model that is not there yet."""
ROOM = 3
"""Trainable weights per label that an example needs; a straight line has no room for more."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of it."""

    plain: Plain
    """The model as it stands."""
    places: Any
    """(n,) places of the examples in the pool."""
    examples: Arrays
    """The examples themselves."""
    batch: int
    """Examples in a batch."""
    start: list[Any]
    """The weights before any of it."""
    state: Nearness
    """The best that was reached."""
    deaf: bool
    """Whether the loss is the same whatever labels the examples have."""
    steps: int
    """Steps of all ways together."""
    way: str
    """Which optimiser it ended with, such as `Adam at 0.001`."""
    in_time: bool
    """Whether there was time for enough steps to judge."""

    @property
    def by_heart(self) -> bool:
        """Whether the examples are learnt, as far as its loss lets one see."""
        return self.state.near or nearly(self.state) or enough_for_own_loss(self.state)


def memorise(task: Task, model: Any, pool: Arrays, batch: int) -> Learnt:
    """Train the model, its regularisation off, until it knows a few examples of the pool by heart."""
    return _Memorising(task, model, pool, batch).learnt()


class _Memorising:
    """One model on its way."""

    def __init__(self, task: Task, model: Any, pool: Arrays, batch: int) -> None:
        self._task = task
        self.plain = Plain(model)
        self.pool = pool
        answers = self.plain.answers(pool.take(slice(0, 1)), 1)
        self.start = self.plain.taken()
        self._choose(min(FEW, _room(model, answers)), batch)
        self.steps = 0
        self._looks = 0
        self.best: Nearness | None = None
        self.way = ""
        self.deaf = False
        self._constant = float("inf")
        self._until = float("inf")
        self._order = np.random.default_rng(0)

    def learnt(self) -> Learnt:
        """Every way in turn, until one gets there or none is left."""
        self._own_way()
        if not self._there() and not self.deaf:
            self._plain_ways()
        assert self.best is not None
        in_time = self.steps >= ENOUGH or time.monotonic() < self._until
        return Learnt(
            self.plain, self.places, self.examples, self.batch, self.start,
            self.best, self.deaf, self.steps, self.way, in_time,
        )  # fmt: skip

    def _choose(self, many: int, batch: int) -> None:
        # Batches of one size: others would have to be built for, and have other statistics.
        self.batch = batch if many >= 2 * batch else many
        self.places = few(self.pool, many - many % self.batch)
        self.batch = min(self.batch, len(self.places))
        self.examples = self.pool.take(self.places)
        self._turn, self._place = np.arange(len(self.examples)), len(self.examples)

    def _own_way(self) -> None:
        """Its own optimiser, or its own training step where it has one."""
        own = same_optimizer(self.plain.inner.optimizer)
        optimizer = own or keras.optimizers.Adam(1e-3)
        self.way = f"{type(optimizer).__name__} at {float(optimizer.learning_rate):.3g}"
        self.plain.ready(optimizer)
        self._warm_up()
        self._train(LOOK if self.deaf else OWN)

    def _plain_ways(self) -> None:
        """Adam at each of RATES for a few steps, then at the rate that got farthest."""
        adam = keras.optimizers.Adam(1e-3)
        self.plain.put_back(self.start)
        self.plain.ready(adam)
        fresh: list[Any] | None = None
        reached: dict[float, float] = {}
        for rate in RATES:
            self._begin(adam, rate, fresh)
            reached[rate] = self._train(TRIED)
            fresh = fresh or [np.zeros(variable.shape) for variable in adam.variables]
            if self._there() or self._late():
                return
        best = min(reached, key=lambda rate: reached[rate] if isfinite(reached[rate]) else float("inf"))
        self._begin(adam, best, fresh)
        for smaller in SMALLER:
            adam.learning_rate = best * smaller
            self._train(LAST)
            if self._there() or self._late():
                return

    def _begin(self, adam: Any, rate: float, fresh: list[Any] | None) -> None:
        """From the start again, the optimiser without memory."""
        self.plain.put_back(self.start)
        for variable, value in zip(adam.variables, fresh or (), strict=False):
            variable.assign(value)
        adam.learning_rate = rate
        self.way = f"Adam at {rate:g}"

    def _warm_up(self) -> None:
        """The first steps, with all that is built for them; a slow model gets fewer examples to learn."""
        self.plain.step(self._batch_of(np.arange(self.batch)))
        since = time.monotonic()
        self.plain.step(self._batch_of(np.arange(self.batch)))
        if time.monotonic() - since > SLOW and len(self.examples) > FEWER:
            self._choose(FEWER, self.batch)
        self._until = time.monotonic() + SECONDS
        self._constant = self._best_constant()
        self.deaf = self._is_deaf()

    def _train(self, most: int) -> float:
        """Steps until the examples are known, the loss falls no more, or `most`; answers its last loss."""
        lowest, since, mean = float("inf"), 0, float("inf")
        for step in range(0, most, LOOK):
            mean = float(np.mean(self._some_steps()))
            self._look(mean)
            if self._there() or self._late() or not isfinite(mean):
                break
            if mean < lowest * (1 - FALL):
                lowest, since = mean, step
            elif step - since >= STALL:
                break
        return mean

    def _some_steps(self) -> list[float]:
        """The losses of the steps up to the next look; of a slow model fewer."""
        losses, until = [self._step()], time.monotonic() + UNSEEN
        while len(losses) < LOOK and (len(losses) < SOME or time.monotonic() < until):
            losses.append(self._step())
        return losses

    def _step(self) -> float:
        self._task.signals.obey()
        self.steps += 1
        if self._place >= len(self.examples):
            self._turn, self._place = self._order.permutation(len(self.examples)), 0
        places = self._turn[self._place : self._place + self.batch]
        self._place += self.batch
        return self.plain.step(self._batch_of(places))

    def _batch_of(self, places: Any) -> Arrays:
        return self.examples.take(places)

    def _look(self, mean: float) -> None:
        """Judge the answers, unless the loss is still far off, and draw the next point of the curve."""
        if isfinite(mean):
            self._looks += 1
            self._task.report.epoch(self._looks, None, {"loss": mean})
        state = self._state() if isfinite(mean) else Nearness(mean, self._constant, False, "", True)
        if self.best is None or not (self.best.loss <= state.loss):
            self.best = state
        if state.near:
            self.best = state

    def _state(self) -> Nearness:
        answers = self.plain.answers(self.examples, self.batch)
        outputs = outputs_of(self.plain, self.examples, answers)
        return nearness(self.plain, outputs, self._loss(answers), self._constant)

    def _best_constant(self) -> float:
        answers = self.plain.answers(self.examples, self.batch)
        return best_constant(self._loss, outputs_of(self.plain, self.examples, answers), answers)

    def _is_deaf(self) -> bool:
        """Whether other labels, where there are any, change nothing of the loss."""
        draw = np.random.default_rng(0)  # answers that are all alike cost the same however labels are dealt
        answers = keras.tree.map_structure(
            lambda leaf: np.abs(leaf) + draw.uniform(0.1, 1.0, leaf.shape).astype(leaf.dtype),
            self.plain.answers(self.examples, self.batch),
        )
        turned = pick(self.examples.y, np.roll(np.arange(len(self.examples)), 1))
        if all(np.array_equal(*pair) for pair in zip(leaves(turned), leaves(self.examples.y), strict=True)):
            return False
        loss = self._loss(answers)
        return isfinite(loss) and loss == self._loss(answers, turned)

    def _loss(self, answers: Any, labels: Any = None) -> float:
        told = keras.tree.map_structure(lambda leaf: keras.ops.convert_to_tensor(np.array(leaf)), answers)
        given = self.examples.y if labels is None else labels
        truth = keras.tree.map_structure(keras.ops.convert_to_tensor, given)
        weight = self.examples.weight
        return float(self.plain._compile_loss(truth, told, weight))

    def _there(self) -> bool:
        return self.best is not None and self.best.near

    def _late(self) -> bool:
        return time.monotonic() > self._until


def _room(model: Any, answers: Any) -> int:
    """Examples that its trainable weights have room for, at least two."""
    weights = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    labels = sum(int(np.prod(leaf.shape[1:])) for leaf in leaves(answers))
    return max(2, weights // (ROOM * max(1, labels)))

"""Learning a few examples by heart: with the model's own optimiser, and if need be with a plain one."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays
from planner.worker.optimizer import same_optimizer, values_of
from planner.worker.task import Task
from planner.worker.tiny.lesson import LOOK, Lesson
from planner.worker.tiny.nearness import Nearness, learnt_by_heart
from planner.worker.tiny.plain import Plain

OWN = 600
"""Steps of the model's own optimiser, at most."""
GENTLER = (0.1, 0.01, 0.001)
"""Shares of its own rate that are tried where with it hardly anything is learnt."""
HARDLY = 0.5
"""Share of the best constant's cost that is left where hardly anything is learnt."""
RATES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Rates of Adam that are tried where the model's own optimiser does not get there."""
TRIED = 80
"""Steps of each of them."""
MANY = 3
"""The best of them, so many, get further steps."""
SMALLER = (1.0, 0.1, 0.01)
"""What each of those is multiplied with, one after another: large steps first, small ones to settle."""
LAST = 600
"""Steps of each of these, at most."""


@dataclass(frozen=True, slots=True)
class Steep:
    """A learning rate with which hardly anything is learnt, where a share of it gets there."""

    rate: float
    """The rate; of a schedule its highest."""
    loss: float
    """The loss that is left with it."""
    left: float
    """The same over what the best constant answer costs, both above the floor."""
    share: float
    """The largest share of it tried that gets there."""


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
    roomy: bool
    """Whether its trainable weights have room for two examples at all."""
    in_time: bool
    """Whether there was time for every way that was needed."""
    steep: Steep | None = None
    """Its own rate, where with that hardly anything is learnt and with a smaller one it is."""

    @property
    def by_heart(self) -> bool:
        """Whether the examples are learnt, as far as its loss lets one see."""
        return learnt_by_heart(self.state)


def memorise(task: Task, model: Any, pool: Arrays, batch: int) -> Learnt:
    """Train the model, its regularisation off, until it knows a few examples of the pool by heart."""
    return _Memorising(Lesson(task, model, pool, batch)).learnt()


class _Memorising:
    """One model on its way."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.plain = lesson.plain
        self.way = ""
        self.steep: Steep | None = None

    def learnt(self) -> Learnt:
        """Every way in turn, until one gets there or none is left."""
        lesson = self.lesson
        self._own_way()
        if not lesson.deaf:
            self._plain_ways()
        if not lesson.deaf and self.plain.inner._call_has_training_arg:
            # Some compute something else in training, without which nothing flows back.
            self.plain.as_in_training()
            self._plain_ways()
        assert lesson.best is not None
        return Learnt(
            self.plain, lesson.places, lesson.examples, lesson.batch, lesson.start, lesson.best,
            lesson.deaf, lesson.steps, self.way, lesson.roomy, not lesson.late, self.steep,
        )  # fmt: skip

    def _own_way(self) -> None:
        """Its own optimiser; at smaller rates where at its own it hardly gets anywhere."""
        lesson = self.lesson
        optimizer = same_optimizer(self.plain.inner.optimizer) or keras.optimizers.Adam(1e-3)
        rate = float(optimizer.learning_rate)
        self.way = f"{type(optimizer).__name__} at {rate:.3g}"
        self.plain.ready(optimizer)
        fresh = values_of(optimizer)
        lesson.warm_up()
        reached = lesson.train(LOOK if lesson.deaf else OWN)
        left = lesson.costs.left(reached)
        if lesson.deaf or self._learnt() or left < HARDLY:
            return
        for share in GENTLER:
            if lesson.late:
                return
            self._begin(optimizer, rate * share, fresh)
            lesson.train(OWN)
            if self._learnt():
                self.steep = Steep(rate, reached, left, share)
                return

    def _plain_ways(self) -> None:
        """Adam at each of some rates for a few steps, then at those that got farthest until one gets there.

        The farthest by then need not get there: what is large moves at once and then saturates.
        """
        lesson = self.lesson
        if self._learnt() or lesson.late:
            return
        adam = keras.optimizers.Adam(1e-3)
        self.plain.put_back(lesson.start)
        self.plain.ready(adam)
        fresh = values_of(adam)
        reached: dict[float, float] = {}
        for rate in self._rates():
            self._begin(adam, rate, fresh)
            reached[rate] = lesson.train(TRIED)
            if lesson.there or lesson.late:
                return
        for rate in sorted(reached, key=lambda one: reached[one] if isfinite(reached[one]) else inf)[:MANY]:
            self._begin(adam, rate, fresh)
            for smaller in SMALLER:
                adam.learning_rate = rate * smaller
                lesson.train(LAST)
                if lesson.there or lesson.late:
                    return

    def _rates(self) -> tuple[float, ...]:
        """RATES, and as many tenfolds more as it takes to get from 0 to the labels within TRIED steps."""
        more = int(np.ceil(np.log10(max(1.0, self.lesson.largest / TRIED))))
        return (*RATES, *(10.0**power for power in range(1, more + 1)))

    def _learnt(self) -> bool:
        return self.lesson.best is not None and learnt_by_heart(self.lesson.best)

    def _begin(self, optimizer: Any, rate: float, fresh: list[Any]) -> None:
        """From the start again, the optimiser as when it was fresh."""
        self.plain.put_back(self.lesson.start)
        for variable, value in zip(optimizer.variables, fresh, strict=True):
            variable.assign(value)
        optimizer.learning_rate = rate
        self.way = f"{type(optimizer).__name__} at {rate:.3g}"

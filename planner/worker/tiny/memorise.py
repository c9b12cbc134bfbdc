"""Learning a few examples by heart: with the model's own optimiser, and if need be with a plain one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.optimizer import is_scheduled, same_optimizer, values_of
from planner.worker.task import Task
from planner.worker.tiny.choose import FEW, few
from planner.worker.tiny.costs import Costs, costs_of
from planner.worker.tiny.deaf import is_deaf
from planner.worker.tiny.nearness import FAR, Nearness, learnt_by_heart, nearness
from planner.worker.tiny.outputs import Output, of_keras, outputs_of
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
GENTLER = (0.1, 0.01)
"""Shares of its own rate that are tried where the loss has not fallen at all."""
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
    roomy: bool
    """Whether its trainable weights have room for two examples at all."""
    in_time: bool
    """Whether there was time for enough steps to judge."""
    too_high: tuple[float, float] | None = None
    """Its own rate and the loss that is left with it, where a hundredth of that rate gets there, no tenth."""

    @property
    def by_heart(self) -> bool:
        """Whether the examples are learnt, as far as its loss lets one see."""
        return learnt_by_heart(self.state)


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
        self.roomy = (room := _room(model, answers)) >= 2
        self._choose(min(FEW, max(2, room)), batch)
        self.steps = 0
        self._looks = 0
        self.best: Nearness | None = None
        self.way = ""
        self.deaf = False
        self.too_high: tuple[float, float] | None = None
        self._costs = Costs(float("inf"), 0.0)
        self._largest = 0.0
        self._until = float("inf")
        self._order = np.random.default_rng(0)

    def learnt(self) -> Learnt:
        """Every way in turn, until one gets there or none is left."""
        self._own_way()
        if not self.deaf:
            self._plain_ways()
        if not self.deaf and self.plain.inner._call_has_training_arg:
            # Some compute something else in training, without which nothing flows back.
            self.plain.as_in_training()
            self._plain_ways()
        assert self.best is not None
        in_time = self.steps >= ENOUGH or time.monotonic() < self._until
        return Learnt(
            self.plain, self.places, self.examples, self.batch, self.start,
            self.best, self.deaf, self.steps, self.way, self.roomy, in_time, self.too_high,
        )  # fmt: skip

    def _choose(self, many: int, batch: int) -> None:
        # Batches of one size: others would have to be built for, and have other statistics.
        self.batch = batch if many >= 2 * batch else many
        self.places = few(self.pool, many - many % self.batch)
        self.batch = min(self.batch, len(self.places))
        self.examples = self.pool.take(self.places)
        self._turn, self._place = np.arange(len(self.examples)), len(self.examples)

    def _own_way(self) -> None:
        """Its own optimiser; at smaller rates where at its own it gets nowhere."""
        own = self.plain.inner.optimizer
        optimizer = same_optimizer(own) or keras.optimizers.Adam(1e-3)
        rate = float(optimizer.learning_rate)
        self.way = f"{type(optimizer).__name__} at {rate:.3g}"
        self.plain.ready(optimizer)
        fresh = values_of(optimizer)
        self._warm_up()
        reached = self._train(LOOK if self.deaf else OWN)
        if self.deaf or self._learnt() or self._costs.left(reached) < 1 or is_scheduled(own):
            return
        for share in GENTLER:
            if self._late():
                return
            self._begin(optimizer, rate * share, fresh)
            self._train(OWN)
            if self._there():
                self.too_high = (rate, reached) if share == GENTLER[-1] else None
                return

    def _plain_ways(self) -> None:
        """Adam at each of some rates for a few steps, then at those that got farthest until one gets there.

        The farthest by then need not get there: what is large moves at once and then saturates.
        """
        if self._learnt() or self._late():
            return
        adam = keras.optimizers.Adam(1e-3)
        self.plain.put_back(self.start)
        self.plain.ready(adam)
        fresh = values_of(adam)
        reached: dict[float, float] = {}
        for rate in self._rates():
            self._begin(adam, rate, fresh)
            reached[rate] = self._train(TRIED)
            if self._there() or self._late():
                return
        for rate in sorted(reached, key=lambda one: reached[one] if isfinite(reached[one]) else inf)[:MANY]:
            self._begin(adam, rate, fresh)
            for smaller in SMALLER:
                adam.learning_rate = rate * smaller
                self._train(LAST)
                if self._there() or self._late():
                    return

    def _rates(self) -> tuple[float, ...]:
        """RATES, and as many tenfolds more as it takes to get from 0 to the labels within TRIED steps."""
        more = int(np.ceil(np.log10(max(1.0, self._largest / TRIED))))
        return (*RATES, *(10.0**power for power in range(1, more + 1)))

    def _learnt(self) -> bool:
        return self.best is not None and learnt_by_heart(self.best)

    def _begin(self, optimizer: Any, rate: float, fresh: list[Any]) -> None:
        """From the start again, the optimiser as when it was fresh."""
        self.plain.put_back(self.start)
        for variable, value in zip(optimizer.variables, fresh, strict=True):
            variable.assign(value)
        optimizer.learning_rate = rate
        self.way = f"{type(optimizer).__name__} at {rate:.3g}"

    def _warm_up(self) -> None:
        """The first steps, with all that is built for them; a slow model gets fewer examples to learn."""
        first = np.arange(self.batch)[None]
        self.plain.steps(self.examples, first)
        since = time.monotonic()
        self.plain.steps(self.examples, first)
        self._each = time.monotonic() - since
        if self._each > SLOW and len(self.examples) > FEWER:
            self._choose(FEWER, self.batch)
        self._until = time.monotonic() + SECONDS
        answers = self.plain.answers(self.examples, self.batch)
        outputs = self._outputs(answers)
        self._largest = max(
            (float(np.abs(o.labels).max()) for o in outputs if o.kind == "numbers"), default=0.0
        )
        self._costs = costs_of(self._loss, outputs, answers, known=of_keras(self.plain))
        self.deaf = is_deaf(self._loss, self.examples, answers)

    def _train(self, most: int) -> float:
        """Steps until the examples are known, the loss falls no more, or `most`; answers its last loss."""
        lowest, since, begun = float("inf"), self.steps, self.steps
        while True:
            mean = float(np.mean(self._some_steps()))
            if mean < lowest * (1 - FALL):
                lowest, since = mean, self.steps
            ended = self._late() or not isfinite(mean)
            ended = ended or self.steps - since >= STALL or self.steps - begun >= most
            self._look(mean, last=ended)
            if ended or self._there():
                return mean

    def _some_steps(self) -> list[float]:
        """The losses of the steps up to the next look; of a slow model fewer."""
        self._task.signals.obey()
        many = int(min(LOOK, max(SOME, UNSEEN / max(self._each, 1e-9))))
        since = time.monotonic()
        losses = self.plain.steps(self.examples, np.stack([self._next() for _ in range(many)]))
        self._each = (time.monotonic() - since) / many
        self.steps += many
        return losses

    def _next(self) -> Any:
        """Places (batch,) of the next batch, shuffled anew at each walk through the examples."""
        if self._place >= len(self.examples):
            self._turn, self._place = self._order.permutation(len(self.examples)), 0
        places = self._turn[self._place : self._place + self.batch]
        self._place += self.batch
        return places

    def _look(self, mean: float, *, last: bool) -> None:
        """Draw the next point of the curve, and judge the answers, unless the loss is still far off."""
        if isfinite(mean):
            self._looks += 1
            self._task.report.epoch(self._looks, None, {"loss": mean})
        costs = self._costs
        if not isfinite(mean):
            state = Nearness(mean, costs, near=False, found="", known=True)
        elif last or not self._is_far(mean):
            state = self._state()
        else:
            return
        if self.best is None or state.near or not (self.best.loss <= state.loss):
            self.best = state

    def _is_far(self, mean: float) -> bool:
        """Whether nobody needs to look at the answers to see that they are not learnt."""
        costs = self._costs
        return (
            of_keras(self.plain) and costs.sound and mean - costs.floor > FAR * (costs.constant - costs.floor)
        )

    def _state(self) -> Nearness:
        answers = self.plain.answers(self.examples, self.batch)
        return nearness(self.plain, self._outputs(answers), self._loss(answers), self._costs)

    def _outputs(self, answers: Any) -> list[Output]:
        return outputs_of(self.plain, self.examples, answers)

    def _loss(self, answers: Any, labels: Any = None) -> float:
        told = keras.tree.map_structure(lambda leaf: keras.ops.convert_to_tensor(np.array(leaf)), answers)
        given = self.examples.y if labels is None else labels
        truth = keras.tree.map_structure(keras.ops.convert_to_tensor, given)
        return float(self.plain._compile_loss(truth, told, self.examples.weight))

    def _there(self) -> bool:
        return self.best is not None and self.best.near

    def _late(self) -> bool:
        return time.monotonic() > self._until


def _room(model: Any, answers: Any) -> int:
    """Examples that its trainable weights have room for."""
    weights = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    labels = sum(int(np.prod(leaf.shape[1:])) for leaf in leaves(answers))
    return weights // (ROOM * max(1, labels))

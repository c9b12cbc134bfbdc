"""A model and the few examples it is to learn: steps on them, and looks at how near it has come."""

from __future__ import annotations

from math import isfinite
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays, leaves
from planner.worker.spent import Spent
from planner.worker.task import Task
from planner.worker.tiny.choose import FEW, few
from planner.worker.tiny.costs import Costs, costs_of
from planner.worker.tiny.deaf import is_deaf
from planner.worker.tiny.nearness import FAR, Nearness, nearness
from planner.worker.tiny.outputs import Output, of_keras, outputs_of
from planner.worker.tiny.plain import Plain

LOOK = 20
"""Steps between two looks at the answers; one point of the curve each."""
UNSEEN = 2.0
"""Seconds between two looks, unless SOME steps take longer."""
SOME = 3
"""Steps between two looks, at least."""
STALL = 120
"""Steps in which the mean loss of LOOK steps must fall by FALL, or the next way is tried."""
FALL = 0.05
"""Share by which it must fall."""
SECONDS = 120.0
"""Seconds of its own work for all of it, after the first step."""
SLOW = 0.25
"""Seconds of a step from which on fewer examples must do."""
FEWER = 8
"""As many, then."""
ROOM = 3
"""Trainable weights per label that an example needs; a straight line has no room for more."""


class Lesson:
    """The examples, the model as it stands, and the best that it has reached."""

    def __init__(self, task: Task, model: Any, pool: Arrays, batch: int) -> None:
        self.plain = Plain(model)
        """The model, its regularisation off."""
        answers = self.plain.answers(pool.take(slice(0, 1)), 1)
        self.start = self.plain.taken()
        """Its weights before any of it."""
        self.roomy = (room := _room(model, answers)) >= 2
        """Whether its trainable weights have room for two examples at all."""
        self.steps = 0
        """Steps of all ways together."""
        self.best: Nearness | None = None
        """The best look so far."""
        self.deaf = False
        """Whether the loss is the same whatever labels the examples have."""
        self.costs = Costs(float("inf"), 0.0)
        """Between what the loss can be expected to move."""
        self.largest = 0.0
        """The largest label of all that are numbers, whatever its sign."""
        self._task = task
        self._pool = pool
        self._choose(min(FEW, max(2, room)), batch)
        self._looks = 0
        self._spent: Spent | None = None
        self._order = np.random.default_rng(0)

    def _choose(self, many: int, batch: int) -> None:
        # Batches of one size: others would have to be built for, and have other statistics.
        self.batch = batch if many >= 2 * batch else many
        self.places = few(self._pool, many - many % self.batch)
        self.batch = min(self.batch, len(self.places))
        self.examples = self._pool.take(self.places)
        self._turn, self._place = np.arange(len(self.examples)), len(self.examples)

    def warm_up(self) -> None:
        """The first steps, with all that is built for them; a slow model gets fewer examples to learn."""
        first = np.arange(self.batch)[None]
        self.plain.steps(self.examples, first)
        one = Spent()
        self.plain.steps(self.examples, first)
        self._each = one.seconds
        if self._each > SLOW and len(self.examples) > FEWER:
            self._choose(FEWER, self.batch)
        self._spent = Spent()
        answers = self.plain.answers(self.examples, self.batch)
        outputs = self._outputs(answers)
        self.largest = max(
            (float(np.abs(o.labels).max()) for o in outputs if o.kind == "numbers"), default=0.0
        )
        self.costs = costs_of(self._loss, outputs, answers, known=of_keras(self.plain))
        self.deaf = is_deaf(self._loss, self.examples, answers)

    def train(self, most: int) -> float:
        """Steps until the examples are known, the loss falls no more, or `most`; answers its last loss."""
        lowest, since, begun = float("inf"), self.steps, self.steps
        losses: list[float] = []
        while True:
            losses += (newest := self._some_steps())
            mean = float(np.mean(losses))
            if whole := len(losses) >= LOOK:  # however few steps a slow model takes between two looks
                losses = []
            if whole and mean < lowest * (1 - FALL):
                lowest, since = mean, self.steps
            ended = self.late or not isfinite(mean)
            ended = ended or self.steps - since >= STALL or self.steps - begun >= most
            self._look(float(np.mean(newest)), last=ended)
            if ended or self.there:
                return mean

    @property
    def there(self) -> bool:
        """Whether a look has found them learnt."""
        return self.best is not None and self.best.near

    @property
    def late(self) -> bool:
        """Whether there is no time left."""
        return self._spent is not None and self._spent.over(SECONDS)

    def _some_steps(self) -> list[float]:
        """The losses of the steps up to the next look; of a slow model fewer."""
        self._task.signals.obey()
        many = int(min(LOOK, max(SOME, UNSEEN / max(self._each, 1e-9))))
        spent = Spent()
        losses = self.plain.steps(self.examples, np.stack([self._next() for _ in range(many)]))
        self._each = spent.seconds / many
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
        costs = self.costs
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
        costs = self.costs
        return (
            of_keras(self.plain) and costs.sound and mean - costs.floor > FAR * (costs.constant - costs.floor)
        )

    def _state(self) -> Nearness:
        answers = self.plain.answers(self.examples, self.batch)
        return nearness(self.plain, self._outputs(answers), self._loss(answers), self.costs)

    def _outputs(self, answers: Any) -> list[Output]:
        return outputs_of(self.plain, self.examples, answers)

    def _loss(self, answers: Any, labels: Any = None) -> float:
        return loss_of(self.plain, self.examples, answers, labels)


def loss_of(model: Any, examples: Arrays, answers: Any, labels: Any = None) -> float:
    """The cost of answers to examples by a compiled model's loss, without penalties.

    `labels` are others than the examples' own.
    """
    told = keras.tree.map_structure(lambda leaf: keras.ops.convert_to_tensor(np.array(leaf)), answers)
    given = examples.y if labels is None else labels
    truth = keras.tree.map_structure(keras.ops.convert_to_tensor, given)
    return float(model._compile_loss(truth, told, examples.weight))


def _room(model: Any, answers: Any) -> int:
    """Examples that its trainable weights have room for."""
    weights = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    labels = sum(int(np.prod(leaf.shape[1:])) for leaf in leaves(answers))
    return weights // (ROOM * max(1, labels))

"""Do training steps go down the loss, or up it?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import isfinite, nan
from typing import Any

from planner.worker import seed
from planner.worker.checks.asking import meant
from planner.worker.checks.stepping import Stepping, one_step
from planner.worker.checks.subject import Subject, number, values

SHARES = (1.0, 0.1, 0.01)
"""How much of a step is walked: the whole of it may be too far to say which way it leads."""
SEEN = 1e-5
"""Share of the loss by which it must change to be more than rounding."""
SLOPE = 4.0
"""How many times more the loss may change one way than the other where both are one slope."""
NEGATED = (0.4, 2.5)
"""What a reported loss may fall by, over what the real one rises by, where it is that one's negative."""


class Climb:
    """Watches a few training steps for whether they raise the loss that they should lower.

    A step down the loss never lowers it when walked backwards, however large it is.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._before = values(subject.model) if subject.model.built else []
        self._after: list[Any] = []
        self._real = self._begun()

    def after_first(self) -> None:
        """Note where the first step has led."""
        self._after = [number(weight) for weight in self._subject.model.trainable_variables]

    def said(self, taken: Stepping) -> str:
        """What is wrong, in a sentence; empty where nothing is, or where it can't be told."""
        if not self._before or not self._after or not self._rises(taken.losses) or not self._leads_up():
            return ""
        return (
            f"{taken.taken} training steps on one batch raise the loss, and the first of them walked "
            f"backwards lowers it: training goes up the loss instead of down, a sign is wrong{self._where()}"
            f"{meant('training step')}"
        )

    def _begun(self) -> float:
        """The compiled loss before any step, of a train_step of the project's own; it may report another.

        Not a number where nothing tells what that loss is.
        """
        model = self._subject.model
        if self._subject.plain or not self._before or model.loss is None:
            return nan
        try:
            return _tried(self._compiled)
        finally:
            _assign(model.variables, self._before)

    def _rises(self, reported: list[float]) -> bool:
        """Whether the steps have raised the loss; of what a train_step reports, whether that fits."""
        up = len(reported) > 1 and reported[-1] > reported[0]
        if self._subject.plain:
            return up
        if not isfinite(self._real):
            return up and all(one < other for one, other in pairwise(reported))
        if not (rise := _tried(self._compiled) - self._real) > SEEN * abs(self._real):
            return False
        fall = reported[0] - reported[-1] if reported else 0.0
        return fall <= 0 or NEGATED[0] < fall / rise < NEGATED[1]

    def _leads_up(self) -> bool:
        """Whether the first step goes up a slope of the loss, and its reverse down the same."""
        cost = self._compiled if self._subject.plain or isfinite(self._real) else self._reported
        model, ended = self._subject.model, values(self._subject.model)
        try:
            here = _tried(lambda: self._at(0.0, cost))
            for share in SHARES:
                forth = _tried(lambda: self._at(share, cost)) - here  # noqa: B023  # called at once
                back = _tried(lambda: self._at(-share, cost)) - here  # noqa: B023  # likewise
                if forth * back < 0 and 1 / SLOPE < -forth / back < SLOPE:
                    return forth > SEEN * abs(here)
            return False
        finally:
            _assign(model.variables, ended)

    def _at(self, share: float, cost: Callable[[], float]) -> float:
        """The loss after so much of the first step, with the same lots drawn each time."""
        model = self._subject.model
        _assign(model.variables, self._before)
        before = [number(weight) for weight in model.trainable_variables]
        for weight, start, end in zip(model.trainable_variables, before, self._after, strict=True):
            weight.assign((start + share * (end - start)).astype(start.dtype))
        return cost()

    def _compiled(self) -> float:
        """The loss that the model was compiled with, of answers as in training."""
        model, batch = self._subject.model, self._subject.batch
        seed.sow(self._subject.seed)
        answers = model(batch.x, training=True)
        return float(model.compute_loss(batch.x, batch.y, answers, batch.weight, training=True))

    def _reported(self) -> float:
        seed.sow(self._subject.seed)
        return one_step(self._subject)

    def _where(self) -> str:
        model = self._subject.model
        if not self._subject.plain:
            return f", in the train_step of {type(model).__name__}"
        optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        if not type(optimizer).__module__.startswith("keras."):
            return f", in the optimiser {type(optimizer).__name__}"
        rate = float(number(optimizer.learning_rate))
        return f": the learning rate is {rate:.3g}" if rate < 0 else ""


def _tried(cost: Callable[[], float]) -> float:
    """A loss; not a number where it can't be had."""
    try:
        return cost()
    except Exception:
        # A model of several parts may raise whatever it likes when it is called as one.
        return nan


def _assign(variables: list[Any], several: list[Any]) -> None:
    for variable, value in zip(variables, several, strict=True):
        variable.assign(value)

"""Does every trainable weight get a finite gradient that is not zero?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.backprop import gradients
from planner.worker.checks.hidden import hidden
from planner.worker.checks.outputs import first_dead
from planner.worker.checks.subject import Subject, number, values

NOTHING = 1e-14
"""Share of the largest gradient below which a weight's own is nothing."""
CUT = (
    "and the loss depends on it: something on the way lets no gradient through, "
    "such as stop_gradient, rounding or NumPy"
)
"""What is wrong where a gradient is cut off."""
STEP = 0.01
"""How far a weight is moved at a time, as a share of its own size."""
LEAST = 0.1
"""What a weight that begins at 0 is taken to measure."""
STEPS = 3
"""How often the weights are moved: a branch that begins at 0 lets nothing through until it has been moved."""


def gradients_arrive(
    subject: Subject, *, half: bool, usual: Callable[[], int | None], again: Callable[[], Any]
) -> str:
    """A sentence on the gradients; Mistake names what gets none. The weights are as before afterwards.

    `usual` answers how many weights of the baseline have no part in its loss, None where there is none;
    `again` builds the model with another seed.
    """
    model = subject.model
    if not model.trainable_variables:
        raise Mistake(f"the model has no trainable weights: nothing can be learnt{meant('gradients')}")
    if (shape := hidden(model, again, subject.few[0])) is not None:
        raise Mistake(
            f"the model computes with a weight of the shape {shape}, freshly drawn, that is not among its "
            "own and so never trained: Keras finds the layers that are attributes of a layer or a model, or "
            f"stand in lists and dicts there{meant('gradients')}"
        )
    if unused := _unconnected(subject):
        if len(unused) == len(model.trainable_variables) or len(unused) > (usual() or 0):
            raise Mistake(
                f"{unused[0]} gets no gradient: nothing that it computes reaches the loss{meant('gradients')}"
            )
        return f"{unused[0]} gets no gradient, and neither does such a weight in the baseline"
    before = values(model)
    try:
        without = _without(subject, half=half)
    finally:
        for variable, value in zip(model.variables, before, strict=True):
            variable.assign(value)
    if without:
        return _refuse(
            subject,
            without,
            sum(any(weight.trainable for weight in owner.weights) for owner in owners(model)),
        )
    return f"each of {len(model.trainable_variables)} trainable weights gets a finite gradient"


def unconnected(subject: Subject) -> int:
    """How many trainable weights nothing connects with the loss."""
    return sum(one is None for one in gradients(subject.model, subject.few[0], training=True))


def _unconnected(subject: Subject) -> list[str]:
    """The weights that nothing connects with the loss; Mistake for one that has an effect on it."""
    model, batch = subject.model, subject.few[0]
    found = zip(model.trainable_variables, gradients(model, batch, training=True), strict=True)
    without = [variable for variable, gradient in found if gradient is None]
    for variable in without:
        if _matters(subject, variable):
            dead = first_dead(subject, training=True)
            why = f": {dead}" if dead else f", {CUT}"
            raise Mistake(f"{variable.path} gets no gradient{why}{meant('gradients')}")
    return [variable.path for variable in without]


def _matters(subject: Subject, variable: Any) -> bool:
    """Whether the loss depends on a weight, which is as before afterwards."""
    value, loss = number(variable), subject.loss(subject.few[0])
    if subject.loss(subject.few[0]) != loss:
        return False  # the model draws lots, and nobody can tell
    # A small step may not tip what rounds or takes the largest, and one alike for all numbers never does.
    away = np.random.default_rng(0).normal(0, max(LEAST, _root_mean_square(value)), value.shape)
    variable.assign((value + away).astype(value.dtype))
    try:
        return subject.loss(subject.few[0]) != loss
    finally:
        variable.assign(value)


def _without(subject: Subject, *, half: bool) -> list[Owner]:
    """The layers that get no gradient, neither at first nor after a few steps."""
    model = subject.model
    moved = [False] * len(model.trainable_variables)
    for step in range(STEPS):
        batch = subject.few[step % len(subject.few)]
        found = gradients(model, batch, training=True)
        _refuse_broken(model, found)
        sizes = [float(np.max(np.abs(one), initial=0.0)) for one in found]
        most = max(sizes)
        moved = [known or size > NOTHING * most for known, size in zip(moved, sizes, strict=True)]
        if half or not (still := _still(model, moved)):
            return []  # numbers of half precision run out where gradients are small
        _move(model, found)
    return still


def _refuse_broken(model: Any, found: list[Any]) -> None:
    """Mistake for a gradient that is not finite."""
    for variable, gradient in zip(model.trainable_variables, found, strict=True):
        if not np.isfinite(gradient).all():
            raise Mistake(
                f"the gradient of {variable.path} is not finite: look for a division by 0, or the root or "
                f"logarithm of 0{meant('gradients')}"
            )


def _still(model: Any, moved: list[bool]) -> list[Owner]:
    """The layers of which no weight has got a gradient so far; a lone bias among them counts for nothing."""
    reached = {id(variable): known for variable, known in zip(model.trainable_variables, moved, strict=True)}
    return [
        owner
        for owner in owners(model)
        if (own := [reached[id(weight)] for weight in owner.weights if id(weight) in reached])
        and not any(own)
    ]


def _move(model: Any, found: list[Any]) -> None:
    """One small step of each weight against its gradient."""
    for variable, gradient in zip(model.trainable_variables, found, strict=True):
        if gradient.shape != tuple(variable.shape) or not gradient.any():
            continue
        now = number(variable)
        size = max(LEAST, _root_mean_square(now))
        variable.assign(now - STEP * size * gradient / _root_mean_square(gradient))


def _root_mean_square(array: Any) -> float:
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64)))) or 1.0


def _refuse(subject: Subject, without: list[Owner], everything: int) -> str:
    """Mistake for layers that should get a gradient; a sentence where these examples have no use for them."""
    names = [owner.path for owner in without]
    few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    gets = f"{few} {'gets' if len(names) == 1 else 'get'} a gradient of 0, at first and after a few steps"
    if dead := first_dead(subject):
        raise Mistake(f"{gets}: {dead}{meant('gradients')}")
    trainable = [weight for weight in without[0].weights if weight.trainable]
    if any(_matters(subject, weight) for weight in trainable):
        raise Mistake(f"{gets}, {CUT}{meant('gradients')}")
    if len(without) == everything:
        raise Mistake(f"{gets}, and nothing depends on it{meant('gradients')}")
    return f"{gets}: the examples looked at have no use for them"


@dataclass(frozen=True, slots=True)
class Owner:
    """A layer, or the cell of one, with the weights that are its own."""

    layer: Any
    """The layer itself."""
    path: str
    """Its place within the model."""
    weights: list[Any]
    """The weights that no part of it has."""


def owners(model: Any) -> Iterator[Owner]:
    """Every layer at any depth that has weights of its own, in the order of the model."""
    for layer in model._flatten_layers():
        parts = list(layer._flatten_layers(include_self=False))
        theirs = {id(weight) for part in parts for weight in part.weights}
        if own := [weight for weight in layer.weights if id(weight) not in theirs]:
            yield Owner(layer, getattr(layer, "path", None) or layer.name, own)


def is_kerass(layer: Any) -> bool:
    """Whether Keras itself wrote the layer."""
    return type(layer).__module__.startswith("keras.") and not isinstance(layer, keras.layers.Lambda)

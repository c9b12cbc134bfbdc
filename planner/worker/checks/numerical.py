"""Are the back-propagated gradients those that the loss really has?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.apart import repeats
from planner.worker.checks.asking import meant
from planner.worker.checks.backprop import gradients, precisely
from planner.worker.checks.gradients import is_kerass, owners
from planner.worker.checks.subject import Subject, number
from planner.worker.data import Arrays
from planner.worker.spent import Spent

SAMPLE = 8
"""Weights that are tried, at most."""
EXAMPLES = 16
"""Examples that the loss is computed of."""
SLOW = 1.0
"""Seconds of one answer above which there is no time for so many."""
LONG = 10.0
"""Seconds of its own work after which no further weight is tried."""
LARGE = 4_000_000
"""Numbers in a weight that is not tried."""
REACHES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
"""How far a weight is moved, as shares of its size."""
TRIES = 3
"""How many of these are tried before a gradient is wrong."""
BEGUN = 0.1
"""What each number of a weight is taken to measure at least, as of one that begins at 0."""
OWN = 0.3
"""How far a weight that is not 0 is moved at most, as a share of it: beyond, other units are at work."""
SEEN = 3e-4
"""Share of the loss by which it must change to be more than rounding."""
RIGHT = 0.15
"""How far the ratio of the two gradients may lie from 1."""
STEADY = 0.1
"""How far the ratios of several reaches may lie apart where the gradient is wrong and nothing else is."""


@dataclass(frozen=True, slots=True)
class Slope:
    """One weight with its back-propagated gradient."""

    weight: Any
    """The variable."""
    gradient: Any
    """Its gradient, of the same shape."""
    own: bool
    """Whether its layer is the project's own."""


def numerical(subject: Subject, *, half: bool) -> str:
    """A sentence on the gradients; Mistake names a weight along which the loss changes otherwise."""
    if half:
        return "not asked: at half precision differences are lost in rounding"
    if subject.seconds > SLOW:
        return f"not asked: an answer takes {subject.seconds:.1f} s, and many are needed"
    batch = subject.few[0].take(slice(0, EXAMPLES))
    if not repeats(subject, batch, subject.answers(batch)):
        return "not asked: the model draws lots when asked"
    tried = 0
    with precisely():
        spent = Spent()
        for slope in _sample(subject, batch):
            if spent.over(LONG):
                break
            ratios = _ratios(subject, batch, slope)
            tried += bool(ratios)
            if ratios and _is_wrong(ratios):
                _refuse(slope, float(np.median(ratios)))
    return f"back-propagated and numerical gradients agree for {tried} weights"


def _sample(subject: Subject, batch: Arrays) -> list[Slope]:
    """The first weight of up to SAMPLE layers: the project's own, the first, the last, then evenly."""
    model = subject.model
    found = gradients(model, batch, training=False)
    own = {id(weight) for owner in owners(model) if not is_kerass(owner.layer) for weight in owner.weights}
    slopes = [
        Slope(weight, gradient, id(weight) in own)
        for weight, gradient in zip(model.trainable_variables, found, strict=True)
        if gradient is not None and gradient.shape == tuple(weight.shape) and 0 < gradient.size <= LARGE
    ]
    custom = [slope for slope in slopes if slope.own]
    others = [slope for slope in slopes if not slope.own and len(slope.gradient.shape) > 1]
    return _spread(custom, SAMPLE // 2) + _spread(others, SAMPLE - SAMPLE // 2)


def _spread(slopes: list[Slope], many: int) -> list[Slope]:
    """At most so many of them, the first and the last included."""
    if len(slopes) <= many:
        return slopes
    return [slopes[round(place)] for place in np.linspace(0, len(slopes) - 1, many)]


def _ratios(subject: Subject, batch: Arrays, slope: Slope) -> list[float]:
    """The numerical over the back-propagated slope along the gradient, for one reach after another.

    It ends with the first that is right; empty where no reach changes the loss by more than rounding.
    """
    here = number(slope.weight)
    gradient = np.asarray(slope.gradient, dtype=np.float64)
    steep = float(np.linalg.norm(gradient))
    own = float(np.linalg.norm(here))
    size, most = max(own, BEGUN * float(np.sqrt(here.size))), OWN * own or np.inf
    seen = SEEN * abs(subject.loss(batch))
    reaches = [reach * size for reach in REACHES if steep * reach * size > seen and reach * size <= most]
    ratios: list[float] = []
    for reach in reaches[:TRIES]:
        away = (reach * gradient / steep).astype(here.dtype)
        try:
            ratio = _loss_at(subject, batch, slope, here + away) - _loss_at(
                subject, batch, slope, here - away
            )
        finally:
            slope.weight.assign(here)
        ratios.append(ratio / (2 * reach * steep))
        if abs(ratios[-1] - 1) <= RIGHT:
            break
    return ratios


def _loss_at(subject: Subject, batch: Arrays, slope: Slope, value: Any) -> float:
    slope.weight.assign(value)
    return subject.loss(batch)


def _is_wrong(ratios: list[float]) -> bool:
    """Whether every reach says another slope, and the same one; kinks and rounding say now this, now that."""
    off = all(abs(ratio - 1) > RIGHT for ratio in ratios)
    return off and len(ratios) > 1 and max(ratios) - min(ratios) <= STEADY * max(1.0, *map(abs, ratios))


def _refuse(slope: Slope, ratio: float) -> None:
    what = (
        "points the wrong way: a sign is wrong"
        if ratio < 0
        else f"is not what the loss does: it changes by {ratio:.2g} of what the gradient says"
    )
    raise Mistake(
        f"the back-propagated gradient of {slope.weight.path} {what}, there or in a layer between it and the "
        f"loss{meant('numerical gradients')}"
    )

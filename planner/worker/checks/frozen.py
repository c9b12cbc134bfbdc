"""Is every layer that is held fast worth holding fast?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.gradients import Owner, owners
from planner.worker.checks.subject import Subject, floats, moved, number
from planner.worker.data import leaves


def frozen_layers(subject: Subject, again: Callable[[], Any]) -> str:
    """A sentence on the layers that are not trained; Mistake for one whose weights are freshly drawn.

    `again` builds the model with another seed.
    """
    frozen = [owner for owner in owners(subject.model) if _would_be_trained(owner)]
    if not frozen:
        return "no layer is held fast"
    drawn = _drawn(frozen, _by_place(subject.model), _by_place(again()))
    if drawn:
        raise Mistake(
            f"{_named(drawn)} not trained (trainable is False), and the weights are neither loaded nor "
            f"constant but freshly drawn at random{meant('frozen layers')}"
        )
    return f"{_named(frozen)} not trained, as is usual for weights that were learnt elsewhere"


def left_alone(subject: Subject, again: Callable[[], Any]) -> str:
    """A sentence on the layers that a `train_step` of the project's own has not moved.

    Mistake for one that has a part in the answers, and whose weights are freshly drawn. Averages, targets and
    critics have no such part.
    """
    still = {
        id(weight)
        for weight, known in zip(
            subject.model.trainable_variables, moved(subject.model, subject.first), strict=True
        )
        if not known
    }
    alone = [
        owner
        for owner in owners(subject.model)
        if _would_be_trained(owner) or (still and all(id(weight) in still for weight in owner.weights))
    ]
    if not alone or _may_wait(subject.model):
        return "every layer is trained" if not alone else "not asked: the optimiser may train layers later"
    drawn = _drawn(alone, _by_place(subject.model), _by_place(again()))
    if partaking := [owner for owner in drawn if _partakes(subject, owner)]:
        raise Mistake(
            f"{_named(partaking)} not changed by the model's own train_step, and the weights are neither "
            f"loaded nor constant but freshly drawn at random{meant('frozen layers')}"
        )
    return f"{_named(alone)} not trained, as is usual for weights that were learnt elsewhere"


def _may_wait(model: Any) -> bool:
    return bool(getattr(model.optimizer, "gradient_accumulation_steps", None))


def _partakes(subject: Subject, owner: Owner) -> bool:
    """Whether the model's answers depend on a layer, whose weights are as before afterwards."""
    before = [floats(leaf) for leaf in leaves(subject.answers(subject.few[0]))]
    kept = [number(weight) for weight in owner.weights]
    for weight, value in zip(owner.weights, kept, strict=True):
        weight.assign(value + 1 if np.issubdtype(value.dtype, np.floating) else value)
    try:
        after = [floats(leaf) for leaf in leaves(subject.answers(subject.few[0]))]
    finally:
        for weight, value in zip(owner.weights, kept, strict=True):
            weight.assign(value)
    return any(not np.allclose(one, other) for one, other in zip(before, after, strict=True))


def _would_be_trained(owner: Owner) -> bool:
    """Whether weights of the layer would be trained, were it not for `trainable = False`."""
    layer = owner.layer
    if layer.trainable:
        return False
    layer.trainable = True
    try:
        return any(weight.trainable for weight in owner.weights)
    finally:
        layer.trainable = False


def _by_place(model: Any) -> list[Owner]:
    return list(owners(model))


def _drawn(frozen: list[Owner], ours: list[Owner], theirs: list[Owner]) -> list[Owner]:
    """Those whose weights another seed draws differently."""
    if [type(one.layer) for one in ours] != [type(other.layer) for other in theirs]:
        return []
    twins = {one.path: other for one, other in zip(ours, theirs, strict=True)}
    return [owner for owner in frozen if _differ(owner, twins[owner.path])]


def _differ(one: Owner, other: Owner) -> bool:
    return any(
        tuple(ours.shape) == tuple(theirs.shape) and not np.array_equal(number(ours), number(theirs))
        for ours, theirs in zip(one.weights, other.weights, strict=False)
        if np.issubdtype(number(ours).dtype, np.floating)
    )


def _named(several: list[Owner]) -> str:
    names = ", ".join(owner.layer.name for owner in several[:3])
    more = f" and {len(several) - 3} more" if len(several) > 3 else ""
    return f"{names}{more} {'is' if len(several) == 1 else 'are'}"

"""Can the model be trained at all? A few real training steps on one batch, and what becomes of the loss."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant
from planner.worker.checks.climbing import Climb
from planner.worker.checks.rates import too_high
from planner.worker.checks.stepping import STEPS, step
from planner.worker.checks.subject import Subject, moved, number, values
from planner.worker.fit import listed

EXPLODED = 100.0
"""Times the loss of an untrained model at which training has exploded, whatever it does afterwards."""
RISEN = 3.0
"""Times that loss which are as bad where one step has made other weights altogether."""
LATER = (10, 100, 1000, 10_000, 100_000)
"""Steps at which a schedule is looked at, to see whether it will train anything."""
LEAP = 4.0
"""How far the first step moves the weights, as a multiple of their own size, to make others altogether."""


def training_steps(subject: Subject, reported: set[str]) -> str:
    """A sentence on the loss; Mistake when it is not finite or explodes, or when no weight moves.

    The names of what a step reports are added to `reported`.
    """
    _refuse_anothers(subject.model)
    before, leaps, climb = _kernels(subject.model), [0.0], Climb(subject)
    chance, first = _by_chance(subject), values(subject.model)

    def after_first() -> None:
        climb.after_first()
        leaps.append(_leap(before, _kernels(subject.model)))

    taken = step(subject, after_first)
    reported |= taken.names
    _refuse_standstill(subject, first, taken.taken)
    if ascent := climb.said(taken):
        raise Mistake(ascent)
    if not (losses := taken.losses):
        return f"{STEPS} training steps, whose loss the model does not report"
    bad = next((place for place, loss in enumerate(losses) if not isfinite(loss)), None)
    if bad is not None:
        raise Mistake(
            f"the loss is {losses[bad]} after {_counted(bad)}: look at the learning rate"
            f"{_rate(subject.model)}, the scale of the data, the labels"
        )
    usual, most = max(losses[0], chance), max(losses)
    if subject.plain and usual > 0 and _has_exploded(most / usual, leaps[-1]):
        when = losses.index(most)
        raise Mistake(
            f"the loss explodes from {losses[0]:.4g} to {most:.4g} within {_counted(when)}: the learning "
            f"rate{_rate(subject.model)} is too high{meant('training step')}"
        )
    if high := too_high(subject, losses, leaps[-1]):
        raise Mistake(high)
    return f"{_counted(len(losses) - 1)} on one batch take the loss from {losses[0]:.4g} to {losses[-1]:.4g}"


def _refuse_anothers(model: Any) -> None:
    """Mistake for an optimiser that keeps its account of another model's weights."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    known = {id(variable) for variable in getattr(optimizer, "_trainable_variables", None) or ()}
    if known and known.isdisjoint(map(id, model.trainable_variables)):
        raise Mistake("the optimiser was built for the weights of another model: make one for each model")


def _refuse_standstill(subject: Subject, first: list[Any], steps: int) -> None:
    """Mistake when the steps have left every trainable weight as it was, and nothing will ever move one."""
    if not first or _may_move_later(subject) or any(moved(subject.model, first)):
        return
    rate = _rate(subject.model)
    why = "the optimiser is never applied"
    if getattr(subject.model.optimizer, "iterations", None) is None or number(
        subject.model.optimizer.iterations
    ):
        why = f"look at the learning rate{rate}"
    raise Mistake(f"{_counted(steps)} change no weight: {why}{meant('training step')}")


def _may_move_later(subject: Subject) -> bool:
    """Whether steps that move nothing may be meant: a rate warms up, a callback sets it later."""
    optimizer = subject.model.optimizer
    half = any("16" in str(layer.compute_dtype) for layer in subject.model._flatten_layers())
    # At half precision steps are left out until the loss has found its scale.
    return bool(
        half
        or listed((subject.trial.fit or {}).get("callbacks"))
        or getattr(optimizer, "gradient_accumulation_steps", None)
        or any(rate > 0 for rate in _later_rates(optimizer))
    )


def _later_rates(optimizer: Any) -> list[float]:
    """What a schedule makes of the learning rate later on; nothing where it stands still."""
    schedule = getattr(optimizer, "_learning_rate", None)
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return []
    return [float(number(schedule(when))) for when in LATER]


def _has_exploded(rise: float, leap: float) -> bool:
    return rise > EXPLODED or (rise > RISEN and leap > LEAP)


def _by_chance(subject: Subject) -> float:
    """The loss of answers that belong to other examples: what a model that knows nothing pays."""
    batch = subject.few[0]
    if not subject.plain or len(batch) < 2:
        return 0.0
    answers = subject.answers(batch)
    loss = subject.loss(batch, _rolled(answers))
    return loss if isfinite(loss) else 0.0


def _rolled(answers: Any) -> Any:
    """The answers, each in the place of the one before."""
    if isinstance(answers, dict):
        return {name: _rolled(part) for name, part in answers.items()}
    if isinstance(answers, list | tuple):
        return [_rolled(part) for part in answers]
    return keras.ops.roll(answers, 1, axis=0)


def _kernels(model: Any) -> list[Any]:
    """The weights of two or more dimensions that are not all 0."""
    found = [number(weight) for weight in model.trainable_variables if len(weight.shape) > 1]
    return [kernel for kernel in found if kernel.size]


def _leap(before: list[Any], after: list[Any]) -> float:
    """How far the middle one of the kernels has moved, as a multiple of its size."""
    moves = [
        float(np.sqrt(np.mean(np.square(new - old)) / size))
        for old, new in zip(before, after, strict=False)
        if (size := float(np.mean(np.square(old, dtype=np.float64)))) > 0
    ]
    middle = float(np.median(moves)) if moves else 0.0
    return middle if isfinite(middle) else inf


def _rate(model: Any) -> str:
    """The learning rate at work, as ` of 0.5`; nothing where the optimiser does not say."""
    rate = getattr(model.optimizer, "learning_rate", None)
    try:
        return f" of {float(number(rate)):.3g}"
    except (TypeError, ValueError):
        return ""


def _counted(steps: int) -> str:
    return "1 training step" if steps == 1 else f"{steps} training steps"

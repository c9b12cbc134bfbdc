"""The learning-rate finder: train a few steps at rates that grow from hopeless to hopeless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf, isfinite, log10, sqrt
from typing import Any

import keras
import numpy as np

from planner.domain.mistake import Mistake
from planner.domain.rates import Rates
from planner.store import encoding, files
from planner.trial import Trial
from planner.worker.data import Arrays, arrays_of, batches
from planner.worker.fit import BATCH
from planner.worker.optimizer import highest_rate, same_optimizer
from planner.worker.task import Task

FIRST, LAST = 1e-7, 10.0
"""The lowest and the highest rate tried."""
STEPS = 160
"""Steps between them, twenty for a tenfold."""
SMOOTHING = 0.85
"""How much of the smoothed loss each step keeps."""
WARM = 10
"""Steps before the loss can be said to grow or to fall."""
DIVERGED = 4.0
"""The smoothed loss over its lowest from which on it has diverged."""
FALLS = 0.03
"""Share of the loss by which it must fall at some rate, or none can be suggested."""
MARGIN = 10.0
"""How far below the rate of the lowest loss it is safe."""


def find(task: Task, trial: Trial) -> None:
    """Try the rates, write `lr.json`, and say what was found; Mistake where the rate can't be set."""
    model, own = trial.model, trial.model.optimizer
    optimizer = same_optimizer(own, FIRST, decay=True)
    if optimizer is None:
        raise Mistake(
            f"the learning rate of a {type(own).__name__} can't be set from outside: "
            "its get_config must give back what it was made with, learning_rate among it"
        )
    # Whatever the model's own training step does, it does with this optimiser from now on.
    model.optimizer = _scaled_as(own, optimizer)
    model.train_function = None
    with task.signals.abruptly():
        points, diverged = _swept(task, trial, optimizer)
    found = judged(points, diverged=diverged, now=_now(own))
    files.write_whole(task.folder.rates, encoding.encode(encoding.plain(found)))
    task.report.check("learning rate", passed=found.rate is not None, detail=found.says)


def judged(points: list[tuple[float, float, float]], *, diverged: bool, now: float | None) -> Rates:
    """What the points (rate, loss, smoothed loss) say."""
    rates = np.array([rate for rate, _, _ in points])
    smooth = np.array([loss for _, _, loss in points])
    low = int(np.nanargmin(np.where(np.isfinite(smooth), smooth, inf)))
    before = float(np.max(smooth[: low + 1], initial=-inf, where=np.isfinite(smooth[: low + 1])))
    fell = before - float(smooth[low])
    steepest = _steepest(rates[: low + 1], smooth[: low + 1])
    known = Rates(points=tuple(points), diverged=diverged, now=now, minimum=float(rates[low]))
    if steepest is None or not fell > FALLS * max(abs(before), 1e-12):
        return replace(known, says=_says(known))
    lowest, highest = sorted((steepest, float(rates[low]) / MARGIN))
    middle = _round(sqrt(lowest * highest))
    found = replace(known, rate=middle, lowest=lowest, highest=highest, steepest=steepest)
    return replace(found, says=_says(found))


def _says(found: Rates) -> str:
    """All of it in one sentence."""
    last = found.points[-1][0]
    has = "" if found.now is None else f"; the recipe has {found.now:.2g}"
    if found.rate is None:
        return f"the loss falls at no rate from {found.points[0][0]:.0e} to {last:.2g}{has}"
    end = f", and grows without end from {last:.2g}" if found.diverged else ""
    return (
        f"try {found.rate:.2g}: between {found.lowest:.2g} and {found.highest:.2g} the loss falls fast; "
        f"it is lowest at {found.minimum:.2g}{end}{has}"
    )


def _swept(task: Task, trial: Trial, optimizer: Any) -> tuple[list[tuple[float, float, float]], bool]:
    points: list[tuple[float, float, float]] = []
    mean, lowest = 0.0, inf
    weights = (trial.fit or {}).get("class_weight")
    task.report.training()
    for step, batch in zip(range(STEPS + 1), _endless(task, trial), strict=False):
        rate = FIRST * (LAST / FIRST) ** (step / STEPS)
        optimizer.learning_rate = rate
        loss = _trained(trial.model, batch, weights)
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        smooth = mean / (1 - SMOOTHING ** (step + 1))
        points.append((rate, loss, smooth))
        task.report.epoch(step + 1, STEPS + 1, {"smoothed loss": smooth, "learning_rate": rate})
        if not isfinite(smooth):
            return points, True
        if step >= WARM:
            lowest = min(lowest, smooth)
            if smooth > DIVERGED * lowest > 0:
                return points, True
    return points, False


def _trained(model: Any, batch: Arrays, class_weight: Any) -> float:
    found = model.train_on_batch(
        batch.x,
        batch.y,
        sample_weight=batch.weight,
        class_weight=class_weight if batch.weight is None else None,
        return_dict=True,
    )
    return float(found["loss"])


def _endless(task: Task, trial: Trial) -> Iterator[Arrays]:
    """Batches of the training data, shuffled anew at each walk through arrays."""
    size = int((trial.fit or {}).get("batch_size") or BATCH)
    arrays = arrays_of(trial.train, "train")
    draw = np.random.default_rng(task.spec.seed)
    while True:
        walked = False
        for batch in batches(arrays.take(draw.permutation(len(arrays))) if arrays else trial.train, size):
            walked = True
            yield batch
        if not walked:
            return


def _steepest(rates: Any, losses: Any) -> float | None:
    """The rate at which the loss falls fastest; None where it never falls."""
    good = np.isfinite(losses)
    if good.sum() <= WARM:
        return None
    slopes = np.gradient(losses[good], np.log10(rates[good]))
    place = WARM // 2 + int(np.argmin(slopes[WARM // 2 :]))
    return float(rates[good][place]) if slopes[place] < 0 else None


def _scaled_as(own: Any, optimizer: Any) -> Any:
    """Under mixed precision the loss is scaled by an optimiser around the optimiser."""
    if isinstance(own, keras.optimizers.LossScaleOptimizer):
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer


def _now(optimizer: Any) -> float | None:
    try:
        return highest_rate(getattr(optimizer, "inner_optimizer", optimizer))
    except (AttributeError, TypeError, ValueError):
        return None  # one of the project's own that keeps its rate elsewhere


def _round(rate: float) -> float:
    """Two figures."""
    return round(rate, 1 - int(np.floor(log10(rate))))

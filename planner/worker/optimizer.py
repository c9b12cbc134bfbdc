"""A Keras optimiser made anew from its settings, at a plain learning rate."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from planner.by_layer import layer_rates, rates_of

LOOKED_AHEAD = 1000
"""Steps of a schedule within which its highest rate is looked for."""


def same_optimizer(optimizer: Any, rate: float | None = None, *, decay: bool = False) -> Any:
    """A fresh optimiser of the same settings at a plain rate; weight decay and averages only with `decay`.

    Without `rate` it is the optimiser's own, of a schedule the highest. None where it can't be made anew.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    try:
        config = inner.get_config()
        config.update(learning_rate=rate if rate is not None else highest_rate(inner))
        if config.get("weight_decay") and not decay:
            config["weight_decay"] = None
        if config.get("use_ema"):
            config["use_ema"] = False
        fresh = type(inner).from_config(config)
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return None  # one of the project's own that does not say its settings, or takes no rate
    return layer_rates(fresh, factors) if (factors := rates_of(inner)) else fresh


def highest_rate(optimizer: Any) -> float:
    """The learning rate, of a schedule its highest."""
    if not is_scheduled(optimizer):
        return float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    schedule = optimizer._learning_rate
    steps = np.unique(np.geomspace(1, LOOKED_AHEAD, 30).astype(int)) - 1
    return max(float(keras.ops.convert_to_numpy(schedule(int(step)))) for step in steps)


def is_scheduled(optimizer: Any) -> bool:
    """Whether its rate follows a schedule."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    rate = getattr(inner, "_learning_rate", None)
    return isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)


def values_of(optimizer: Any) -> list[Any]:
    """A copy of all that it keeps from step to step."""
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in optimizer.variables]

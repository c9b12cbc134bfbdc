"""Is a trial the baseline's in everything that a comparison can see?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from planner.trial import Trial
from planner.worker.checks.equality import PLAIN, same_array, same_data, same_value
from planner.worker.checks.gradients import is_kerass
from planner.worker.checks.state import same_state
from planner.worker.checks.subject import number
from planner.worker.data import Arrays
from planner.worker.fit import listed

OWN: dict[str, Callable[[Any], Any]] = {
    "loss": lambda model: model.loss,
    "metrics": lambda model: getattr(model._compile_metrics, "_user_metrics", model),
}
"""What a project may write itself, by the name that it has among a model's settings."""
STEPS = 2
"""Training steps after which the weights are still the same, to the last bit."""


def same_settings(ours: Trial, theirs: Trial) -> bool:
    """Whether two Keras trials are alike in all that can be seen without their weights.

    False also where anything could hide a difference: a function of the project's own, data in batches.
    """
    return (
        same_value(fit_of(ours), fit_of(theirs))
        and _same_compiled(ours.model, theirs.model)
        and _same_layers(ours.model, theirs.model)
        and same_data(ours, theirs)
    )


def same_trial(ours: Trial, theirs: Trial, batch: Arrays, sow: Any) -> bool:
    """Whether two Keras trials, both just built from one seed, are one and the same to all that can be seen.

    Both are trained for a few steps, each after `sow()`.
    """
    return (
        same_settings(ours, theirs)
        and _same_weights(ours.model, theirs.model)
        and _trained_alike(ours.model, theirs.model, batch, sow)
    )


def fit_of(trial: Trial) -> dict[str, Any]:
    """What `fit` is called with, its callbacks in a form that can be compared."""
    return {
        **dict(trial.fit or {}),
        "callbacks": [_callback(one) for one in listed((trial.fit or {}).get("callbacks"))],
    }


def _callback(one: Any) -> Any:
    """One of Keras's callbacks as its kind and settings; another as itself, which equals nothing."""
    module = type(one).__module__
    if not module.startswith("keras.") or isinstance(one, keras.callbacks.LambdaCallback):
        return one
    return {
        "kind": type(one).__qualname__,
        **{name: value for name, value in vars(one).items() if _counts(name)},
    }


def _counts(name: str) -> bool:
    """Whether an attribute of a callback is a setting, and not what Keras keeps there."""
    return name not in ("_model", "params", "monitor_op")


def _same_compiled(one: Any, other: Any) -> bool:
    """Whether both are compiled alike; a loss and metrics of the project's own are compared as they are."""
    ours, theirs = one.get_compile_config(), other.get_compile_config()
    return ours.keys() == theirs.keys() and all(
        _same_settings(ours[name], theirs[name])
        or (name in OWN and same_state(OWN[name](one), OWN[name](other)))
        for name in ours
    )


def _same_settings(one: Any, other: Any) -> bool:
    return not _hides(one) and same_value(_unnamed(one), _unnamed(other))


def _hides(config: Any) -> bool:
    """Whether settings name something that is not Keras's own, of which they tell the name alone."""
    if isinstance(config, Mapping):
        foreign = "module" in config and not str(config["module"]).startswith("keras")
        return foreign or any(map(_hides, config.values()))
    if isinstance(config, list | tuple):
        return any(map(_hides, config))
    return not isinstance(config, PLAIN)


def _same_layers(one: Any, other: Any) -> bool:
    """Whether both are the same layers with the same settings, whatever they are called."""
    ours, theirs = (list(model._flatten_layers()) for model in (one, other))
    return len(ours) == len(theirs) and all(map(_same_layer, ours, theirs))


def _same_layer(one: Any, other: Any) -> bool:
    if one.trainable != other.trainable:
        return False
    if not is_kerass(one):
        return same_state(one, other)
    if type(one) is not type(other):
        return False
    if isinstance(one, keras.Model):
        return True  # its layers are compared one by one, and the weights and the answers of all together
    return _same_settings(one.get_config(), other.get_config())


def _unnamed(config: Any) -> Any:
    """Settings without names, which Keras numbers anew with each model."""
    if isinstance(config, Mapping):
        return {key: _unnamed(value) for key, value in config.items() if key not in ("name", "build_config")}
    if isinstance(config, list | tuple):
        return [_unnamed(value) for value in config]
    return config


def _same_weights(one: Any, other: Any) -> bool:
    ours, theirs = one.variables, other.variables
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if "seed_generator" not in a.path]
    return len(ours) == len(theirs) and all(same_array(number(a), number(b)) for a, b in pairs)


def _trained_alike(one: Any, other: Any, batch: Arrays, sow: Any) -> bool:
    for model in (one, other):
        model.run_eagerly = True
        sow()
        for _ in range(STEPS):
            model.train_on_batch(batch.x, batch.y, sample_weight=batch.weight)
    return _same_weights(one, other)

"""How alike two Keras trials are in all that can be seen without training them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

import keras

from planner.trial import Trial
from planner.worker.checks.equality import PLAIN, same_data, same_value
from planner.worker.checks.gradients import is_kerass
from planner.worker.checks.state import same_state
from planner.worker.data import arrays_of
from planner.worker.fit import listed


class Likeness(IntEnum):
    """How alike two things are; several together are what the least alike of them are."""

    APART = 0
    """They differ in a setting."""
    UNSURE = 1
    """What differs, or may, is in the hands of the project's own code, which may make nothing of it."""
    ALIKE = 2
    """They are the same in every setting and in the project's own code."""


OWN: dict[str, Callable[[Any], Any]] = {
    "loss": lambda model: model.loss,
    "metrics": lambda model: getattr(model._compile_metrics, "_user_metrics", model),
}
"""What a project may write itself, by the name that it has among a model's settings."""


def likeness(ours: Trial, theirs: Trial) -> Likeness:
    """How alike two trials are but for the values of their weights, and for data that come in batches."""
    if not _same_fit(ours, theirs) or _of_other_shapes(ours.model, theirs.model):
        return Likeness.APART
    return min(
        _of_layers(ours.model, theirs.model), _of_compiled(ours.model, theirs.model), _of_data(ours, theirs)
    )


def _of_other_shapes(one: Any, other: Any) -> bool:
    """Whether weights of both have other shapes; a model that has not answered yet may have none."""
    ours, theirs = ([tuple(weight.shape) for weight in model.weights] for model in (one, other))
    return one.built and other.built and ours != theirs


def _same_fit(ours: Trial, theirs: Trial) -> bool:
    one, other = (dict(trial.fit or {}) for trial in (ours, theirs))
    first, second = (listed(fit.pop("callbacks", None)) for fit in (one, other))
    return same_value(one, other) and len(first) == len(second) and all(map(_same_callback, first, second))


def _same_callback(one: Any, other: Any) -> bool:
    if not type(one).__module__.startswith("keras."):
        return same_state(one, other)
    return type(one) is type(other) and same_state(_settings_of(one), _settings_of(other))


def _settings_of(callback: Any) -> dict[str, Any]:
    """The settings of one of Keras's callbacks, without what Keras keeps beside them."""
    return {name: value for name, value in vars(callback).items() if name not in ("_model", "params")}


def _of_layers(one: Any, other: Any) -> Likeness:
    """Whether both are the same layers with the same settings, whatever they are called."""
    ours, theirs = (list(model._flatten_layers()) for model in (one, other))
    if len(ours) != len(theirs):
        return Likeness.APART
    # A model that computes by code of the project's own may leave one of Keras's layers out.
    visible = Likeness.APART if all(map(is_kerass, ours)) else Likeness.UNSURE
    return min(_of_layer(a, b, visible) for a, b in zip(ours, theirs, strict=True))


def _of_layer(one: Any, other: Any, visible: Likeness) -> Likeness:
    if one.trainable != other.trainable:
        return Likeness.APART
    if not is_kerass(one):
        return Likeness.ALIKE if same_state(one, other) else Likeness.UNSURE
    if type(one) is not type(other):
        return visible
    if isinstance(one, keras.Model):
        return Likeness.ALIKE  # its layers are compared one by one, and the weights and answers of them all
    return Likeness.ALIKE if _same_settings(one.get_config(), other.get_config()) else visible


def _of_compiled(one: Any, other: Any) -> Likeness:
    """Whether both are compiled alike; a loss and metrics of the project's own are compared as they are."""
    ours, theirs = one.get_compile_config(), other.get_compile_config()
    if ours.keys() != theirs.keys():
        return Likeness.APART
    found = []
    for name in ours:
        if _same_settings(ours[name], theirs[name]) or (
            name in OWN and same_state(OWN[name](one), OWN[name](other))
        ):
            found.append(Likeness.ALIKE)
        elif _hides(ours[name]) and _hides(theirs[name]):
            found.append(Likeness.UNSURE)
        else:
            found.append(Likeness.APART)
    return min(found, default=Likeness.ALIKE)


def _of_data(ours: Trial, theirs: Trial) -> Likeness:
    pairs = [(ours.train, theirs.train, "train"), (ours.validation, theirs.validation, "validation")]
    if any((one is None) != (other is None) for one, other, _ in pairs):
        return Likeness.APART
    if any(one is not None and arrays_of(one, name) is None for one, _, name in pairs):
        return Likeness.ALIKE
    return Likeness.ALIKE if same_data(ours, theirs) else Likeness.APART


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


def _unnamed(config: Any) -> Any:
    """Settings without names, which Keras numbers anew with each model."""
    if isinstance(config, Mapping):
        return {key: _unnamed(value) for key, value in config.items() if key not in ("name", "build_config")}
    if isinstance(config, list | tuple):
        return [_unnamed(value) for value in config]
    return config

"""Learning rates by layer: an optimiser whose rate is multiplied for the weights that a pattern names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

FACTORS = "_planner_layer_rates"
"""Where an optimiser keeps its factors, for whoever makes it anew."""


def layer_rates(optimizer: Any, factors: Mapping[str, float]) -> Any:
    """Multiply the learning rate of the weights that a pattern names; answers the same Keras optimiser.

    A pattern is the name of a layer, or the path of a weight such as `encoder/dense_1/kernel`, with `*` for
    anything. Of several that fit a weight the last one holds. A factor of 0 leaves the weights as they are,
    but for weight decay, which has a rate of its own. ValueError for a pattern that fits no weight, once the
    optimiser meets the model.

        optimizer = layer_rates(keras.optimizers.Adam(params["lr"]), params["lr_layers"])
    """
    known, build, update = dict(factors), optimizer.build, optimizer.update_step
    own: list[float] = []

    def built(variables: Sequence[Any]) -> None:
        paths = [variable.path for variable in variables]
        for pattern in known:
            _demand(pattern, paths)
        own[:] = [_factor(known, path) for path in paths]
        build(variables)

    def updated(gradient: Any, variable: Any, learning_rate: Any) -> Any:
        # A backend may hand over its own variable, which has no path: Keras knows its place by it.
        factor = own[optimizer._get_variable_index(variable)]
        return update(gradient, variable, learning_rate if factor == 1 else learning_rate * factor)

    # Gradients that are scaled instead would change nothing: Adam divides by their size.
    optimizer.build, optimizer.update_step = built, updated
    setattr(optimizer, FACTORS, known)
    return optimizer


def rates_of(optimizer: Any) -> dict[str, float]:
    """The factors that an optimiser was given by layer; empty for any other."""
    return dict(getattr(optimizer, FACTORS, {}))


def _factor(factors: Mapping[str, float], path: str) -> float:
    found = [factor for pattern, factor in factors.items() if _fits(pattern, path)]
    return found[-1] if found else 1.0


def _fits(pattern: str, path: str) -> bool:
    """Whether it is the path of the weight, or its end, or the name of any layer on it."""
    whole = fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")
    return whole or any(fnmatchcase(part, pattern) for part in path.split("/")[:-1])


def _demand(pattern: str, paths: Sequence[str]) -> None:
    if any(_fits(pattern, path) for path in paths):
        return
    layers = sorted({part for path in paths for part in path.split("/")[:-1]})
    near = get_close_matches(pattern.strip("*"), layers, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(layers[:8])}"
    raise ValueError(f"layer_rates: no weight of the model fits {pattern!r}{hint}")

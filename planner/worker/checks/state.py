"""Do two things that the project's code has made surely hold the same?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import FunctionType, MethodType
from typing import Any

import keras
import numpy as np

from planner.worker.checks.equality import PLAIN, same_array

DEEP = 8
"""How deep within a thing its parts are looked at."""


def same_state(one: Any, other: Any, deep: int = DEEP) -> bool:
    """Whether two functions, layers or values are surely alike, in their code and in what they hold.

    Layers and weights among their parts are passed over: the model has them too, and compares them there.
    """
    if one is other:
        return True
    if deep == 0 or not _same_kind(one, other):
        return False
    if isinstance(one, keras.Layer | keras.Variable | keras.random.SeedGenerator):
        return deep < DEEP or _same_parts(_own(one), _own(other), deep)
    if isinstance(one, PLAIN):
        return bool(one == other or one != one)
    if isinstance(one, np.ndarray | np.generic):
        return same_array(one, other)
    if isinstance(one, Mapping):
        return _same_parts(one, other, deep)
    if isinstance(one, list | tuple):
        return _same_parts(dict(enumerate(one)), dict(enumerate(other)), deep)
    if isinstance(one, FunctionType):
        return one.__code__ == other.__code__ and _same_parts(_closed_over(one), _closed_over(other), deep)
    if isinstance(one, MethodType):
        return same_state(one.__func__, other.__func__, deep) and same_state(
            one.__self__, other.__self__, deep
        )
    return hasattr(one, "__dict__") and _same_parts(vars(one), vars(other), deep)


def _same_kind(one: Any, other: Any) -> bool:
    """Whether both are of one class, or of two that the same lines made."""
    ours, theirs = type(one), type(other)
    if ours is theirs:
        return True
    if (ours.__module__, ours.__qualname__) != (theirs.__module__, theirs.__qualname__):
        return False
    return _same_parts(_functions(ours), _functions(theirs), DEEP)


def _same_parts(one: Mapping[Any, Any], other: Mapping[Any, Any], deep: int) -> bool:
    return one.keys() == other.keys() and all(same_state(one[name], other[name], deep - 1) for name in one)


def _functions(kind: type) -> dict[str, Any]:
    return {name: part for name, part in vars(kind).items() if isinstance(part, FunctionType)}


def _closed_over(function: FunctionType) -> dict[str, Any]:
    names, cells = function.__code__.co_freevars, function.__closure__ or ()
    # `__class__` is what `super()` needs, and the class itself is compared already.
    found = {name: cell.cell_contents for name, cell in zip(names, cells, strict=True) if name != "__class__"}
    return {**found, "defaults": function.__defaults__, "keywords": function.__kwdefaults__}


def _own(thing: Any) -> dict[str, Any]:
    """The attributes that the project's code has given a layer; nothing of what Keras keeps there."""
    return {name: value for name, value in vars(thing).items() if name not in _kerass()}


@cache
def _kerass() -> frozenset[str]:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile()
    kept = {name for layer in (keras.layers.Layer(), keras.Model(), model) for name in vars(layer)}
    trained = {"history", "stop_evaluating", "_eval_epoch_iterator"}
    return frozenset({*kept, *trained, "built", "_auto_config", "_losses", "optimizer"})

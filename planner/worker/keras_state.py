"""Everything a Keras training depends on at the end of an epoch, taken and put back."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from planner.worker import pytorch
from planner.worker.packing import Arrays, Unplain, pack, unpack

KERAS_OWN = frozenset({"_model", "params", "validation_data"})
"""Attributes of a callback that Keras sets anew for each training."""
LARGE = 2**20
"""Bytes of arrays from which a callback's attribute that is still the same object is left out, as data."""
SINGLE = 4
"""Bytes of a number of single precision."""


@dataclass(frozen=True, slots=True)
class State:
    """A training at the end of one epoch."""

    epoch: int
    """The epoch that had ended."""
    arrays: Arrays
    """Its variables as `variable0` and so on, and the arrays of `plain`."""
    plain: dict[str, Any]
    """The rest: whether training was over, the random generators, the callbacks' attributes."""

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return sum(array.nbytes for array in self.arrays.values())


class Training:
    """One model with the callbacks of its recipe, as they stand."""

    def __init__(self, model: Any, callbacks: Sequence[Any]) -> None:
        self._model = model
        self._callbacks = callbacks
        self._first = [dict(vars(callback)) for callback in callbacks]

    def taken(self, epoch: int) -> State:
        """A copy of the state at the end of this epoch, in host memory."""
        arrays = {f"variable{place}": _raw(variable) for place, variable in enumerate(self._variables())}
        plain = {
            "variables": len(arrays),
            "over": bool(self._model.stop_training),
            "random": pack(random.getstate(), arrays),
            "numpy": pack(np.random.get_state(), arrays),
            "torch": pack(pytorch.generators(), arrays),
            "callbacks": [self._kept(place, arrays) for place in range(len(self._callbacks))],
        }
        return State(epoch, arrays, plain)

    def size(self) -> int:
        """Bytes of its variables, were all of them of single precision."""
        return SINGLE * sum(int(np.prod(variable.shape)) for variable in self._variables())

    def fits(self, state: State) -> bool:
        """Whether the state is one of a training like this; an optimiser without variables gets them."""
        optimizer = self._model.optimizer
        if optimizer is not None and not optimizer.built:
            optimizer.build(self._model.trainable_variables)
        own = [_raw(variable) for variable in self._variables()]
        return len(own) == state.plain["variables"] and all(
            (array.shape, array.dtype) == (other.shape, other.dtype)
            for array, other in zip(own, _variables_of(state), strict=True)
        )

    def put_back(self, state: State) -> list[str]:
        """Make the training what it was; answers which attributes of the callbacks begin anew."""
        for variable, array in zip(self._variables(), _variables_of(state), strict=True):
            own = keras.ops.convert_to_numpy(variable).dtype
            variable.assign(array if array.dtype == own else array.view(own))
        random.setstate(unpack(state.plain["random"], state.arrays))
        np.random.set_state(unpack(state.plain["numpy"], state.arrays))
        pytorch.put_back(unpack(state.plain.get("torch"), state.arrays) or {})
        left: list[str] = []
        for callback, kept in zip(self._callbacks, state.plain["callbacks"], strict=False):
            own = {name: unpack(packed, state.arrays) for name, packed in kept["plain"].items()}
            vars(callback).update(own)
            vars(callback).update({name: getattr(keras.ops, op) for name, op in kept["operations"].items()})
            left += [f"{type(callback).__name__}.{name}" for name in kept["left"]]
        return left

    def _variables(self) -> list[Any]:
        """Weights, statistics, seeds of random layers, and what the optimisers remember; each once."""
        found = [
            *self._model.variables,
            *(one for optimizer in self._optimizers() for one in optimizer.variables),
        ]
        return list({id(variable): variable for variable in found}.values())

    def _optimizers(self) -> Iterator[Any]:
        """The model's own, and those that a training step of the project's keeps beside it."""
        own = [value for value in vars(self._model).values() if isinstance(value, keras.optimizers.Optimizer)]
        main = self._model.optimizer
        yield from [main] if main is not None else []
        yield from (one for one in own if one is not main)

    def _kept(self, place: int, arrays: Arrays) -> dict[str, Any]:
        """A callback's plain attributes and operations, and the names of attributes that can't be kept."""
        plain: dict[str, Any] = {}
        operations: dict[str, str] = {}
        left: list[str] = []
        for name, value in vars(self._callbacks[place]).items():
            if name in KERAS_OWN:
                continue
            if (operation := _operation(value)) is not None:
                operations[name] = operation
                continue
            inner: Arrays = {}
            try:
                packed = pack(value, inner)
            except Unplain:
                left += [] if _is_no_state(value) else [name]
                continue
            if value is self._first[place].get(name) and sum(part.nbytes for part in inner.values()) > LARGE:
                continue
            plain[name] = pack(value, arrays) if inner else packed
        return {"plain": plain, "operations": operations, "left": left}


def _raw(variable: Any) -> Any:
    """A copy of a variable's value as an array of one of NumPy's own types."""
    # Of TensorFlow's, Keras would make a copy of the copy.
    on_host = keras.config.backend() == "tensorflow"
    array = np.asarray(variable.value) if on_host else keras.ops.convert_to_numpy(variable)
    if not array.flags.owndata:  # some backends hand out the memory that training goes on to write to
        array = array.copy()
    return array if array.dtype.isbuiltin == 1 else array.view(f"u{array.dtype.itemsize}")


def _variables_of(state: State) -> list[Any]:
    return [state.arrays[f"variable{place}"] for place in range(state.plain["variables"])]


def _operation(value: object) -> str | None:
    """The name of one of Keras's own operations, such as the comparison a callback has chosen by itself."""
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) and getattr(keras.ops, name, None) is value else None


def _is_no_state(value: object) -> bool:
    """Whether an attribute is a function, a part of the model or a module: what the recipe makes again."""
    return callable(value) or hasattr(value, "__spec__") or isinstance(value, keras.optimizers.Optimizer)

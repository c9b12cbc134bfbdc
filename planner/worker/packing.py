"""Python values as JSON and arrays, so that they can be kept and read back without running any code."""

from __future__ import annotations

from typing import Any

import numpy as np

Arrays = dict[str, Any]
"""NumPy arrays by name."""


class Unplain(ValueError):
    """A value that is more than numbers, text, arrays and collections of these."""


def pack(value: object, arrays: Arrays) -> Any:
    """The value in JSON's own kinds, its arrays copied to `arrays`; Unplain when it holds anything else."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return _packed_array(np.array(value), arrays)
    if type(value) is list:
        return [pack(part, arrays) for part in value]
    if type(value) is tuple:
        return {"tuple": [pack(part, arrays) for part in value]}
    if type(value) is dict:
        return {"dict": [[pack(key, arrays), pack(part, arrays)] for key, part in value.items()]}
    raise Unplain(f"a {type(value).__name__} is no plain value")


def unpack(packed: Any, arrays: Arrays) -> Any:
    """The value again; ValueError or KeyError for what `pack` did not make."""
    if isinstance(packed, list):
        return [unpack(part, arrays) for part in packed]
    if not isinstance(packed, dict):
        return packed
    ((kind, inner),) = packed.items()
    if kind == "array":
        array = arrays[inner]
        return array if array.ndim else array[()]
    if kind == "tuple":
        return tuple(unpack(part, arrays) for part in inner)
    if kind == "dict":
        return {unpack(key, arrays): unpack(part, arrays) for key, part in inner}
    raise ValueError(f"{kind!r} is no packed value")


def _packed_array(array: Any, arrays: Arrays) -> Any:
    if array.dtype.isbuiltin != 1 or array.dtype.hasobject:
        raise Unplain(f"an array of {array.dtype} is no plain value")
    name = f"packed{len(arrays)}"
    arrays[name] = array
    return {"array": name}

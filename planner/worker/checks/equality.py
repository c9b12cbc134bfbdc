"""Are two values, arrays or data sets surely the same?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planner.trial import Trial

if TYPE_CHECKING:
    from planner.worker.data import Arrays

PLAIN = (str, bytes, bool, int, float, complex, type(None))
"""Kinds of values that are all there is to them."""


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are surely the same: numbers, texts, arrays and what is made of them."""
    import numpy as np  # here, since of loops and scripts, which may need none of it, PLAIN alone is asked

    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, np.ndarray | np.generic) and isinstance(other, np.ndarray | np.generic):
        return same_array(one, other)
    if type(one) is not type(other):
        return False
    return isinstance(one, PLAIN) and (one == other or one != one)


def same_array(one: Any, other: Any) -> bool:
    """Whether two arrays hold the same, to the last bit."""
    import numpy as np

    one, other = np.asarray(one), np.asarray(other)
    alike = one.shape == other.shape and one.dtype == other.dtype and not one.dtype.hasobject
    return alike and one.tobytes() == other.tobytes()


def same_data(ours: Trial, theirs: Trial) -> bool:
    """Whether both train and validate on the same arrays; False for anything but arrays."""
    from planner.worker.data import arrays_of

    for name in ("train", "validation"):
        one, other = getattr(ours, name), getattr(theirs, name)
        if one is None and other is None:
            continue
        if one is None or other is None:
            return False
        first, second = arrays_of(one, name), arrays_of(other, name)
        if first is None or second is None or not _same_arrays(first, second):
            return False
    return True


def _same_arrays(one: Arrays, other: Arrays) -> bool:
    from planner.worker.data import leaves

    pairs = ((one.x, other.x), (one.y, other.y), (one.weight, other.weight))
    return all(
        len(first) == len(second) and all(map(same_array, first, second))
        for first, second in ((leaves(a), leaves(b)) for a, b in pairs)
    )

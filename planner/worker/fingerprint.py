"""One hash for the arrays of a data set, so that two runs can tell whether they saw the same."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves

ARRAY = 256 * 2**20
"""Bytes of an array that is hashed in full; of a larger one evenly spaced rows count."""
ROWS = 4096
"""Rows of a large array that count."""


def of_arrays(arrays: Arrays) -> dict[str, object]:
    """SHA-256 over kinds, shapes and bytes of the arrays of a data set, and whether all rows counted."""
    digest, whole = hashlib.sha256(), True
    for part in (arrays.x, arrays.y, arrays.weight):
        for leaf in leaves(part):
            array = _array(leaf)
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            if array.nbytes > ARRAY:
                whole = False
                array = array[np.linspace(0, len(array) - 1, min(ROWS, len(array))).astype(int)]
            digest.update(_bytes(array))
    return {"sha256": digest.hexdigest(), "examples": len(arrays), "all_rows": whole}


def _array(leaf: Any) -> Any:
    """A dense array of whatever holds the numbers; of a sparse matrix its stored values and their places."""
    if hasattr(leaf, "tocsr"):
        rows = leaf.tocsr()
        return np.concatenate([part.astype(np.float64) for part in (rows.data, rows.indices, rows.indptr)])
    return np.asarray(leaf)


def _bytes(array: Any) -> Any:
    """The bytes of numbers; the text of anything else, whose bytes are only addresses."""
    if array.dtype.hasobject:
        return "\0".join(str(part) for part in array.ravel()).encode("utf-8", "surrogateescape")
    return np.ascontiguousarray(array).view(np.uint8).reshape(-1).data if array.size else b""

"""One hash for a data set, so that two runs can tell whether they saw the same."""

from __future__ import annotations

import glob
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from planner.worker.data import Arrays, leaves

WHOLE = 64 * 2**20
"""Bytes of a file that is read in full; of a larger one only its size, its time and both ends count."""
END = 2**20
"""Bytes read at each end of a large file."""
ALTOGETHER = 2**30
"""Bytes read in full over all files; the files after that count as large ones do."""
ARRAY = 256 * 2**20
"""Bytes of an array that is hashed in full; of a larger one evenly spaced rows count."""
ROWS = 4096
"""Rows of a large array that count."""


def of_files(project: Path, patterns: tuple[str, ...]) -> dict[str, object]:
    """SHA-256 over names, sizes and bytes of the files the globs match, and which were not read in full."""
    digest, sampled, left, total = hashlib.sha256(), [], ALTOGETHER, 0
    names = matches(project, patterns)
    for name in names:
        path = project / name
        size = path.stat().st_size
        total += size
        digest.update(f"{name}\0{size}\0".encode("utf-8", "surrogateescape"))
        if size <= min(WHOLE, left):
            left -= size
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        else:
            sampled.append(name)
            digest.update(_ends(path, size))
    facts: dict[str, object] = {"sha256": digest.hexdigest(), "files": len(names), "bytes": total}
    return {**facts, "by_size_time_and_ends": sampled[:100]} if sampled else facts


def matches(project: Path, patterns: tuple[str, ...]) -> list[str]:
    """The files that any of the globs match, sorted, as paths from the project."""
    found: set[str] = set()
    for pattern in patterns:
        found.update(glob.glob(pattern, root_dir=project, recursive=True))  # noqa: PTH207  # also takes `../data`
    return sorted(name for name in found if (project / name).is_file())


def _ends(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        first = file.read(END)
        file.seek(max(0, size - END))
        return hashlib.sha256(f"{path.stat().st_mtime_ns}\0".encode() + first + file.read(END)).digest()


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

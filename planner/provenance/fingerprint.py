"""One hash for the files of a data set, so that two runs can tell whether they saw the same."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable
from pathlib import Path

WHOLE = 64 * 2**20
"""Bytes of a file that is read in full; of a larger one only its size, its time and both ends count."""
END = 2**20
"""Bytes read at each end of a large file."""
ALTOGETHER = 2**30
"""Bytes read in full over all files; the files after that count as large ones do."""


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


def touched(project: Path, patterns: tuple[str, ...]) -> tuple[int, int, float]:
    """How many files the globs match, their bytes, and when one was last touched, in seconds since 1970.

    Touched is what the kernel says: a file that was written, replaced or moved there, whatever time it bears.
    """
    names = matches(project, patterns)
    stats = [(project / name).stat() for name in names]
    times = [*(one.st_ctime for one in stats), *_led(project, names)]
    return len(stats), sum(one.st_size for one in stats), max(times, default=0.0)


def matches(project: Path, patterns: tuple[str, ...]) -> list[str]:
    """The files that any of the globs match, sorted, as paths from the project.

    One without any `*` that names a folder stands for all that lies in it.
    """
    found: set[str] = set()
    for pattern in patterns:
        if pattern.strip("/") and not glob.has_magic(pattern) and (project / pattern).is_dir():
            pattern = f"{pattern.rstrip('/')}/**"
        found.update(glob.glob(pattern, root_dir=project, recursive=True))  # noqa: PTH207  # also takes `../data`
    return sorted(name for name in found if (project / name).is_file())


def _led(project: Path, names: Iterable[str]) -> list[float]:
    """When each link on the way to the files was made: what it leads to may be older than the link."""
    ways = {way for name in names for way in (Path(name), *Path(name).parents)}
    return [(project / way).lstat().st_ctime for way in ways if (project / way).is_symlink()]


def _ends(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        first = file.read(END)
        file.seek(max(0, size - END))
        return hashlib.sha256(f"{path.stat().st_mtime_ns}\0".encode() + first + file.read(END)).digest()

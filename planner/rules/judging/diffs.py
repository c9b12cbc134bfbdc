"""What a diff adds to the code base: the lines it touches, and the complexity from 0 to 5 they come to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import PurePosixPath

SCALE = (0, 10, 50, 200, 1_000)
"""Most lines of complexity 0, 1, 2, 3 and 4; more are 5."""
CONFIGURATION = frozenset({".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".json", ".env", ".gin"})
"""Endings of files that set code rather than being it; a diff of nothing else has complexity 0."""
DATA = frozenset(
    {".csv", ".tsv", ".jsonl", ".ndjson", ".ipynb", ".svg", ".xml", ".log", ".patch", ".diff", ".map"}
)
"""Endings of text files that programs write: data, notebooks with their outputs, pictures, logs."""
LOCKS = frozenset({"go.sum", "npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml"})
"""Lock files that do not end in `.lock`."""
GENERATED = ("_pb2.py", "_pb2_grpc.py", "_pb2.pyi", ".min.js", ".min.css", ".lock")
"""How the names of generated files end, lock files among them."""
OURS = ".planner"
"""The planner's own folder."""


def points(lines: int) -> float:
    """Complexity 0 to 5 of a diff that touches so many lines of code."""
    return float(bisect_left(SCALE, lines))


def lines_touched(numstat: bytes) -> int:
    """Lines added and removed, of code alone, from what `git diff --numstat -z` prints.

    A changed line is one removed and one added. Not counted: binary files, the moving of a file, lock files,
    configuration, data and whatever else a program writes.
    """
    return sum(lines for path, lines in _entries(numstat) if is_code(path))


def is_code(path: str) -> bool:
    """Whether the lines of a file are somebody's code, by its name."""
    file = PurePosixPath(path.lower())
    generated = file.name in LOCKS or file.name.endswith(GENERATED) or OURS in file.parts
    return not generated and file.suffix not in CONFIGURATION | DATA and file.name != ".env"


def without_binaries(patch: bytes) -> bytes:
    """The patch without the parts that name a binary file only, which could not be applied."""
    parts = (b"\n" + patch).split(b"\ndiff --git ")
    kept = [part for part in parts[1:] if b"\nBinary files " not in part]
    return b"".join(b"diff --git " + part.rstrip(b"\n") + b"\n" for part in kept)


def _entries(numstat: bytes) -> Iterator[tuple[str, int]]:
    """Path and lines of each file; of one that was moved, the path it has now. Binary files are left out."""
    fields = iter(numstat.decode("utf-8", "replace").split("\0"))
    for field in fields:
        added, _, rest = field.partition("\t")
        removed, _, path = rest.partition("\t")
        if field and not path:  # moved: the old and the new path follow
            next(fields, "")
            path = next(fields, "")
        if added.isdigit() and removed.isdigit():
            yield path, int(added) + int(removed)

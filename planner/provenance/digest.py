"""One hash of one file of code."""

from __future__ import annotations

import hashlib
from pathlib import Path

from planner.store import files


def of_file(path: Path) -> str:
    """SHA-256 of a file's bytes; empty where it can't be read."""
    try:
        return of_bytes(files.read(path))
    except OSError:
        return ""


def of_bytes(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()

"""What becomes of a backlog, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from tests.store.conftest import noon

DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(b"\xff\x00garbage"),
    "other JSON": lambda path: path.write_text('{"ideas": {}}'),
    "no object": lambda path: path.write_text("[]"),
    "changed by hand": lambda path: path.write_bytes(
        path.read_bytes().replace(b'"title":"b"', b'"title":"x"')
    ),
    "gone": lambda path: path.unlink(),
}


def restored(layout: Layout) -> str:
    return restore_newest_backup(layout, by="ana", now=noon)

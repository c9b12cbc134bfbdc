"""A writer killed at random moments: nothing unreadable, nothing acknowledged lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from planner.store import files
from tests.drills.figure import Figure
from tests.drills.kills import random_kills

KILLS = 200
SEED = 20261121


def test_no_kill_makes_the_store_unreadable_or_loses_what_was_acknowledged(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(random_kills(KILLS, memory, SEED))


def test_the_drill_sees_a_store_that_writes_over_its_own_file(memory: Path) -> None:
    def in_place(path: Path, data: bytes, ready: Callable[[], None] | None = None, mode: int = 0o600) -> None:
        if ready is not None:
            ready()
        path.unlink(missing_ok=True)
        for start in range(0, len(data), 100):
            files.append_bytes(path, data[start : start + 100])

    def append(path: Path, data: bytes) -> None:
        with path.open("ab") as file:
            file.write(data)

    with (
        patch.object(files, "write_whole", in_place),
        patch.object(files, "append_bytes", append, create=True),
    ):
        figure = random_kills(30, memory, SEED)
    assert figure.held < figure.tried

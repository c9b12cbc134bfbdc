"""Power lost at random moments: what was not synced may be gone, what was acknowledged is there."""

from __future__ import annotations

import os
import random
from pathlib import Path

from planner.store import files
from planner.store.door import Door
from planner.store.layout import Layout
from planner.store.store import Store
from tests.drills.doors import Watched
from tests.store.conftest import add, noon
from tests.store.dying import run_and_die
from tests.store.test_crash_points import check_in_order

SESSIONS = 50


class Disk:
    """Knows what the disk could forget: bytes that were not synced, names in folders that were not."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.unsynced: dict[Path, int] = {}
        self.renamed: dict[Path, bytes | None] = {}
        self.linked: set[Path] = set()
        self._last: tuple[str, Path] | None = None

    def observe(self, call: str, path: Path) -> None:
        if self._last and self._last[0] == "fsync":
            self._synced(self._last[1])
        self._last = call, path
        if call == "write":
            self.unsynced.setdefault(path, path.stat().st_size)
        elif call == "replace":
            self.renamed.setdefault(path, path.read_bytes() if path.exists() else None)
            for unfinished in [name for name in self.unsynced if name.name.startswith(f".{path.name}.")]:
                self.unsynced[path] = self.unsynced.pop(unfinished)
        elif call == "link":
            self.linked.add(path)

    def _synced(self, path: Path) -> None:
        self.unsynced.pop(path, None)
        if path.is_dir():
            self.renamed = {name: old for name, old in self.renamed.items() if name.parent != path}
            self.linked = {name for name in self.linked if name.parent != path}

    def forget(self) -> None:
        """Lose what may be lost, or a part of it."""
        for path, size in self.unsynced.items():
            if path.exists():
                whole = path.read_bytes()
                kept = self.chance.randint(size, max(size, len(whole)))
                path.write_bytes(whole[:kept] + b"\0" * self.chance.choice([0, len(whole) - kept]))
        for path, old in self.renamed.items():
            if self.chance.random() < 0.5 and old is not None:
                path.unlink(missing_ok=True)
                path.write_bytes(old)
        for path in self.linked:
            if self.chance.random() < 0.5:
                path.unlink(missing_ok=True)


def test_after_a_power_loss_everything_acknowledged_is_there(tmp_path: Path) -> None:
    chance = random.Random(8)
    for session in range(SESSIONS):
        layout = Layout(tmp_path / str(session))
        layout.project.mkdir()
        Store(layout, now=noon).create()
        acknowledged = ideas_captured_until_power_is_lost(layout, chance.randint(1, 60), chance)
        found = Store(layout).read().ideas
        assert set(acknowledged) <= set(found)
        assert len(found) <= len(acknowledged) + 1
        add(Store(layout, now=noon), "after")
        check_in_order(layout, ["x"] * len(found) + ["after"])


def ideas_captured_until_power_is_lost(layout: Layout, at: int, chance: random.Random) -> list[int]:
    """Let a child capture five ideas and say each number when it is safe; power goes at a file call."""
    reading, writing = os.pipe()
    disk = Disk(random.Random(chance.random()))

    def work() -> None:
        store = Store(layout, now=noon)
        for _ in range(5):
            os.write(writing, b"%d\n" % add(store, "x").id)

    files.door = Watched(disk.observe)
    try:
        run_and_die(work, at, disk.forget)
    finally:
        files.door = Door()
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        return [int(line) for line in said.read().split()]

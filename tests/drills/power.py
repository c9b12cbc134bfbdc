"""Power lost at every call, and whether each disk that may be left is the state before or the state after."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from planner.store import archive
from planner.store.layout import Layout
from tests.drills.disk import Disk, Entry, Image, Recorder, Said, lay
from tests.drills.doors import Hasty, through
from tests.drills.everyday import EVERY_DAY, Operation, create
from tests.drills.figure import Figure
from tests.drills.world import World, fits, goes_on, look

IMAGES = 12
"""Disks looked at of one cut, where more may be left."""
OPERATIONS = 8
"""Operations of a session before each of its two losses."""


@dataclass
class Recorded:
    """Some operations that were done, with the world after each of them."""

    layout: Layout
    """The project."""
    base: Image
    """The disk before them."""
    log: list[Entry]
    """Every call they made."""
    worlds: list[World]
    """The world before, and after each operation."""


def record(layout: Layout, operations: Sequence[Operation], chance: random.Random) -> Recorded:
    """Do the operations through a door that keeps a log."""
    door, worlds = Recorder(layout.project), [look(layout)]
    with through(door):
        for number, operation in enumerate(operations, start=1):
            operation(layout, chance)
            worlds.append(look(layout))
            door.say(number)
    return Recorded(layout, door.base, door.log, worlds)


@dataclass
class Losses:
    """What every cut of a recording has left."""

    images: int = 0
    """Disks that were looked at."""
    broken: list[str] = field(default_factory=list)
    """What was wrong with them."""


def cut_everywhere(told: Recorded, chance: random.Random, most: int = IMAGES) -> Losses:
    """Cut the power before and after every call, and look at what may be left of each."""
    disk, losses, said = Disk(told.base), Losses(), 0
    seen: set[int] = set()
    with in_memory() as elsewhere:
        for at, entry in enumerate([None, *told.log]):
            if isinstance(entry, Said):
                said = entry.number
                seen.clear()
            elif entry is not None:
                disk.apply(entry)
            for image in disk.images(chance, most):
                key = hash(frozenset(image.items()))
                if key not in seen:
                    seen.add(key)
                    losses.images += 1
                    wrong = _wrong(told, said, image, elsewhere)
                    losses.broken += [f"after call {at}, operation {said + 1}: {wrong}"] if wrong else []
    return losses


def _wrong(told: Recorded, said: int, image: Image, elsewhere: Path) -> str:
    """What is wrong with a disk that was left; empty when nothing is."""
    old, new = told.worlds[said], told.worlds[min(said + 1, len(told.worlds) - 1)]
    lay(image, told.layout.project, elsewhere / "left")
    layout = Layout(elsewhere / "left")
    with through(Hasty()):
        found = look(layout)
        return fits(found, old, new) or goes_on(layout, found, new)


def sessions(times: int, folder: Path, seed: int) -> Figure:
    """Sessions of random operations, the power lost at every call; each goes on from a disk that was left."""
    images, held, first = 0, 0, ""
    for number in range(times):
        losses = session(folder / str(number), random.Random(f"{seed} {number}"))
        images += losses.images
        held += not losses.broken
        first = first or "".join(losses.broken[:1])
    note = first or f"{images:,} disks left behind, 0 acknowledged changes lost"
    return Figure(what="power lost in a session of random operations", tried=times, held=held, note=note)


def session(folder: Path, chance: random.Random) -> Losses:
    """One session: a new project, a loss, more operations on what was left, another loss."""
    folder.mkdir(parents=True)
    layout, losses = Layout(folder / "project"), Losses()
    layout.project.mkdir()
    begin: list[Operation] = [create]
    with few_stay():
        while not losses.broken:
            told = record(layout, [*begin, *chance.choices(EVERY_DAY, k=OPERATIONS)], chance)
            more = cut_everywhere(told, chance, most=6)
            losses = Losses(losses.images + more.images, more.broken)
            if not begin:
                break
            layout, begin = Layout(_left(told, folder / "left", chance)), []
    return losses


def _left(told: Recorded, place: Path, chance: random.Random) -> Path:
    """The project as a loss at a random call after the first operation has left it."""
    disk = Disk(told.base)
    start = next(at for at, entry in enumerate(told.log) if isinstance(entry, Said))
    for entry in told.log[: chance.randint(start, len(told.log))]:
        disk.apply(entry)
    lay(chance.choice(list(disk.images(chance, IMAGES))), told.layout.project, place)
    return place


@contextlib.contextmanager
def in_memory() -> Iterator[Path]:
    """A folder for what is looked at and thrown away, in memory where there is such a place."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@contextlib.contextmanager
def few_stay() -> Iterator[None]:
    """Within the block a handful of revisions is enough for the oldest to leave for the archive."""
    with patch.object(archive, "MOST", 6), patch.object(archive, "KEPT", 3):
        yield

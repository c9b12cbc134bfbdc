"""What a disk may hold after its power is lost: a door that records each call, and the images a cut allows.

The model, wider than any journalling file system:

- Bytes that were written or cut off since the file's last sync may be there or not, each block of 512 bytes
  for itself: as it was after any one of these calls, zeros where the file did not reach yet. Its length is
  the one after any of these calls, or any whole number of blocks in between.
- A change of names (made, replaced, linked, removed) that no sync of its folder has followed is kept or not,
  each for itself, whole: the two names of a replace never part. Those that are kept happened in order.
- A sync makes everything before it lasting: of a file its bytes, never its name; of a folder its names, never
  the name of the folder itself. What lies in a folder whose own name is lost is lost with it.
- Bytes never come from elsewhere, and what was synced stays.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

from planner.store.door import Door

BLOCK = 512
"""Bytes that reach a disk together or not at all."""
FOLDER = 0
"""The inode of every folder: only its name can be lost."""


@dataclass(frozen=True, slots=True)
class Named:
    """Names that changed at once; None is a name that went."""

    changes: tuple[tuple[Path, int | None], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A file's whole content after a write or a cut."""

    inode: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """A file or a folder, its bytes or its names lasting from here on."""

    path: Path
    inode: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something was acknowledged."""

    number: int


Entry = Named | Filled | Synced | Said
Image = dict[Path, tuple[int, bytes]]
"""Inode and content by path; a folder has inode FOLDER."""


class Recorder(Door):
    """Does everything but the waiting, and keeps a log of it; half of a write is an entry of its own."""

    def __init__(self, project: Path) -> None:
        self.base = snapshot(project)
        """What the disk held for sure at the start."""
        self.log: list[Entry] = []
        """Every call since."""
        self._names = {path: inode for path, (inode, _) in self.base.items()}
        self._contents = dict(self.base.values())
        self._fresh = itertools.count(max(self._contents, default=0) + 1)

    def say(self, number: int) -> None:
        """Note that everything so far was acknowledged."""
        self.log.append(Said(number))

    def make_folder(self, path: Path, mode: int) -> None:
        super().make_folder(path, mode)
        self._name((path, FOLDER))

    def open(self, path: Path, flags: int, mode: int) -> int:
        descriptor = super().open(path, flags, mode)
        if path not in self._names:
            self._name((path, next(self._fresh)))
            self._contents[self._names[path]] = b""
        elif flags & os.O_TRUNC:
            self._fill(path, b"")
        return descriptor

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:
        at, before = os.lseek(descriptor, 0, os.SEEK_CUR), self._contents[self._names[path]]
        done = super().write(descriptor, data, path)
        for part in sorted({done // 2, done}):
            written = bytes(data[:part])
            self._fill(path, before[:at].ljust(at, b"\0") + written + before[at + part :])
        return done

    def truncate(self, descriptor: int, size: int, path: Path) -> None:
        super().truncate(descriptor, size, path)
        self._fill(path, self._contents[self._names[path]][:size].ljust(size, b"\0"))

    def sync(self, descriptor: int, path: Path) -> None:
        self.log.append(Synced(path, self._names.get(path, FOLDER)))

    def replace(self, source: Path, path: Path) -> None:
        super().replace(source, path)
        self._name((path, self._names[source]), (source, None))

    def link(self, source: Path, path: Path) -> None:
        super().link(source, path)
        self._name((path, self._names[source]))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self._name((path, None))

    def _name(self, *changes: tuple[Path, int | None]) -> None:
        self.log.append(Named(changes))
        for path, inode in changes:
            if inode is None:
                del self._names[path]
            else:
                self._names[path] = inode

    def _fill(self, path: Path, content: bytes) -> None:
        self._contents[self._names[path]] = content
        self.log.append(Filled(self._names[path], content))


class Disk:
    """What is lasting, and what is not yet."""

    def __init__(self, base: Image) -> None:
        self._project = min(base)
        self._names = {path: inode for path, (inode, _) in base.items()}
        self._contents = {inode: [content] for inode, content in base.values()}
        self._waiting: list[Named] = []

    def apply(self, entry: Entry) -> None:
        """Let a call have happened."""
        if isinstance(entry, Named):
            self._waiting.append(entry)
        elif isinstance(entry, Filled):
            self._contents.setdefault(entry.inode, [b""]).append(entry.content)
        elif isinstance(entry, Synced) and entry.inode != FOLDER:
            self._contents[entry.inode] = self._contents.get(entry.inode, [b""])[-1:]
        elif isinstance(entry, Synced):
            lasting = [one for one in self._waiting if _in(one, entry.path)]
            self._waiting = [one for one in self._waiting if one not in lasting]
            self._names = _renamed(self._names, lasting)

    def images(self, chance: random.Random, most: int) -> Iterator[Image]:
        """What may be found if the power is lost now: all of it, or `most` images where there are more."""
        inodes = sorted({*self._names.values(), *(i for one in self._waiting for _, i in one.changes if i)})
        torn = [inode for inode in inodes if len(self._contents.get(inode, ())) > 1]
        contents = [_alternatives(self._contents[inode], chance, most) for inode in torn]
        names = [[False, True]] * len(self._waiting)
        for choice in _choices([*names, *contents], chance, most):
            kept = [one for one, keep in zip(self._waiting, choice, strict=False) if keep]
            chosen = dict(zip(torn, choice[len(names) :], strict=True))
            yield self._image(_renamed(self._names, kept), chosen)

    def _image(self, names: Mapping[Path, int], chosen: Mapping[int, bytes]) -> Image:
        image: Image = {}
        for path, inode in sorted(names.items()):  # a folder stands before what is in it
            if path == self._project or path.parent in image:
                image[path] = inode, chosen.get(inode, self._contents.get(inode, [b""])[-1])
        return image


def snapshot(project: Path) -> Image:
    """A project's folder and all that is in it, second names of one file included."""
    found: Image = {project: (FOLDER, b"")}
    for path in sorted(project.rglob("*")):
        status = path.stat()
        found[path] = (FOLDER, b"") if path.is_dir() else (status.st_ino, path.read_bytes())
    return found


def lay(image: Image, project: Path, elsewhere: Path) -> None:
    """Make `elsewhere` what `project` is in the image."""
    shutil.rmtree(elsewhere, ignore_errors=True)
    made: dict[int, Path] = {}
    for path, (inode, content) in image.items():
        place = elsewhere / path.relative_to(project)
        if inode == FOLDER:
            place.mkdir(0o700)
        elif inode in made:
            place.hardlink_to(made[inode])
        else:
            place.write_bytes(content)
            made[inode] = place


def _in(one: Named, folder: Path) -> bool:
    return any(path.parent == folder for path, _ in one.changes)


def _renamed(names: Mapping[Path, int], changes: Sequence[Named]) -> dict[Path, int]:
    after: dict[Path, int | None] = dict(names)
    for one in changes:
        after.update(one.changes)
    return {path: inode for path, inode in after.items() if inode is not None}


def _alternatives(versions: Sequence[bytes], chance: random.Random, most: int) -> list[bytes]:
    """Contents a file may have, or `most` of them; the last is as it was when the power went."""
    low, high = min(map(len, versions)), max(map(len, versions))
    sizes = sorted({*map(len, versions), *range(low - low % BLOCK + BLOCK, high, BLOCK)})
    found = {versions[0], versions[-1]}
    mixed = [_mixtures(versions, size) for size in sizes]
    if sum(map(_count, mixed)) <= most:
        found.update(b"".join(blocks) for one in mixed for blocks in itertools.product(*one))
    else:
        for _ in range(most - 2):
            found.add(b"".join(chance.choice(block) for block in chance.choice(mixed)))
    return [*sorted(found - {versions[-1]}), versions[-1]]


def _mixtures(versions: Sequence[bytes], size: int) -> list[list[bytes]]:
    """What each block of a file of that size may hold."""
    padded = [version[:size].ljust(size, b"\0") for version in versions]
    return [sorted({one[at : at + BLOCK] for one in padded}) for at in range(0, size, BLOCK)]


def _count(blocks: Sequence[Sequence[bytes]]) -> int:
    return prod(map(len, blocks))


def _choices(
    units: Sequence[Sequence[object]], chance: random.Random, most: int
) -> Iterator[tuple[object, ...]]:
    """Every choice of one from each, or both extremes and some at random; the last of each keeps all."""
    if prod(map(len, units)) <= most:
        yield from itertools.product(*units)
        return
    yield tuple(unit[0] for unit in units)
    yield tuple(unit[-1] for unit in units)
    for _ in range(most - 2):
        keep = chance.choice((0.15, 0.5, 0.85))
        yield tuple(unit[-1] if chance.random() < keep else chance.choice(unit) for unit in units)

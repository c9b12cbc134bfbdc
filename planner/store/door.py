"""The one door: every call of the store and the run folders that changes a disk goes through here."""

from __future__ import annotations

import os
from pathlib import Path


class Door:
    """The calls that change a disk, one method each; a test puts another in its place.

    Each is told the path it changes, also where it works on a descriptor.
    """

    def make_folder(self, path: Path, mode: int) -> None:
        """Make a folder; FileExistsError when the name is taken."""
        path.mkdir(mode)

    def set_mode(self, path: Path, mode: int) -> None:
        """Give a file or folder its rights, whatever the umask has left of them."""
        path.chmod(mode)

    def open(self, path: Path, flags: int, mode: int) -> int:
        """A descriptor; a file that was not there is made with `mode`."""
        return os.open(path, flags, mode)

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:  # noqa: ARG002 - for drills
        """Write some of the bytes, and answer how many."""
        return os.write(descriptor, data)

    def truncate(self, descriptor: int, size: int, path: Path) -> None:  # noqa: ARG002 - for drills
        """Cut a file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def sync(self, descriptor: int, path: Path) -> None:  # noqa: ARG002 - for drills
        """Wait until a file's bytes, or the names in a folder, are on the disk."""
        os.fsync(descriptor)

    def replace(self, source: Path, path: Path) -> None:
        """Put a file in the place of another at once."""
        source.replace(path)

    def link(self, source: Path, path: Path) -> None:
        """Give a file a second name; FileExistsError when it is taken."""
        path.hardlink_to(source)

    def remove(self, path: Path) -> None:
        """Take a name away; FileNotFoundError when there is none."""
        path.unlink()

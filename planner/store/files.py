"""How the store and the run folders write files: private from creation, whole, synced."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from planner.store import links
from planner.store.door import Door

door = Door()
"""What every changing call goes through; set by tests alone."""

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
ORDINARY_FILE = 0o666
"""What a file of the user's own begins with; their umask takes from it what it takes from every file."""
TEMPORARY = ".part"
"""Ending of a file that is being written beside the one it will replace."""


class Unconfirmed(OSError):
    """A file is in its place, and the disk has not said that it will stay there."""


def make_folder(path: Path, *, new: bool = False) -> None:
    """Make a folder only its owner can enter, for good; with `new`, FileExistsError when there is one."""
    links.refuse(path)
    try:
        door.make_folder(path, PRIVATE_FOLDER)
    except FileExistsError:
        if new or not path.is_dir():
            raise
        return
    door.set_mode(path, PRIVATE_FOLDER)  # an unusual umask may have taken the owner's own rights
    sync_folder(path.parent)  # what is synced in a folder is lost with the folder's own name


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file only its owner can read; never follows a symbolic link."""
    links.refuse(path.parent)
    existed = not flags & os.O_EXCL and path.exists()
    descriptor = door.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
    if not existed:
        os.fchmod(descriptor, PRIVATE_FILE)
    return descriptor


def write_all(descriptor: int, data: bytes, path: Path) -> None:
    """Write every byte, however many calls that takes; OSError when one fails."""
    rest = memoryview(data)
    while rest:
        rest = rest[door.write(descriptor, rest, path) :]


def sync(descriptor: int, path: Path) -> None:
    """Wait until what was written is on the disk."""
    door.sync(descriptor, path)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    with _descriptor(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)) as descriptor:
        door.sync(descriptor, path)


@contextlib.contextmanager
def _descriptor(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _prepare(path: Path, data: bytes, mode: int) -> Path:
    """Write a new file whole and synced beside `path`, ready to replace it; nothing is left on failure."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}{TEMPORARY}")
    write_new(temporary, data, mode)
    return temporary


def _replace(temporary: Path, path: Path) -> None:
    """Put a prepared file in the place of `path`, at once and for good."""
    door.replace(temporary, path)
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise Unconfirmed(error.errno, error.strerror, str(path)) from error


def write_whole(
    path: Path, data: bytes, ready: Callable[[], None] | None = None, mode: int = PRIVATE_FILE
) -> None:
    """Make `path` hold exactly `data`: all of it on the disk, or the old content untouched and an OSError.

    `ready` is called when the new file is whole and the old one is still in its place. Unconfirmed is the
    one OSError after which the new content is there.
    """
    temporary = _prepare(path, data, mode)
    try:
        if ready is not None:
            ready()
        _replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            door.remove(temporary)
        raise


def write_new(path: Path, data: bytes, mode: int = PRIVATE_FILE) -> None:
    """Create `path` with `data`; FileExistsError when it is there already, nothing is left on failure."""
    with _descriptor(_open_new(path, mode)) as descriptor:
        try:
            write_all(descriptor, data, path)
            sync(descriptor, path)
        except BaseException:
            with contextlib.suppress(OSError):
                door.remove(path)
            raise


def _open_new(path: Path, mode: int) -> int:
    """A file that was not there: the owner's alone, or with what the umask leaves of another mode."""
    if mode == PRIVATE_FILE:
        return open_private(path, os.O_WRONLY | os.O_EXCL)
    return door.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, mode)


def append_line(path: Path, line: bytes) -> None:
    """Add one line at the end, for good; a torn line that a dying writer left there is trimmed first."""
    with _descriptor(open_private(path, os.O_RDWR)) as descriptor:
        end = trim(descriptor, path)
        os.lseek(descriptor, end, os.SEEK_SET)
        write_all(descriptor, line + b"\n", path)
        sync(descriptor, path)
    if end == 0:
        sync_folder(path.parent)


def trim(descriptor: int, path: Path) -> int:
    """Cut off what follows the last whole line, and answer where the file now ends, in bytes.

    A last line with zeros in it, which a power loss leaves where a block was not written, is not whole.
    """
    size = os.fstat(descriptor).st_size
    end = end_of_lines(descriptor, size)
    while end > 0 and _holed(descriptor, start := end_of_lines(descriptor, end - 1), end):
        end = start
    if end < size:
        door.truncate(descriptor, end, path)
        sync(descriptor, path)  # or a power loss could put the old end before what is written next
    return end


def _holed(descriptor: int, start: int, end: int) -> bool:
    return b"\0" in os.pread(descriptor, end - start, start)


def end_of_lines(descriptor: int, size: int, step: int = 65536) -> int:
    """Offset just after the last newline within the first `size` bytes; 0 when there is none."""
    while size > 0:
        start = max(0, size - step)
        found = os.pread(descriptor, size - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        size = start
    return 0


def read(path: Path, offset: int = 0, limit: int | None = None) -> bytes:
    """The bytes of a file from `offset` on, at most `limit` of them."""
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        return (file.readall() if limit is None else file.read(limit)) or b""


def link(path: Path, other: Path) -> None:
    """Give a file a second name; FileExistsError when that name is taken."""
    links.refuse(other.parent)
    door.link(path, other)


def remove(path: Path) -> None:
    """Take a file away; a file that is not there is as good as removed."""
    with contextlib.suppress(FileNotFoundError):
        door.remove(path)


def rename(path: Path, other: Path) -> None:
    """Give a file another name within its own disk."""
    door.replace(path, other)


def temporaries(folder: Path, of: str = "*") -> list[Path]:
    """Unfinished files in a folder, of a writer that died or is still at work; `of` names the file meant."""
    return sorted(folder.glob(f".{of}.*{TEMPORARY}"))

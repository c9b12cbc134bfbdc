"""Leases of GPUs: lock files by which the projects of one user share a machine without a daemon."""

from __future__ import annotations

import os
import re
import time
import warnings
from pathlib import Path

import platformdirs

from planner import flock
from planner.domain.mistake import Failed

SUFFIX = ".lease"
TRIES = 5
"""Somebody who only looks holds a lock for an instant; so a lease is tried for a few times."""
PAUSE = 0.01
"""Seconds between two tries."""
ADVICE = "set XDG_RUNTIME_DIR to a folder of your own"
"""What helps where no lease can be had."""


def runtime_folder() -> Path:
    """Where this user's leases lie, gone after a restart of the machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs says on every call that it falls back to /tmp
        return Path(platformdirs.user_runtime_dir("planner"))


class Leases:
    """The GPUs this process holds for its runs, and those that anybody of this user holds.

    A lease ends with `release`, or with the process: the kernel drops the lock of whoever dies.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or runtime_folder()
        self._held: dict[str, int] = {}

    def take(self, uuid: str) -> bool:
        """Lease a GPU for one run; False when somebody holds it, this process included."""
        if uuid in self._held:
            return False
        file = os.open(self._file(uuid), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            taken = any(_taken(file) for _ in range(TRIES))
        except OSError as error:
            os.close(file)
            raise Failed(_useless(self._folder, error)) from error
        if not taken:
            os.close(file)
            return False
        flock.sign(file)
        self._held[uuid] = file
        return True

    def descriptors(self, uuid: str | None) -> tuple[int, ...]:
        """The open file that is the lease of a GPU, where this process holds it.

        A process that is given it holds the lease as well, for as long as it keeps the file open.
        """
        return tuple(file for held, file in self._held.items() if held == uuid)

    def release(self, uuid: str) -> None:
        """Give a GPU back; one that is not held is no mistake."""
        file = self._held.pop(uuid, None)
        if file is not None:
            os.close(file)

    def held_by_anyone(self) -> frozenset[str]:
        """UUIDs of the GPUs that this or any other process of this user holds."""
        return frozenset(file.stem for file in self.files() if _is_locked(file))

    def files(self) -> tuple[Path, ...]:
        """The lock files there are, held or not; making none."""
        return tuple(sorted(self._private().glob(f"*{SUFFIX}"))) if self._folder.exists() else ()

    def _file(self, uuid: str) -> Path:
        """The lock file of a GPU, in a folder of nobody else's."""
        if not re.fullmatch(r"[A-Za-z0-9-]+", uuid):
            raise Failed(f"{uuid!r} is no UUID of a GPU; it would read like GPU-5fe9… or MIG-5fe9…")
        return self._private() / f"{uuid}{SUFFIX}"

    def _private(self) -> Path:
        """The folder, made where it is missing; Failed when it cannot be, or is somebody else's."""
        try:
            # Others would not take a folder around it that anybody may enter, and then lease elsewhere.
            self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if self._folder.is_symlink() or self._folder.stat().st_uid != os.getuid():
                raise Failed(f"{self._folder}, where leases of GPUs lie, belongs to somebody else; {ADVICE}")
            self._folder.chmod(0o700)
        except OSError as error:
            raise Failed(_useless(self._folder, error)) from error
        return self._folder


def _useless(folder: Path, error: OSError) -> str:
    return f"{folder} can't hold leases of GPUs ({error.strerror}); {ADVICE}"


def _is_locked(file: Path) -> bool:
    try:
        return flock.taken(file)
    except OSError:  # no file of ours
        return False


def _taken(file: int) -> bool:
    if flock.take(file):
        return True
    time.sleep(PAUSE)
    return False

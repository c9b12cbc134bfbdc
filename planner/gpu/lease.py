"""Leases of GPUs: lock files by which the projects of one user share a machine without a daemon."""

from __future__ import annotations

import fcntl
import os
import re
import time
import warnings
from pathlib import Path

import platformdirs

from planner.domain.mistake import Failed

SUFFIX = ".lease"
TRIES = 5
"""Somebody who only looks holds a lock for an instant; so a lease is tried for a few times."""
PAUSE = 0.01
"""Seconds between two tries."""


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
        if not any(_lock(file, fcntl.LOCK_EX, pause=PAUSE) for _ in range(TRIES)):
            os.close(file)
            return False
        self._held[uuid] = file
        return True

    def release(self, uuid: str) -> None:
        """Give a GPU back; one that is not held is no mistake."""
        file = self._held.pop(uuid, None)
        if file is not None:
            os.close(file)

    def held_by_anyone(self) -> frozenset[str]:
        """UUIDs of the GPUs that this or any other process of this user holds."""
        if not self._folder.exists():
            return frozenset()
        return frozenset(file.stem for file in self._private().glob(f"*{SUFFIX}") if _is_locked(file))

    def _file(self, uuid: str) -> Path:
        """The lock file of a GPU, in a folder of nobody else's."""
        if not re.fullmatch(r"[A-Za-z0-9-]+", uuid):
            raise Failed(f"{uuid!r} is no UUID of a GPU; it would read like GPU-5fe9… or MIG-5fe9…")
        return self._private() / f"{uuid}{SUFFIX}"

    def _private(self) -> Path:
        """The folder, made where it is missing; Failed when it cannot be, or is somebody else's."""
        advice = "set XDG_RUNTIME_DIR to a folder of your own"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._folder.is_symlink() or self._folder.stat().st_uid != os.getuid():
                raise Failed(f"{self._folder}, where leases of GPUs lie, belongs to somebody else; {advice}")
            self._folder.chmod(0o700)
        except OSError as error:
            raise Failed(f"{self._folder} can't hold leases of GPUs ({error.strerror}); {advice}") from error
        return self._folder


def _is_locked(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # gone since, or no file of ours
        return False
    try:
        return not _lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _lock(file: int, kind: int, pause: float = 0.0) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(pause)
        return False
    return True

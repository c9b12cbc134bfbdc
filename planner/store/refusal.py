"""What the disk refuses, in a sentence a person can act on."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from planner.domain.mistake import Failed, StoreNeedsAttention
from planner.store import files
from planner.store.files import Unconfirmed

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def forbidden(folder: Path) -> str | None:
    """Why nothing in a folder can be changed by whoever is at work, in a sentence; None when it can."""
    effective = os.access in os.supports_effective_ids
    if os.access(folder, os.W_OK | os.X_OK, effective_ids=effective):
        return None
    return f"{folder} does not let you change it: the project can only be read; `ls -ld` shows whose it is"


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the disk that holds `path` into a Failed or a StoreNeedsAttention."""
    try:
        yield
    except OSError as error:
        place = Path(error.filename or path)
        if place.suffix == files.TEMPORARY:
            place = place.parent  # nobody knows the name of a file that never came to be
        if isinstance(error, Unconfirmed):
            raise Failed(
                f"{place} was changed, but its disk has not confirmed it ({error.strerror or error}); "
                "see whether it is there before you do it again"
            ) from error
        if error.errno in _FULL:
            raise Failed(
                f"the disk of {path} is full, nothing was changed; make room and try again"
            ) from error
        if error.errno == errno.ELOOP:
            raise StoreNeedsAttention(
                f"{place} is a symbolic link, which the planner does not write through; "
                "put what it leads to in its place"
            ) from error
        if error.errno in _FORBIDDEN:
            raise StoreNeedsAttention(
                f"{place} does not let you ({error.strerror}): the project can only be read; "
                "`ls -ld` shows whose it is"
            ) from error
        raise Failed(
            f"{place} failed ({error.strerror or error}); `planner doctor` looks at the disk"
        ) from error

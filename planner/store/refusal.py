"""What the disk refuses, in a sentence a person can act on."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from planner.domain.mistake import Failed, StoreNeedsAttention
from planner.store.files import Unconfirmed

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the disk that holds `path` into a Failed or a StoreNeedsAttention."""
    try:
        yield
    except OSError as error:
        place = error.filename or path
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

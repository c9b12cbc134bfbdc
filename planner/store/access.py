"""Whether the person at the keyboard may change the project, and everything in it is theirs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
from collections.abc import Iterator
from pathlib import Path

from planner.domain.finding import Finding
from planner.store.filesystem import mount_of
from planner.store.layout import Layout


def access(layout: Layout) -> Finding:
    """Whose the project is and whether it can be changed."""
    home = layout.home
    if "ro" in mount_of(home).options:
        text = f"{home} lies on a file system that is mounted to be read only: nothing can be changed"
        return Finding(name="access", state="warning", text=text, command=f"findmnt -T {_quoted(home)}")
    mine, owner = _me(home), home.stat().st_uid
    if owner != mine:
        text = f"{home} belongs to {_name(owner)}: you may look at most, and change nothing"
        return Finding(name="access", state="warning", text=text, command=f"ls -ld {_quoted(home)}")
    strange = next(_of_others(home, mine), None)
    if strange is not None:
        whose = _name(strange.lstat().st_uid)
        text = f"{strange} belongs to {whose}, as after a `sudo planner`: it can't be relied on"
        sudo = "" if os.getuid() == 0 else "sudo "
        command = f"{sudo}chown -R {_name(mine)} {_quoted(home)}"
        return Finding(name="access", state="problem", text=text, command=command)
    closed = next(_closed(home), None)
    if closed is not None:
        text = f"{closed} is yours, and its mode keeps you from changing it"
        return Finding(name="access", state="problem", text=text, command=f"chmod -R u+rwX {_quoted(home)}")
    return Finding(name="access", state="ok", text="all of it is yours to change")


def _me(home: Path) -> int:
    """Whose everything should be; a superuser looks after somebody's project."""
    return os.getuid() or home.parent.stat().st_uid


def _of_others(folder: Path, mine: int) -> Iterator[Path]:
    """What belongs to somebody else; folders that can't be looked into are left out."""
    for path in _everything(folder):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid != mine:
                yield path


def _closed(folder: Path) -> Iterator[Path]:
    """What its owner may not read or write."""
    for path in (folder, *_everything(folder)):
        with contextlib.suppress(OSError):
            if not path.is_symlink() and path.stat().st_mode & 0o600 != 0o600:
                yield path


def _everything(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *names))


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))

"""Whether the disk has room for what is to come, and what kind of file system it holds."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from planner.domain.finding import Finding
from planner.store.filesystem import Mount, Reach, mount_of

LOW = 200 * 2**20
"""Bytes free below which a full disk is near."""
FEW_FILES = 1000
"""Files that may still be made below which it is near as well."""

LOCKS: dict[Reach, str] = {
    "everywhere": "its locks keep other machines out too, so any of them may change the project",
    "this machine": "its locks hold on this machine alone, so change the project from no other",
    "unknown": "whether its locks hold elsewhere nobody can tell, so change the project from no other",
}
"""What to expect of the locks of a network file system."""


def disk(home: Path) -> Finding:
    """Room for bytes and for files, and whether a quota is used up."""
    status = os.statvfs(home)
    free = status.f_bavail * status.f_frsize
    text = f"{free / 2**30:.1f} GiB free"
    if free < LOW:
        return Finding(
            name="disk", state="warning", text=f"{text}: runs soon have no room for what they learn"
        )
    if status.f_files > 0 and status.f_favail < FEW_FILES:  # some file systems count no files at all
        return Finding(
            name="disk", state="warning", text=f"{text}, but room for {status.f_favail} files only"
        )
    over = _over_quota()
    if over:
        return Finding(
            name="disk", state="warning", text=f"{text}, but over a quota: {over}", command="quota"
        )
    return Finding(name="disk", state="ok", text=text)


def _over_quota() -> str:
    """Where the user is over a quota, in the words of `quota`; empty where nobody says so."""
    if shutil.which("quota") is None:
        return ""
    try:
        # Terse: only the file systems that are over theirs.
        done = subprocess.run(["quota", "-q"], capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return " ".join(done.stdout.split())


def file_system(home: Path, mounts: Iterable[Mount] | None = None) -> Finding:
    """What kind it is; a warning where another machine may be at work in the same files."""
    mount = mount_of(home, mounts)
    if not mount.network:
        return Finding(name="file system", state="ok", text=mount.kind)
    text = (
        f"the project lies on a network file system ({mount.kind}): {LOCKS[mount.reach]}; let one machine "
        f"alone dispatch; writing is slower{_lateness(mount)}"
    )
    return Finding(name="file system", state="warning", text=text)


def _lateness(mount: Mount) -> str:
    """What to say of changes made elsewhere; version 3 of NFS remembers names for up to a minute."""
    if mount.kind.startswith("nfs") and "vers=3" in mount.options:
        return (
            "; other machines see a change up to a minute late, and a write that overlooked one is refused: "
            "mount it with vers=4"
        )
    return ""

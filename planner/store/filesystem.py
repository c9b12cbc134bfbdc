"""What kind of file system a folder lies on, and whom a lock on it keeps out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

Reach = Literal["everywhere", "this machine", "unknown"]
"""Whom a lock keeps out: every machine that sees the file, this one's processes alone, or nobody can tell."""

NETWORK: dict[str, Reach] = {
    "nfs": "everywhere",
    "nfs4": "everywhere",
    "cifs": "everywhere",
    "smb3": "everywhere",
    "smbfs": "unknown",
    "ceph": "everywhere",
    "fuse.ceph-fuse": "everywhere",
    "fuse.glusterfs": "everywhere",
    "gpfs": "everywhere",
    "gfs2": "everywhere",
    "ocfs2": "everywhere",
    "afs": "everywhere",
    "lustre": "everywhere",
    "beegfs": "this machine",  # unless tuneUseGlobalFileLocks is set where mounts don't show it
    "fuse.sshfs": "this machine",
    "9p": "this machine",  # a drive of Windows within WSL 2
    "drvfs": "this machine",  # the same within WSL 1
    "virtiofs": "unknown",
    "davfs": "this machine",
    "fuse.davfs": "this machine",
    "coda": "unknown",
    "ncpfs": "unknown",
}
"""Kinds of file system that lie on another machine, with whom their locks keep out."""

LOCAL_FUSE = {"fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.ntfs", "fuse.exfat", "fuse.bindfs", "fuse.encfs"}
"""File systems of a user's process that lie on this machine all the same."""

HERE_ALONE = {"nolock", "local_lock=flock", "local_lock=all", "nobrl", "localflock"}
"""Mount options with which no other machine hears of a lock."""


class Mount(NamedTuple):
    """A place where a file system is mounted."""

    place: str
    """Its path."""
    kind: str
    """Such as `ext4` or `nfs4`; `unknown` where the system does not say."""
    options: frozenset[str] = frozenset()
    """How it is mounted."""

    @property
    def network(self) -> bool:
        """Whether another machine may see and change the same files."""
        return self.kind in NETWORK or (self.kind.startswith("fuse.") and self.kind not in LOCAL_FUSE)

    @property
    def reach(self) -> Reach:
        """Whom a lock keeps out."""
        if not self.network or self.options & HERE_ALONE:
            return "this machine"
        return NETWORK.get(self.kind, "unknown")


def mounts(source: Path = Path("/proc/mounts")) -> list[Mount]:
    """Every mounted file system; empty where the system does not say."""
    try:
        lines = source.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    found = [line.split() for line in lines]
    return [
        Mount(_plain(parts[1]), parts[2], frozenset(parts[3].split(","))) for parts in found if len(parts) > 3
    ]


def mount_of(folder: Path, among: Iterable[Mount] | None = None) -> Mount:
    """The file system that a folder lies on."""
    known = mounts() if among is None else among
    by_place = {mount.place: mount for mount in known}  # of two at one place the later one lies on top
    around = [str(path) for path in (folder.resolve(), *folder.resolve().parents)]
    return next((by_place[place] for place in around if place in by_place), Mount("/", "unknown"))


def _plain(path: str) -> str:
    """A path as it is; the kernel writes a space in it as `\\040`."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)

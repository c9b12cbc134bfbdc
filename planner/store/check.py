"""What `planner doctor` looks at in a project's own files."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from planner.domain.finding import Finding, State
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.store import backups, files
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store

__all__ = ["check_store", "restore_newest_backup"]

LOW_DISK = 200 * 2**20
"""Bytes free below which a full disk is near."""

NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "lustre",
    "gpfs",
    "ceph",
    "beegfs",
    "afs",
}
"""Kinds of file system that lie on another machine."""


def check_store(layout: Layout) -> list[Finding]:
    """Everything looked at, the store itself first; nothing is changed."""
    store = Store(layout)
    backlog, ledger = _backlog(store)
    if not layout.home.is_dir():
        return [backlog]
    return [
        backlog,
        _journal(store, ledger),
        _backups(layout, ledger),
        _archive(store, ledger),
        _strays(layout),
        _permissions(layout),
        _disk(layout),
        _file_system(layout.home, _mounts()),
        _orphans(layout, ledger),
    ]


def _finding(name: str, state: State, text: str, command: str | None = None) -> Finding:
    return Finding(name=name, state=state, text=text, command=command)


def _backlog(store: Store) -> tuple[Finding, Ledger | None]:
    try:
        ledger = store.read()
    except Mistake as mistake:
        command = "planner doctor --restore" if "--restore" in str(mistake) else None
        return _finding("backlog", "problem", str(mistake), command), None
    if store.read_only:
        return _finding("backlog", "warning", store.read_only), ledger
    return _finding("backlog", "ok", f"generation {ledger.generation}, {len(ledger.ideas)} ideas"), ledger


def _journal(store: Store, ledger: Ledger | None) -> Finding:
    damaged, newest = store.journal.damaged(), store.journal.last_seq()
    if damaged:
        return _finding(
            "journal", "warning", f"{damaged} lines of {store.journal.path} are damaged and cannot be undone"
        )
    if ledger and newest > ledger.generation:
        text = f"the journal has {newest} operations, the backlog {ledger.generation}: it is an older copy"
        return _finding("journal", "warning", text)
    return _finding("journal", "ok", f"{newest} operations")


def _backups(layout: Layout, ledger: Ledger | None) -> Finding:
    kept, good = len(backups.numbered(layout.backups)), len(backups.good(layout.backups))
    if kept > good:
        return _finding("backups", "warning", f"{kept - good} of {kept} in {layout.backups} are damaged")
    if not good and (ledger is None or ledger.generation > 0):
        return _finding("backups", "warning", f"none yet in {layout.backups}; the next change makes one")
    return _finding("backups", "ok", f"{good} good ones")


def _archive(store: Store, ledger: Ledger | None) -> Finding:
    """Whether the history that left the backlog is all there; without it nothing else is wrong."""
    folder = store.layout.archive
    if ledger is None:
        return _finding("archive", "ok", f"not compared: the backlog says what belongs into {folder}")
    try:
        expected, found = store.archived()
    except Mistake as mistake:
        return _finding("archive", "warning", str(mistake))
    if found < expected:
        text = (
            f"{expected - found} of {expected} older revisions in {folder} are missing or damaged: history "
            "has a gap, scores do not need them; bring that folder back from a copy of your own"
        )
        return _finding("archive", "warning", text)
    return _finding(
        "archive", "ok", f"{found} older revisions" if found else "nothing has left the backlog yet"
    )


def _strays(layout: Layout) -> Finding:
    strays = [*files.temporaries(layout.home), *files.temporaries(layout.backups)]
    if strays:
        text = f"{len(strays)} unfinished files, such as {strays[0]}; the next change sweeps them"
        return _finding("unfinished files", "warning", text)
    return _finding("unfinished files", "ok", "none")


def _permissions(layout: Layout) -> Finding:
    open_to_others = list(_exposed(layout.home))
    if open_to_others:
        text = f"others can get at {len(open_to_others)} files or folders, such as {open_to_others[0]}"
        return _finding("permissions", "warning", text, f"chmod -R go= {layout.home}")
    return _finding("permissions", "ok", "only you can read it")


def _exposed(path: Path) -> Iterator[Path]:
    """What others can get at; nothing in a folder that they can't enter."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode) or not mode & 0o077:
        return
    yield path
    for inner in path.iterdir() if stat.S_ISDIR(mode) else ():
        yield from _exposed(inner)


def _disk(layout: Layout) -> Finding:
    free = shutil.disk_usage(layout.home).free
    text = f"{free / 2**30:.1f} GiB free"
    return _finding("disk", "warning" if free < LOW_DISK else "ok", text)


def _mounts() -> dict[str, str]:
    """The kind of file system by the place it is mounted at; empty where the system does not say."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {parts[1]: parts[2] for line in lines if len(parts := line.split()) > 2}


def _file_system(home: Path, mounts: dict[str, str]) -> Finding:
    around = [str(folder) for folder in (home.resolve(), *home.resolve().parents)]
    kind = next((mounts[place] for place in around if place in mounts), "unknown")
    if kind in NETWORK:
        text = (
            f"the project lies on a network file system ({kind}): writing is slower, and the server must lock"
        )
        return _finding("file system", "warning", text)
    return _finding("file system", "ok", kind)


def _orphans(layout: Layout, ledger: Ledger | None) -> Finding:
    folders = sorted(path.name for path in layout.runs.glob("*") if path.is_dir()) if ledger else []
    orphans = [name for name in folders if ledger and name not in ledger.runs]
    if orphans:
        text = f"{len(orphans)} folders in {layout.runs} belong to no run, such as {orphans[0]}"
        return _finding("run folders", "warning", text)
    return _finding("run folders", "ok", f"{len(folders)}, each with its run")

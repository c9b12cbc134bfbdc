"""What `planner doctor` looks at in a project's own files."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from planner.domain.finding import Finding, State
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.store import backups, files, restore
from planner.store.access import access
from planner.store.anew import restorable
from planner.store.disk import disk, file_system
from planner.store.layout import Layout
from planner.store.linked import links
from planner.store.orphans import orphans
from planner.store.store import Store


def check_store(layout: Layout) -> list[Finding]:
    """Everything looked at, the backlog itself first; nothing is changed."""
    store = Store(layout)
    backlog, ledger = _backlog(store)
    if not layout.home.is_dir():
        return [backlog, *([links(layout)] if layout.home.is_symlink() else [])]
    looks: dict[str, Callable[[], Finding]] = {
        "access": partial(access, layout),
        "journal": partial(_journal, store, ledger),
        "backups": partial(_backups, layout, ledger),
        "archive": partial(_archive, store, ledger),
        "unfinished files": partial(_strays, layout),
        "permissions": partial(_permissions, layout),
        "links": partial(links, layout),
        "disk": partial(disk, layout.home),
        "file system": partial(file_system, layout.home),
    }
    return [backlog, *(_looked(name, look) for name, look in looks.items())]


def _looked(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OSError as error:
        text = f"{error.filename} can't be looked at ({error.strerror})"
        return _finding(name, "warning", text, f"ls -ld {shlex.quote(str(error.filename))}")


def _finding(name: str, state: State, text: str, command: str | None = None) -> Finding:
    return Finding(name=name, state=state, text=text, command=command)


def _backlog(store: Store) -> tuple[Finding, Ledger | None]:
    try:
        ledger = store.read()
    except Mistake as mistake:
        return _unreadable(store.layout, mistake), None
    if store.read_only:
        return _finding("backlog", "warning", store.read_only), ledger
    return _finding("backlog", "ok", f"generation {ledger.generation}, {len(ledger.ideas)} ideas"), ledger


def _unreadable(layout: Layout, mistake: Mistake) -> Finding:
    """What is wrong with it, and which command brings most of it back."""
    text = str(mistake)
    if not isinstance(mistake, StoreNeedsAttention):
        return _finding("backlog", "problem", text, "planner init")
    if "planner doctor" not in text:
        return _finding("backlog", "problem", text)
    if restorable(layout):
        return _finding("backlog", "problem", text, "planner doctor --restore")
    what = text.partition(";")[0]
    if any(one.whole for one in orphans(layout, ())):
        text = f"{what}; no backup brings it back, but the run folders tell what ran"
        return _finding("backlog", "problem", text, "planner doctor --rebuild")
    try:
        restore.rebuild(layout)
    except StoreNeedsAttention as hopeless:
        return _finding("backlog", "problem", f"{what}; {hopeless}")
    return _finding("backlog", "problem", text, "planner doctor --restore")  # nothing was ever written


def _journal(store: Store, ledger: Ledger | None) -> Finding:
    damaged, newest = store.journal.damaged(), store.journal.last_seq()
    now = ledger.generation if ledger else 0
    if damaged:
        text = (
            f"{damaged} lines of {store.journal.path} are damaged: nothing decided is lost while the backlog "
            "is whole, but undo and repair reach back no further than to the damage"
        )
        return _finding("journal", "warning", text)
    if newest > now and ledger:
        text = (
            f"it goes on to operation {newest} and the backlog ends with {now}: it tells of another history"
        )
        return _finding("journal", "warning", text)
    if newest < now - 1:  # the newest operation stands in the backlog too, until the next change
        text = (
            f"{store.journal.path} ends with operation {newest} of {now}: nothing decided is lost, but undo "
            "and repair know only what comes from now on"
        )
        return _finding("journal", "warning", text)
    return _finding("journal", "ok", f"{newest} operations")


def _backups(layout: Layout, ledger: Ledger | None) -> Finding:
    kept, good = len(backups.numbered(layout.backups)), len(backups.good(layout.backups))
    if kept > good:
        text = (
            f"{kept - good} of {kept} in {layout.backups} are damaged: the journal and the others stand in "
            "for them, and they go as new ones come"
        )
        return _finding("backups", "warning", text)
    if not good and ledger is None:
        return _finding("backups", "warning", f"there are none in {layout.backups}")
    if not good:
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
        return _finding("permissions", "warning", text, f"chmod -R go= {shlex.quote(str(layout.home))}")
    return _finding("permissions", "ok", "only you can read it")


def _exposed(path: Path) -> Iterator[Path]:
    """What others can get at; nothing in a folder that they can't enter."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode) or not mode & 0o077:
        return
    yield path
    for inner in path.iterdir() if stat.S_ISDIR(mode) else ():
        yield from _exposed(inner)

"""Who holds the locks of a project: what the doctor says of it, and how a lost machine's are taken away."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from planner import flock
from planner.clock import Now, hours_between
from planner.domain.finding import Finding, State
from planner.domain.mistake import Failed, Mistake, NothingToDo
from planner.gpu.lease import Leases
from planner.rules.wording.numbers import duration
from planner.store import files, holders
from planner.store.filesystem import mount_of
from planner.store.holders import Holder
from planner.store.layout import Layout
from planner.store.lock import PATIENCE, cannot_lock
from planner.store.refusal import explained

UNLOCK = "planner doctor --unlock"
MOMENT = 1.0
"""Seconds that a lock may be held while the doctor looks, before it is worth a word: writers come and go."""

Whose = Literal["nobody's", "ours", "hidden", "theirs"]
"""`ours`: a process of this machine has it; `hidden`: one that this user can't see; `theirs`: another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One lock as it is found."""

    name: str
    """What it is for, in a word or two."""
    path: Path
    """Its file."""
    whose: Whose
    """Where whoever holds it is."""
    pids: tuple[int, ...] = ()
    """The processes of this machine that hold it."""
    signer: Holder | None = None
    """Who has signed it."""

    def by(self, now: str) -> str:
        """Whoever holds it, and for how long where that is known."""
        who = " and ".join(map(holders.named, self.pids)) or self._elsewhere()
        if self.signer is None:
            return who
        return f"{who} for {duration(hours_between(self.signer.since, now) * 3600)}"

    def _elsewhere(self) -> str:
        if self.signer is None:
            return "somebody who has left no name"
        return f"process {self.signer.pid} on {self.signer.host}"


def examine_locks(layout: Layout, now: Now) -> list[Finding]:
    """Who holds the store's lock, the dispatcher's and each GPU; nothing is changed."""
    try:
        store, dispatcher = _unless_in_passing(layout, "store lock"), _look("dispatcher lock", layout)
        leases = list(_leases())
    except PermissionError as error:
        text = f"{error.filename} can't be looked at ({error.strerror})"
        return [_finding("locks", "warning", text, f"ls -ld {shlex.quote(str(layout.home))}")]
    except OSError as error:
        return [_finding("locks", "problem", cannot_lock(layout.lock, error))]
    return [
        _of_store(store, now()),
        _of_dispatcher(dispatcher, now()),
        *(_of_lease(one, now()) for one in leases),
    ]


def unlock(layout: Layout, now: Now) -> list[str]:
    """Take away the locks that processes of other machines left held; answers each in a sentence.

    Whoever is at work after all notices before it writes: its change is refused, and its dispatcher ends.
    Failed, naming it, when a process of this machine has the lock; NothingToDo when nobody has.
    """
    found = [_look(name, layout) for name in ("store lock", "dispatcher lock")]
    with explained(layout.home):
        done = [_taken_away(lock, now()) for lock in found if lock.whose == "theirs"]
    if done:
        return done
    if refusals := [_refusal(lock, now()) for lock in found if lock.whose != "nobody's"]:
        raise Failed("; ".join(refusals))
    raise NothingToDo(f"no lock of {layout.project} is held; there is nothing to take away")


def _taken_away(lock: Lock, now: str) -> str:
    files.remove(lock.path)
    return f"took the {lock.name} away from {lock.by(now)}"


def _refusal(lock: Lock, now: str) -> str:
    if lock.pids:
        numbers = " ".join(map(str, lock.pids))
        by = f"the {lock.name} is held by {lock.by(now)}, which is alive"
        return f"{by}: `kill -9 {numbers}` ends it and gives the lock free"
    return (
        f"the {lock.name} is held by {lock.by(now)}: a process of this machine, of another user or in a "
        "container, that can't be seen from here; end it there, and the lock ends with it"
    )


# -- looking --------------------------------------------------------------------------------------


def _path(name: str, layout: Layout) -> Path:
    return layout.lock if name == "store lock" else layout.dispatcher_lock


def _look(name: str, layout: Layout) -> Lock:
    path = _path(name, layout)
    if not flock.taken(path):
        return Lock(name=name, path=path, whose="nobody's")
    signer, pids = holders.signer(path), holders.processes(path)
    return Lock(name=name, path=path, whose=_whose(path, signer, pids), pids=pids, signer=signer)


def _whose(path: Path, signer: Holder | None, pids: tuple[int, ...]) -> Whose:
    if pids:
        return "ours"
    # On a disk of its own only this machine's kernel gives locks, and only to what lives.
    if not mount_of(path.parent).network or (signer is not None and signer.may_live_here):
        return "hidden"
    return "theirs"


def _unless_in_passing(layout: Layout, name: str) -> Lock:
    """The lock as it is after a moment, or sooner when it is free."""
    until = time.monotonic() + MOMENT
    while (lock := _look(name, layout)).whose != "nobody's" and time.monotonic() < until:
        time.sleep(MOMENT / 20)
    return lock


def _leases() -> Iterator[Lock]:
    try:
        found = Leases().files()
    except Mistake:  # of somebody else: whoever wants a GPU is told
        return
    for path in found:
        pids = holders.processes(path)
        if pids:
            yield Lock(name=path.stem, path=path, whose="ours", pids=pids, signer=holders.signer(path))


# -- saying ---------------------------------------------------------------------------------------


def _finding(name: str, state: State, text: str, command: str | None = None) -> Finding:
    return Finding(name=name, state=state, text=text, command=command)


def _of_store(lock: Lock, now: str) -> Finding:
    by = f"held by {lock.by(now)}"
    match lock.whose:
        case "nobody's":
            return _finding(lock.name, "ok", "free")
        case "theirs":
            text = f"{by}: nobody else can write; when that process or machine is gone, take the lock away"
            return _finding(lock.name, "problem", text, UNLOCK)
        case "hidden":
            return _finding(lock.name, "problem", _refusal(lock, now))
    if _is_stuck(lock, now):
        text = f"{by}, so nobody else can write; it can be ended, nothing that was acknowledged is lost"
        return _finding(lock.name, "problem", text, f"kill -9 {' '.join(map(str, lock.pids))}")
    return _finding(lock.name, "ok", by)


def _is_stuck(lock: Lock, now: str) -> bool:
    """Whether the same process has held it for longer than any other would wait."""
    return lock.signer is not None and hours_between(lock.signer.since, now) * 3600 > PATIENCE


def _of_dispatcher(lock: Lock, now: str) -> Finding:
    by = f"held by {lock.by(now)}"
    if lock.whose == "nobody's":
        return _finding(lock.name, "ok", "free: no dispatcher is at work")
    if lock.whose == "theirs":
        text = f"{by}: runs start and are watched there; when that machine is gone, take the lock away"
        return _finding(lock.name, "warning", text, UNLOCK)
    return _finding(lock.name, "ok", by)


def _of_lease(lock: Lock, now: str) -> Finding:
    return _finding("GPU lease", "ok", f"{lock.name} is held by {lock.by(now)}")

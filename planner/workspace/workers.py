"""Whether a run still has its worker."""

from __future__ import annotations

import os

from planner.domain.event import Ended
from planner.executors.local import claimant
from planner.store.runfolder import RunFolder


def claimed_elsewhere(folder: RunFolder) -> str | None:
    """The name of the other machine whose process claims the run; None where it is none or this one's."""
    host = (folder.read_claim() or {}).get("host")
    return host if isinstance(host, str) and host != os.uname().nodename else None


def lives(folder: RunFolder) -> bool:
    """Whether the process that claims the run is alive on this machine."""
    return claimant(folder) is not None


def may_live(folder: RunFolder) -> bool:
    """Whether the run goes on as far as anybody here can tell: a worker of another machine can't be seen."""
    events, _ = folder.read_events()
    if events and isinstance(events[-1], Ended):
        return False
    return claimed_elsewhere(folder) is not None or lives(folder)

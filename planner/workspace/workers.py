"""Whether a run still has its worker."""

from __future__ import annotations

import os

import psutil

from planner.domain.event import Ended
from planner.store.runfolder import RunFolder

TOLERANCE = 2.0
"""Seconds by which a corrected clock may move when a process seems to have begun."""


def claimed_elsewhere(folder: RunFolder) -> str | None:
    """The name of the other machine whose process claims the run; None where it is none or this one's."""
    host = (folder.read_claim() or {}).get("host")
    return host if isinstance(host, str) and host != os.uname().nodename else None


def lives(folder: RunFolder) -> bool:
    """Whether the process that claims the run is alive on this machine."""
    claim = folder.read_claim() or {}
    try:
        process = psutil.Process(int(claim["pid"]))
        same = abs(process.create_time() - float(claim["created"])) < TOLERANCE
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except (KeyError, TypeError, ValueError, psutil.Error):
        return False


def may_live(folder: RunFolder) -> bool:
    """Whether the run goes on as far as anybody here can tell: a worker of another machine can't be seen."""
    if claimed_elsewhere(folder) is None:
        return lives(folder)
    events, _ = folder.read_events()
    return not (events and isinstance(events[-1], Ended))

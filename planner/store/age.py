"""Whether a backlog is an older copy: what lies beside it tells of changes that came after."""

from __future__ import annotations

import contextlib

from planner.store import backups
from planner.store.backlog import Backlog
from planner.store.journal import Journal
from planner.store.layout import Layout


def newest_after(state: Backlog, layout: Layout, journal: Journal) -> int | None:
    """The newest generation that the journal or a backup tells of, where it came after the state; else None.

    A backup is made as its state is replaced, so there is none of the newest one, but where a writer died
    in between; then the journal ends with a whole line.
    """
    with contextlib.suppress(OSError):  # a journal that cannot be read is needed for writing alone
        if (ahead := journal.ahead_of(state.generation, state.operation)) is not None:
            return ahead
    kept = max(backups.numbered(layout.backups), default=0)
    if kept > state.generation or (0 < kept == state.generation and journal.broken_off()):
        return kept
    return None

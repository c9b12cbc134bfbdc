"""What a missing backlog means: a project that has not begun, or a loss."""

from __future__ import annotations

import contextlib

from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.store import backups
from planner.store.backlog import RESTORE
from planner.store.journal import Journal
from planner.store.layout import Layout


def missing(layout: Layout, journal: Journal) -> Mistake:
    """What to say where the backlog is not there: StoreNeedsAttention when it was lost."""
    if has_past(layout, journal):
        return StoreNeedsAttention(f"{layout.backlog} is missing; {RESTORE}")
    if has_runs(layout):
        return StoreNeedsAttention(
            f"{layout.backlog} is missing, and so are its journal and backups; `planner doctor "
            f"--rebuild` makes a new one from the runs in {layout.runs}"
        )
    return Mistake(f"{layout.project} has no backlog yet; `planner init` makes one")


def has_past(layout: Layout, journal: Journal) -> bool:
    """Whether there are signs of an earlier life, so that a missing backlog is a loss.

    There are none where a project was begun and `create` died before it ended.
    """
    kept = set(backups.numbered(layout.backups))
    if journal.only_begun():
        return bool(kept - {0})
    return bool(kept) or not journal.silent()


def has_runs(layout: Layout) -> bool:
    """Whether runs were made, so that a missing backlog is a loss however little else is left."""
    with contextlib.suppress(FileNotFoundError):
        return any(layout.runs.iterdir())
    return False

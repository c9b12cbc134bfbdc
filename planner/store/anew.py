"""A new backlog where nothing of the old one can be read any more."""

from __future__ import annotations

from pathlib import Path

from planner.clock import Now
from planner.domain.mistake import StoreNeedsAttention
from planner.store import backlog as backlogs
from planner.store import files
from planner.store.backlog import Damaged
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.refusal import explained
from planner.store.restore import rebuild
from planner.store.store import Store


def begin_anew(layout: Layout, now: Now) -> Path | None:
    """Start an empty backlog, and answer the folder where what was left of the old one is kept, if anything.

    StoreNeedsAttention when there is more to be had: by a restore, or because nothing is damaged.
    """
    with explained(layout.home):
        files.make_folder(layout.home)
        with held(layout.lock):
            _check_hopeless(layout)
            aside = _keep_aside(layout, now())
        Store(layout, now=now).create(after_loss=True)
    return aside


def _check_hopeless(layout: Layout) -> None:
    try:
        state, _ = backlogs.load(layout.backlog)
    except (FileNotFoundError, Damaged):
        state = None
    if state is not None and state.newer:
        raise backlogs.newer(layout.backlog, state.schema)
    if restorable(layout):
        raise StoreNeedsAttention(
            f"{layout.backlog} cannot be used; first `planner doctor --restore`, which brings back more than "
            "the run folders know"
        )


def restorable(layout: Layout) -> bool:
    """Whether a restore would bring anything back; a backlog in which nothing was ever written is nothing."""
    try:
        return rebuild(layout).state.generation > 0
    except StoreNeedsAttention:
        return False


def _keep_aside(layout: Layout, at: str) -> Path | None:
    left = [path for path in (layout.backlog, layout.journal, layout.backups) if path.exists()]
    if not left:
        return None
    aside = layout.home / ("damaged-" + at.replace(":", "").replace(".", "-"))
    files.make_folder(aside)
    for path in left:
        files.rename(path, aside / path.name)
    return aside

"""How a project loses its backlog, and what it has then."""

from __future__ import annotations

import shutil

from planner.domain.ledger import Ledger
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.project import Project


def lose_everything(layout: Layout) -> None:
    """Nothing but the run folders is left."""
    for path in (layout.backlog, layout.journal):
        path.unlink()
    shutil.rmtree(layout.backups)


def ledger(project: Project) -> Ledger:
    return Store(project.layout).read()

"""The history of an idea whose older moves have left the backlog says where they are."""

from __future__ import annotations

from dataclasses import replace

from screens.widgets.why_panel import _history
from tests.screens.project import ledger


def test_what_the_archive_has_is_pointed_to_and_not_read() -> None:
    told = ledger()
    moved = told.revisions[0]
    idea = told.ideas[moved.idea]
    assert not any("and before" in line for line in _history(idea, told))
    later = replace(told, revisions=(replace(moved, id=1001),))
    assert f"{moved.at[:10]} and before: `planner show {idea.id}` tells the rest" in _history(idea, later)
    fresh = replace(idea, created_at=moved.at)
    assert not any("and before" in line for line in _history(fresh, later))

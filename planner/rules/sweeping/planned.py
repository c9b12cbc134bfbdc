"""How many configurations a sweep comes to, before any has been tried and while it is under way."""

from __future__ import annotations

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import Settings
from planner.domain.sweep import Sweep
from planner.rules.sweeping.grid import grid_size
from planner.rules.sweeping.tried import tried
from planner.rules.sweeping.values import combinations


def planned(sweep: Sweep) -> int:
    """How many configurations the newest round comes to at most: a grid or a small space may have fewer."""
    if sweep.method == "grid" and not sweep.since:
        return grid_size(sweep.axes, sweep.configs)
    there_are = combinations(sweep.axes)
    return sweep.configs if there_are is None else min(sweep.configs, there_are)


def left(idea: Idea, ledger: Ledger, settings: Settings) -> int:
    """How many configurations of a dispatched sweep are still to be queued; 0 at rest or chosen."""
    sweep, wish = idea.change.sweep, idea.dispatch
    if sweep is None or wish is None or wish.halted or wish.chosen:
        return 0
    known = sum(one.number >= sweep.since for one in tried(idea, ledger, settings))
    return max(0, planned(sweep) - known)

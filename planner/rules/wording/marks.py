"""What sets a run apart: a configuration of a sweep, a replay, a search for a learning rate."""

from __future__ import annotations

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.run import LIVE, Run


def mark(run: Run, ledger: Ledger, goal: Goal) -> str:
    """It in a few words, such as `configuration 3 (lr 0.01, width 64)`; empty for a usual run.

    Of a replay that has ended, also how it came out; of a search that has found a learning rate, the rate.
    """
    if run.replay_of is not None:
        return _replay(run, ledger, goal)
    if run.config is not None:
        values = configuration(run, ledger)
        return f"configuration {run.config}{f' ({values})' if values else ''}"
    return "" if run.rate is None else f"learning rate: try {run.rate:.2g}"


def configuration(run: Run, ledger: Ledger) -> str:
    """The values that a run tries, such as `lr 0.01, width 64`; empty where no sweep chose them."""
    idea = ledger.ideas.get(run.idea) if run.idea is not None else None
    if idea is None or idea.change.sweep is None or run.config is None:
        return ""
    from planner.rules.wording.sweeps import values_in_words  # few ideas sweep

    names = idea.change.sweep.names
    return values_in_words({name: run.params[name] for name in names if name in run.params})


def _replay(run: Run, ledger: Ledger, goal: Goal) -> str:
    if run.status in LIVE:
        return f"replay of {run.replay_of}"
    from planner.rules.judging.replaying import replayed  # few runs are replays

    return f"replay of {run.replay_of}: {replayed(run, ledger, goal).sentence}"

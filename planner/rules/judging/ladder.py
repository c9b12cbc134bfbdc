"""The next step of a dispatched idea, from what the ledger holds and nothing else."""

from __future__ import annotations

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.run import LIVE
from planner.domain.settings import Settings
from planner.rules.judging.behind import behind
from planner.rules.judging.cheap import cheap
from planner.rules.judging.climb import Climb
from planner.rules.judging.comparison import current_baseline
from planner.rules.judging.full import full
from planner.rules.judging.small import small
from planner.rules.judging.steps import Halt, Step, Wait, describe
from planner.rules.judging.sweeping import probing, swept
from planner.rules.sweeping.proposing import Numbers


def next_step(
    idea: Idea, ledger: Ledger, settings: Settings, *, now: str, answer: Numbers | None = None
) -> Step:
    """What the idea needs next; `now` is UTC, ISO 8601, and dates the outcome.

    `answer` is what the searcher said, where this very question led to a `Search`.

    Asking twice of the same ledger gives the same answer, so a step must be in the ledger
    before the next idea is asked: two ideas may need the same run of the baseline.
    """
    if idea.dispatch is None:
        return Wait("it has not been dispatched")
    if idea.dispatch.halted:
        return Wait(idea.dispatch.halted)
    baseline = current_baseline(ledger)
    if baseline is None:
        return Halt("there is no baseline to compare it with")
    climb = Climb(idea=idea, ledger=ledger, settings=settings, baseline=baseline, now=now)
    if idea.change.sweep is not None:
        step = _own_run(climb) or probing(climb, cheap(climb)) or swept(climb, answer)
        return step or behind(climb) or full(climb)
    return _own_run(climb) or cheap(climb) or small(climb) or full(climb)


def _own_run(climb: Climb) -> Step | None:
    """Waits for a run of the idea that has not ended, whichever dispatch queued it."""
    return next((Wait(f"waits for {describe(run)}") for run in climb.own if run.status in LIVE), None)

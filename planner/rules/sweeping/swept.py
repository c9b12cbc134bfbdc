"""A sweep with everything that it has tried."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import Settings
from planner.domain.sweep import Part, Sweep, Tried
from planner.rules.sweeping.best import best, parts
from planner.rules.sweeping.tried import choosing_rung, tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """A sweep and everything that it has tried."""

    idea: Idea
    """The idea it belongs to."""
    sweep: Sweep
    """What is searched, and how."""
    metric: str
    """The goal's metric, which configurations are compared by."""
    rung: str
    """The rung that they are tried on."""
    tried: tuple[Tried, ...]
    """Every configuration so far, by number."""
    best: Tried | None
    """The best of them; None before one has a value."""
    parts: tuple[Part, ...]
    """What was tried along each axis."""
    baseline: int | None = None
    """Version of the baseline that they were tried against; None before there is one."""
    past: bool = False
    """Whether another baseline is in force since, so that a further round begins anew."""


def swept_of(idea: Idea, sweep: Sweep, ledger: Ledger, settings: Settings) -> Swept:
    """What a sweep has tried so far, against the baseline in force."""
    known, goal = tried(idea, ledger, settings), settings.goal
    return Swept(
        idea=idea,
        sweep=sweep,
        metric=goal.metric,
        rung=choosing_rung(idea, settings),
        tried=known,
        best=best(known, goal, ledger.baselines[-1].params if ledger.baselines else {}),
        parts=parts(sweep, known, goal),
        baseline=ledger.baselines[-1].version if ledger.baselines else None,
    )


def last_swept(idea: Idea, sweep: Sweep, ledger: Ledger, settings: Settings) -> Swept:
    """The same; of a settled idea that has nothing to compare with the baseline in force, as it was judged.

    An adopted win makes a baseline that its own sweep never ran against.
    """
    found = swept_of(idea, sweep, ledger, settings)
    if found.tried or idea.dispatch is not None:
        return found
    judged = next((one.baseline for one in reversed(ledger.outcomes) if one.idea == idea.id), None)
    before = tuple(one for one in ledger.baselines if judged is None or one.version <= judged)
    then = swept_of(idea, sweep, replace(ledger, baselines=before), settings)
    return replace(then, past=True) if then.tried else found

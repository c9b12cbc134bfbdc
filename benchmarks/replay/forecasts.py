"""P(keep) of every idea of a log before its outcome was known, by the product and by simpler rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.replay.logs import Tried
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.settings import Settings
from planner.rules.defaults import BASE_FAILURES, BASE_WINS
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.score import score

Forecaster = Callable[[Sequence[Tried]], list[float]]
"""One chance for each idea, which may rest on what was tried before it, never on later rows."""

SETTINGS = Settings(goal=Goal(metric="kept"))
WHEN = "2026-01-01T00:00:00.000Z"
"""Logs need no times: nothing in P depends on them."""


def product(tried: Sequence[Tried]) -> list[float]:
    """The product's own P: the idea's title and category, scored with all that was tried before it.

    Nobody stated a chance in these logs, so it is the base rate and the finished relatives that speak.
    """
    ledger, chances = Ledger(), []
    for number, one in enumerate(tried, start=1):
        idea = _idea(number, one)
        ledger = replace(ledger, ideas={**ledger.ideas, number: idea})
        calibration = calibrate(ledger, SETTINGS, at=WHEN, because="an outcome")
        chances.append(score(idea, calibration, SETTINGS).chance.used)
        ledger = replace(ledger, outcomes=(*ledger.outcomes, _outcome(number, one)))
    return chances


def running_rate(half_life: float | None) -> Forecaster:
    """The share kept so far on top of the product's prior (1 win in 6).

    An outcome counts half once `half_life` more have landed; None never forgets.
    """
    fade = 1.0 if half_life is None else 0.5 ** (1.0 / half_life)

    def forecast(tried: Sequence[Tried]) -> list[float]:
        kept, seen, chances = 0.0, 0.0, []
        for one in tried:
            chances.append((BASE_WINS + kept) / (BASE_WINS + BASE_FAILURES + seen))
            kept, seen = kept * fade + one.kept, seen * fade + 1.0
        return chances

    return forecast


def constant(chance: float) -> Forecaster:
    """The same for every idea."""
    return lambda tried: [chance] * len(tried)


RATE = "running rate, half-life 20"
FORECASTERS: dict[str, Forecaster] = {
    "the product": product,
    RATE: running_rate(20.0),
    "running rate, all alike": running_rate(None),
    "constant 0.15": constant(0.15),
    "constant 0.27": constant(0.27),
}
"""By name, the product first."""
RIVALS = (RATE, "constant 0.15", "constant 0.27")
"""Whose mean log-loss over the logs the product must undercut."""


def _idea(number: int, one: Tried) -> Idea:
    return Idea(id=number, title=one.title, created_at=WHEN, created_by="log", category=one.category)


def _outcome(number: int, one: Tried) -> Outcome:
    """An outcome as somebody reports it, without any seeds run here."""
    return Outcome(
        idea=number,
        at=WHEN,
        verdict="improved" if one.kept else "no gain",
        reason="as the log has it",
        rung="full",
        baseline=1,
        kept=one.kept,
    )

"""Learn how large wins are, and what keeping them has cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum, log

from planner.domain.calibration import Calibration
from planner.domain.goal import Goal
from planner.rules.defaults import GAIN_PRIOR, GAIN_SCALE, LEAST_WIN
from planner.rules.learning.settled import Settled
from planner.rules.scoring.gain import against_usual
from planner.rules.scoring.stated import complexity_or_assumed, gains, reference_of


def learn_wins(calibration: Calibration, evidence: Sequence[Settled], goal: Goal) -> Calibration:
    """The calibration with the gain scale and the complexity kept."""
    found = [
        win
        for settled in evidence
        if settled.outcome.verdict == "improved"
        if (win := _against_forecast(settled, calibration, goal)) is not None
    ]
    # What was kept before the planner came is in the code that people's hours refer to already.
    kept = [
        _complexity(settled) for settled in evidence if settled.outcome.kept and not settled.outcome.imported
    ]
    return replace(
        calibration,
        gain_scale=(GAIN_PRIOR * log(GAIN_SCALE) + fsum(found)) / (GAIN_PRIOR + len(found)),
        wins=len(found),
        kept_complexity=fsum(kept),
    )


def _complexity(settled: Settled) -> float:
    """What keeping the idea added, 0 to 5: as measured, else as it was stated."""
    measured = settled.outcome.complexity
    return complexity_or_assumed(settled.idea) if measured is None else measured


def _against_forecast(settled: Settled, calibration: Calibration, goal: Goal) -> float | None:
    """Log of a win's measured gain over what its forecast then, without the scale, promised."""
    measured = settled.outcome.gain
    if measured is None:
        return None
    frozen = settled.idea.frozen
    if frozen is None:
        said = gains(settled.estimates, goal, reference_of(calibration.reference, goal))
        centred, overlap = against_usual(said, calibration)[0], 1.0
    else:
        centred, overlap = frozen.centred_gain, frozen.overlap
    return log(max(LEAST_WIN, measured / overlap)) - centred

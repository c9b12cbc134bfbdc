"""How far an effect in a simplified training lies from that in full, and what one such seed says."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Pair
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.rules.judging import verdict
from planner.rules.judging.comparison import alike, baseline_values, has_value, newest_value

USUAL_DISTANCE = 3.0
"""How far the two effects are thought to lie apart before any idea has shown both, in MEI."""
USUAL_DEGREES = 4
"""Degrees of freedom that count for.

Ideas that the rung ends never show their effect in full, so what is measured comes from the milder ones:
the prior keeps its weight for long.
"""


def simplified(run: Run, simpler: RungSettings) -> bool:
    """Whether the run was made on the rung `small` with just these simplifications."""
    return run.rung == "small" and run.rung_params == simpler.params and run.fraction == simpler.fraction


def distance(ledger: Ledger, goal: Goal, simpler: RungSettings) -> float:
    """Root mean square of what the effect on this step differs from that in full by, with the prior; in MEI.

    Pooled over the ideas that ran both. Both noises are in it, and so is what every idea has in common.
    """
    apart = list(_differences(ledger, goal, simpler))
    squares = USUAL_DEGREES * USUAL_DISTANCE**2 + sum(each * each for each in apart)
    return sqrt(squares / (USUAL_DEGREES + len(apart)))


def error(noise: float, goal: Goal, apart: float) -> float:
    """Standard error, in MEI, of an effect in full as one pair of simplified runs shows it.

    `noise` is the seed-to-seed deviation in the metric's own unit, `apart` what `distance` says.
    """
    return sqrt(2 * (noise / goal.minimum_effect) ** 2 + apart**2)


def evidence(ours: float, theirs: float, goal: Goal, *, error: float, noise: float, base: float) -> Evidence:
    """What one pair of simplified runs with seed 0 says of the effect in full."""
    effect = goal.mei(ours - theirs)
    q, gain = verdict.posterior(effect, error, base)
    return Evidence(
        pairs=(Pair(seed=0, idea=ours, baseline=theirs),),
        seeds=1,
        baseline_seeds=1,
        effect=effect,
        error=error,
        low=effect - verdict.INTERVAL * error,
        high=effect + verdict.INTERVAL * error,
        q=q,
        gain=gain,
        noise=noise,
        paired=False,
        base=base,
    )


def _differences(ledger: Ledger, goal: Goal, simpler: RungSettings) -> Iterator[float]:
    """For each idea that ran both, the effect on this step less the effect in full, in MEI."""
    runs = ledger.runs.values()
    here = [run for run in runs if simplified(run, simpler) and has_value(run)]
    for baseline in ledger.baselines:
        own = [run for run in here if run.idea is None and run.baseline == baseline.version]
        theirs, in_full = newest_value(own), baseline_values(ledger, baseline.version)
        if theirs is None or not in_full:
            continue
        newest = {run.idea: run for run in here if run.idea is not None and run.baseline == baseline.version}
        for run in newest.values():
            full = _in_full(run, ledger)
            if full and run.value is not None:
                yield goal.mei((run.value - theirs) - (_mean(full) - _mean(list(in_full.values()))))


def _in_full(run: Run, ledger: Ledger) -> list[float]:
    """Values of the full runs of the same thing."""
    same = [one for one in ledger.runs.values() if one.idea == run.idea and one.baseline == run.baseline]
    full = [one for one in same if one.rung == "full" and has_value(one) and alike(one, run)]
    return [one.value for one in full if one.value is not None]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)

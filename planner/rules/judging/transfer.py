"""How far an effect in a simplified training lies from that in full, and what one such seed says."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Pair
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.rules.judging import verdict
from planner.rules.judging.comparison import alike, baseline_values, has_value, newest_value

USUAL_DISTANCE = 3.0
"""How far the two effects are thought to lie apart before any idea has shown both, in MEI."""
USUAL_WEIGHT = 50.0
"""What the thought that all of an effect is left in full weighs, in squared MEI: as one idea of 7 MEI."""
USUAL_DEGREES = 4
"""Degrees of freedom that count for.

Ideas that the rung ends never show their effect in full, so what is measured comes from the milder ones:
the prior keeps its weight for long.
"""


def simplified(run: Run, simpler: RungSettings) -> bool:
    """Whether the run was made on the rung `small` with just these simplifications."""
    return run.rung == "small" and run.rung_params == simpler.params and run.fraction == simpler.fraction


class Transfer(NamedTuple):
    """What an effect in a simplified training says of the effect in full."""

    share: float
    """The part of it that is left in full, 0 to 1: a short training often shows more than a long one."""
    apart: float
    """How far the effect in full lies from that part, as a standard deviation in MEI."""


def learned(ledger: Ledger, goal: Goal, simpler: RungSettings) -> Transfer:
    """The transfer on one step, from the ideas that ran both and the prior.

    Both noises are in it. An idea without any effect on either side says nothing of the share.
    """
    both = list(_effects(ledger, goal, simpler))
    weights = USUAL_WEIGHT + sum(here * here for here, _ in both)
    share = (USUAL_WEIGHT + sum(here * full for here, full in both)) / weights
    share = max(0.0, min(1.0, share))
    squares = USUAL_DEGREES * USUAL_DISTANCE**2 + sum((full - share * here) ** 2 for here, full in both)
    return Transfer(share, sqrt(squares / (USUAL_DEGREES + len(both))))


def error(noise: float, goal: Goal, apart: float) -> float:
    """Standard error, in MEI, of an effect in full as one pair of simplified runs shows it.

    `noise` is the seed-to-seed deviation in the metric's own unit, `apart` that of the transfer.
    """
    return sqrt(2 * (noise / goal.minimum_effect) ** 2 + apart**2)


def evidence(
    ours: float, theirs: float, goal: Goal, *, share: float, error: float, noise: float, base: float
) -> Evidence:
    """What one pair of simplified runs with seed 0 says of the effect in full."""
    effect = share * goal.mei(ours - theirs)
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
        share=share,
    )


def _effects(ledger: Ledger, goal: Goal, simpler: RungSettings) -> Iterator[tuple[float, float]]:
    """For each idea that ran both, the effect on this step and the effect in full, in MEI."""
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
                yield goal.mei(run.value - theirs), goal.mei(_mean(full) - _mean(list(in_full.values())))


def _in_full(run: Run, ledger: Ledger) -> list[float]:
    """Values of the full runs of the same thing."""
    same = [one for one in ledger.runs.values() if one.idea == run.idea and one.baseline == run.baseline]
    full = [one for one in same if one.rung == "full" and has_value(one) and alike(one, run)]
    return [one.value for one in full if one.value is not None]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)

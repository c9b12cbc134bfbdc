"""The verdict rule alone, on many ideas whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from benchmarks.foresight.attempt import Ladder
from benchmarks.foresight.summary import REAL
from benchmarks.foresight.table import Share, ratio
from benchmarks.foresight.trial import Bench, Trial
from benchmarks.foresight.truth import Luck, Truth, draw, sigmoid
from benchmarks.foresight.world import World

BIG = 1.0
"""A true effect of at least this, in MEI, should be found."""


class Soundness(NamedTuple):
    """What the verdict rule makes of many ideas."""

    ideas: int
    """Ideas judged."""
    false_wins: Share
    """Of the ideas found `improved`: those whose true effect is at most half an MEI."""
    power: Share
    """Of the ideas with a true effect of an MEI or more: those that are found `improved`."""
    seeds: float
    """Runs per idea."""
    paired: float
    """Share of the verdicts whose error was that of paired seeds."""


class _Counts(NamedTuple):
    """One project."""

    ideas: int = 0
    wins: int = 0
    false_wins: int = 0
    big: int = 0
    found: int = 0
    seeds: int = 0
    paired: int = 0


def soundness(world: World, *, correlation: float, noise: float, projects: int, seed: int) -> Soundness:
    """The rule on so many projects of `first` ideas each, against one baseline that never changes.

    `noise` is the seed-to-seed standard deviation in MEI, which the rule has to learn.
    """
    world = replace(world, seed_correlation=correlation, seed_noise=noise, ideas=world.first, bugs=0.0)
    counts = np.array([_project(world, draw(world, Luck(seed, number))) for number in range(projects)], float)
    total = _Counts(*counts.sum(0))
    by_name = dict(zip(_Counts._fields, counts.T, strict=True))
    return Soundness(
        ideas=int(total.ideas),
        false_wins=ratio(by_name["false_wins"], by_name["wins"]),
        power=ratio(by_name["found"], by_name["big"]),
        seeds=total.seeds / total.ideas,
        paired=total.paired / total.ideas,
    )


def _project(world: World, truth: Truth) -> _Counts:
    """Every idea in turn; how far seeds lie apart is learned on the way, the base rate is known."""
    bench = Bench(world, truth, Ladder())
    effects = np.where(truth.coin < sigmoid(truth.log_odds), truth.gain, truth.harm)
    return _sum(_judged(bench, place, effect) for place, effect in enumerate(effects.tolist()))


def _judged(bench: Bench, place: int, effect: float) -> _Counts:
    trial = Trial(bench, place, effect=effect, base=bench.world.base)
    found = trial.climb()
    won, big = found.verdict == "improved", effect >= BIG
    return _Counts(
        ideas=1,
        wins=won,
        false_wins=won and effect <= REAL,
        big=big,
        found=won and big,
        seeds=trial.seeds,
        paired=found.evidence is not None and found.evidence.paired,
    )


def _sum(counts: Iterable[_Counts]) -> _Counts:
    return _Counts(*map(sum, zip(*counts, strict=True)))

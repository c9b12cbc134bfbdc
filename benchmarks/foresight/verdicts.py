"""The verdict rule alone, on many ideas whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from benchmarks.foresight.attempt import Ladder
from benchmarks.foresight.replicate import Replicate, make_replicate
from benchmarks.foresight.summary import REAL
from benchmarks.foresight.trial import Bench, Trial
from benchmarks.foresight.world import World
from planner.domain.verdict import Verdict

BIG = 1.0
"""A true effect of at least this, in MEI, should be found."""


class Soundness(NamedTuple):
    """What the verdict rule makes of many ideas."""

    ideas: int
    """Ideas judged."""
    false_wins: float
    """Share of the ideas found `improved` whose true effect is at most half an MEI."""
    power: float
    """Share of the ideas with a true effect of an MEI or more that are found `improved`."""
    seeds: float
    """Runs per idea."""
    paired: float
    """Share of the verdicts whose error was that of paired seeds."""


class _Judged(NamedTuple):
    effect: float
    verdict: Verdict
    seeds: int
    paired: bool


def soundness(world: World, *, correlation: float, projects: int, seed: int) -> Soundness:
    """The rule on so many projects of `first` ideas each, against one baseline that never changes."""
    world = replace(world, seed_correlation=correlation, ideas=world.first, bugs=0.0)
    judged = [each for number in range(projects) for each in _project(make_replicate(world, seed, number))]
    wins = [each for each in judged if each.verdict == "improved"]
    big = [each for each in judged if each.effect >= BIG]
    return Soundness(
        ideas=len(judged),
        false_wins=sum(each.effect <= REAL for each in wins) / max(1, len(wins)),
        power=sum(each.verdict == "improved" for each in big) / max(1, len(big)),
        seeds=sum(each.seeds for each in judged) / len(judged),
        paired=sum(each.paired for each in judged) / len(judged),
    )


def _project(replicate: Replicate) -> Iterator[_Judged]:
    """Every idea in turn; how far seeds lie apart is learned on the way, the base rate is known."""
    truth, world = replicate.truth, replicate.world
    bench = Bench(replicate, Ladder())
    works = truth.coin < 1.0 / (1.0 + np.exp(-truth.log_odds))
    for place, effect in enumerate(np.where(works, truth.gain, truth.harm).tolist()):
        trial = Trial(bench, place, effect=effect, base=world.base)
        found = trial.climb()
        paired = found.evidence is not None and found.evidence.paired
        yield _Judged(effect, found.verdict, trial.seeds, paired)

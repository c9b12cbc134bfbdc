"""The luck of one replicate: everything random about its ideas, drawn once and met by every policy alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.foresight.world import World

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_QUANTILES = np.array([NormalDist().inv_cdf((place + 0.5) / 2001) for place in range(2001)])
"""A standard normal distribution as equally likely values."""


class Luck:
    """Random numbers of one replicate by name; what else is drawn, and when, changes none of them."""

    def __init__(self, seed: int, replicate: int) -> None:
        self._key = (seed, replicate)

    def stream(self, name: str) -> np.random.Generator:
        """A fresh generator that depends on the seed, the replicate and the name alone."""
        return np.random.default_rng((*self._key, crc32(name.encode())))

    def normal(self, name: str, *shape: int) -> Floats:
        """Standard normal numbers."""
        return self.stream(name).standard_normal(shape)

    def uniform(self, name: str, *shape: int) -> Floats:
        """Uniform numbers from 0 to 1."""
        return self.stream(name).random(shape)

    def below(self, name: str, end: int, size: int) -> Numbers:
        """Whole numbers from 0, below `end`."""
        return self.stream(name).integers(0, end, size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of the ideas of one replicate, one place of each array an idea, in order of arrival."""

    arrives: Floats
    """Hour it is thought of."""
    family: Numbers
    """Its family."""
    category: Numbers
    """Its category."""
    log_odds: Floats
    """Log-odds that it works, on day one."""
    coin: Floats
    """It works when this lies below its chance; 0 to 1."""
    gain: Floats
    """Gain if it works and nothing alike was kept, in MEI."""
    harm: Floats
    """Effect if it does not work, in MEI; about 0, or below."""
    hours: Floats
    """Hours to implement it, unslowed."""
    complexity: Floats
    """0 to 5, whole."""
    run_hours: Floats
    """Hours of one full run."""
    bug: Flags
    """Whether its implementation is broken."""
    seeds: Floats
    """Error of each of its runs by seed, in MEI; ideas by seeds."""
    small_seeds: Floats
    """Unit error of its small runs by seed; ideas by seeds."""
    baseline_seeds: Floats
    """Error of the baseline's own runs by seed, in MEI; the last row is the first baseline's."""
    small_baseline_seeds: Floats
    """Unit error of the baseline's small runs by seed, likewise."""
    random: Floats
    """A number that means nothing, for whoever chooses at random."""


def draw(world: World, luck: Luck) -> Truth:
    """The ideas of one replicate."""
    families = max(1, world.ideas // world.family)
    family = luck.below("family", families, world.ideas)
    category = luck.below("category", world.categories, families)[family]
    size = luck.normal("size", world.ideas)
    return Truth(
        arrives=np.maximum(0.0, np.arange(world.ideas) - world.first + 1) * world.every,
        family=family,
        category=category,
        log_odds=_log_odds(world, luck, family, category),
        coin=luck.uniform("coin", world.ideas),
        gain=_gain(world, luck, category, size),
        harm=_harm(world, luck),
        hours=world.hours * np.exp(world.hours_spread * size),
        complexity=_complexity(world, luck, size),
        run_hours=world.run_hours * np.exp(world.run_spread * luck.normal("run hours", world.ideas)),
        bug=luck.uniform("bug", world.ideas) < world.bugs,
        seeds=_seeds(world, luck, "seeds", world.ideas),
        small_seeds=luck.normal("small seeds", world.ideas, world.seeds),
        baseline_seeds=_seeds(world, luck, "baseline seeds", world.ideas + 1),
        small_baseline_seeds=luck.normal("small baseline seeds", world.ideas + 1, world.seeds),
        random=luck.uniform("random", world.ideas),
    )


def spread_of_chance(world: World) -> float:
    """Standard deviation of the ideas' true log-odds."""
    return float(np.hypot(np.hypot(world.chance_category, world.chance_family), world.chance_idea))


@lru_cache(maxsize=64)
def centre(mean: float, spread: float) -> float:
    """The log-odds around which a normal spread of log-odds makes chances of this mean."""
    low, high = -12.0, 12.0
    for _ in range(50):
        middle = (low + high) / 2
        below = sigmoid(middle + spread * _QUANTILES).mean() < mean
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2


def sigmoid(log_odds: Floats) -> Floats:
    """Chances from log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _log_odds(world: World, luck: Luck, family: Numbers, category: Numbers) -> Floats:
    middle = centre(world.base, spread_of_chance(world))
    by_category = luck.normal("chance of a category", world.categories)[category]
    by_family = luck.normal("chance of a family", world.ideas)[family]
    own = luck.normal("chance of an idea", world.ideas)
    return np.asarray(
        middle
        + world.chance_category * by_category
        + world.chance_family * by_family
        + world.chance_idea * own
    )


def _gain(world: World, luck: Luck, category: Numbers, size: Floats) -> Floats:
    """Lognormal; some of its spread is the category's, and bigger ideas bring a little more."""
    by_category = luck.normal("gain of a category", world.categories)[category]
    left = np.sqrt(max(0.0, world.gain_spread**2 - world.gain_category**2))
    rest = np.sqrt(1.0 - world.gain_size**2)
    own = world.gain_size * size + rest * luck.normal("gain", world.ideas)
    return np.asarray(world.gain * np.exp(world.gain_category * by_category + left * own))


def _harm(world: World, luck: Luck) -> Floats:
    idle = luck.uniform("idle", world.ideas) < world.idle
    nothing = world.idle_spread * luck.normal("idle effect", world.ideas)
    hurt = -np.abs(world.harm_spread * luck.normal("harm", world.ideas))
    return np.where(idle, nothing, hurt)


def _complexity(world: World, luck: Luck, size: Floats) -> Floats:
    own = world.complexity_spread * luck.normal("complexity", world.ideas)
    return np.asarray(np.clip(np.round(world.complexity + world.complexity_size * size + own), 0, 5))


def _seeds(world: World, luck: Luck, name: str, rows: int) -> Floats:
    """Errors in MEI; the part that every configuration has in common on one seed is the correlation."""
    common = luck.normal("what a seed does to all", world.seeds)
    own = luck.normal(name, rows, world.seeds)
    share = world.seed_correlation
    return np.asarray(world.seed_noise * (np.sqrt(share) * common + np.sqrt(1.0 - share) * own))

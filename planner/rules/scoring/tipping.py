"""How far an idea's chance or hours would have to move for its score to reach another."""

from __future__ import annotations

from planner.domain.score import Score
from planner.rules.defaults import FIRST_SEEDS, MOST_CHANCE, SEEDS_PER_CHANCE


def chance_at(score: Score, value: float) -> float | None:
    """The chance P, 0 to 0.95, at which the idea would score `value`; None when no chance does.

    Runs and later cost grow with P, so P solves P·G = value·(fixed hours + P·hours that grow with P).
    """
    growing = _hours_per_chance(score) if score.per_hour else 0.0
    fixed = score.hours.used - growing * score.chance.used if score.per_hour else 1.0
    slope = score.gain.used - value * growing
    if slope <= 0:
        return None
    chance = value * fixed / slope
    return chance if 0.0 <= chance <= MOST_CHANCE else None


def hours_at(score: Score, value: float) -> float | None:
    """The hours H at which the idea would score `value`; None when no hours do.

    Only implementation can be cut: what the rest of H takes is the least it can be.
    """
    if not score.per_hour or value <= 0:
        return None
    hours = score.chance.used * score.gain.used / value
    return hours if hours >= score.hours.used - score.hours.implement else None


def _hours_per_chance(score: Score) -> float:
    """Hours that one unit of P adds: more full runs, and complexity kept more often."""
    hours, chance = score.hours, score.chance.used
    seeds = hours.runs * (hours.gpu - hours.search) / hours.gpu if hours.gpu else 0.0
    return seeds * SEEDS_PER_CHANCE / (FIRST_SEEDS + SEEDS_PER_CHANCE * chance) + hours.tax / chance

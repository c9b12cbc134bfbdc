"""The values of many scores at once: the arithmetic of `score` on columns, to the bit as for one idea."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.rules.defaults import LEAST_CHANCE, MOST_CHANCE
from planner.rules.scoring.columns import Columns

if TYPE_CHECKING:
    from planner.rules.scoring.score import Rules


def values(columns: Columns, rules: Rules, *, per_hour: bool) -> list[float]:
    """The value of each idea's score, in MEI per hour, or P·G where hours do not count."""
    import numpy as np

    plain, kin = columns.plain, rules.relatives.side_by_side(columns)
    stated = columns.chances.column(rules.chance.stated)
    chance = np.minimum(MOST_CHANCE, np.maximum(LEAST_CHANCE, stated * kin.multiplier))
    promised = columns.gains.column(rules.gain.promised)
    expected = chance * np.maximum(0.0, promised * kin.overlap - kin.variants)
    if not per_hour:
        return list(expected.tolist())
    total = columns.hours.column(rules.hours.total)
    left = np.where(plain["runnable"], 0.0, np.maximum(0.0, total - plain["spent"]))
    run_hours = np.where(plain["runs_said"], plain["run_hours"], rules.hours.run_hours)
    trials = columns.sweeps.column(rules.hours.trials)
    hours = rules.hours.spend(left, run_hours, chance, plain["points"], trials)
    return list((expected / hours).tolist())

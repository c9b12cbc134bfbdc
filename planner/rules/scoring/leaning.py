"""Which way a higher stated chance would move P, at one idea under one calibration."""

from __future__ import annotations

from planner.domain.calibration import Calibration
from planner.domain.score import Chance
from planner.rules.defaults import LEAST_CHANCE, MOST_CHANCE, MOST_SAID
from planner.rules.scoring.chance import chance_by_slope, dips, lines


def leaning(chance: Chance, calibration: Calibration) -> float:
    """dP/dz: what P gains for one more unit of stated log-odds; 0 where saying more moves nothing.

    P is a mixture: each slope s adds trust · s · P_s · (1 − P_s). Where odds are distrusted on the whole, the
    mean slope alone does not tell the sign.
    """
    if chance.said is None or chance.said >= MOST_SAID or not _free(chance):
        return 0.0
    all_lines = lines(calibration.base, calibration.spread, calibration.trust)
    if any(chance.centred < place and chance.stated == least for place, least in dips(all_lines)):
        return 0.0
    by_slope = zip(all_lines, chance_by_slope(chance.centred, all_lines), strict=True)
    return chance.relatives * sum(line.trust * line.slope * p * (1.0 - p) for line, p in by_slope)


def _free(chance: Chance) -> bool:
    """Whether P is not held at the end of what it may be."""
    return LEAST_CHANCE < chance.stated * chance.relatives < MOST_CHANCE

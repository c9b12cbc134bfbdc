"""Learn how often ideas succeed, and how far people's stated chances deserve belief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, fsum, log

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.rules.defaults import BASE_FAILURES, BASE_WINS, SUREST, TRUST_PRIOR
from planner.rules.learning.settled import Settled
from planner.rules.scoring.chance import against_usual, chance_by_slope, lines
from planner.rules.scoring.stated import chances


def learn_trust(calibration: Calibration, ideas: Iterable[Idea], evidence: Sequence[Settled]) -> Calibration:
    """The calibration with base rate, spread of the statements and trust in them."""
    base = base_rate(evidence)
    spread = _spread(calibration, ideas)
    return replace(calibration, base=base, spread=spread, trust=_trust(calibration, base, spread, evidence))


def base_rate(evidence: Sequence[Settled]) -> float:
    """Share of ideas that succeed: soft labels, recent ones most, on top of the prior."""
    seen = fsum(settled.weight * settled.q for settled in evidence)
    weight = fsum(settled.weight for settled in evidence)
    return (BASE_WINS + seen) / (BASE_WINS + BASE_FAILURES + weight)


def _spread(calibration: Calibration, ideas: Iterable[Idea]) -> float:
    """v: mean square of the centred log-odds over the ideas that somebody gave a chance."""
    said = [stated for idea in ideas if (stated := chances(idea.estimates))]
    squares = [against_usual(stated, calibration)[0] ** 2 for stated in said]
    return fsum(squares) / len(squares) if squares else calibration.spread


def _trust(
    calibration: Calibration, base: float, spread: float, evidence: Sequence[Settled]
) -> tuple[float, ...]:
    """Posterior weight of each slope. Trust in people is earned and does not fade."""
    all_lines = lines(base, spread, TRUST_PRIOR)
    logs = [log(prior) for prior in TRUST_PRIOR]
    for settled in evidence:
        said = chances(settled.estimates)
        if not said:  # an idea about which nobody spoke says nothing of how people speak
            continue
        centred = against_usual(said, calibration)[0]
        for place, chance in enumerate(chance_by_slope(centred, all_lines)):
            logs[place] += _log_likelihood(settled.q, chance)
    weights = [exp(each - max(logs)) for each in logs]
    return tuple(weight / fsum(weights) for weight in weights)


def _log_likelihood(q: float, chance: float) -> float:
    held = min(1.0 - SUREST, max(SUREST, chance))
    return q * log(held) + (1.0 - q) * log(1.0 - held)

"""Shares of the oracle's gain with paired bootstrap intervals, and what else a table shows."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt
from typing import NamedTuple

import numpy as np

from benchmarks.foresight.simulate import Table
from benchmarks.foresight.summary import CHECKPOINTS, Honesty, Summary
from benchmarks.foresight.truth import Floats

RESAMPLES = 2000
"""Bootstrap samples behind an interval."""
LEAST = 1e-9
"""Stands for a total of nothing, so that nothing is divided by it."""


class Share(NamedTuple):
    """A share of one total in another, with its 95 % interval."""

    value: float
    """The ratio of the totals."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""


class Honest(NamedTuple):
    """How far numbers lay from what they were about, over all programmes."""

    log_loss: float
    """Mean log-loss of the chances, natural log."""
    factor: float
    """Hours of implementation were off by this factor, typically: exp of the root mean square log ratio."""
    hours: float
    """Actual hours of implementation over forecast ones, in total."""
    gain: float
    """True gain found over forecast gain, in total."""


def share(ours: Sequence[Summary], reference: Sequence[Summary], hour: float) -> Share:
    """The gain at a checkpoint as a share of the reference's, replicate by replicate the same luck."""
    return difference(ours, None, reference, hour)


def difference(
    ours: Sequence[Summary], theirs: Sequence[Summary] | None, reference: Sequence[Summary], hour: float
) -> Share:
    """The same for the gain that one policy has over another; None is a policy that gains nothing."""
    gain = _gains(ours, hour) - (0.0 if theirs is None else _gains(theirs, hour))
    return ratio(gain, _gains(reference, hour))


def ratio(part: Floats, whole: Floats) -> Share:
    """Total over total, one place a replicate; the interval draws whole replicates anew.

    What happens in one replicate hangs together: its baseline's luck, for one, is all its ideas'.
    """
    samples = np.random.default_rng(0).integers(0, len(whole), (RESAMPLES, len(whole)))
    drawn = part[samples].sum(1) / np.maximum(LEAST, whole[samples].sum(1))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Share(float(part.sum() / max(LEAST, whole.sum())), float(low), float(high))


def false_wins(*worlds: Sequence[Summary]) -> Share:
    """Share of the ideas found `improved` that truly bring half an MEI or less.

    Several worlds share a replicate's luck, so they are added up replicate by replicate.
    """
    false = np.array([[each.false_wins for each in ours] for ours in worlds], float)
    wins = np.array([[each.wins for each in ours] for ours in worlds], float)
    return ratio(false.sum(0), wins.sum(0))


def seeds_per_idea(ours: Sequence[Summary]) -> float:
    """Full runs until the verdict on an idea, those without a sound implementation left out."""
    return sum(each.seeds for each in ours) / max(1, sum(each.judged for each in ours))


def mean(ours: Sequence[Summary], what: str) -> float:
    """Mean of one number over the programmes."""
    return float(np.mean([getattr(each, what) for each in ours]))


def honest(ours: Sequence[Summary], sums: Sequence[Honesty]) -> Honest:
    """What the sums over programmes come to."""
    judged = max(1, sum(each.judged for each in ours))
    return Honest(
        log_loss=sum(each.log_loss for each in sums) / judged,
        factor=exp(sqrt(sum(each.log_ratio for each in sums) / judged)),
        hours=sum(each.hours for each in ours) / sum(each.hours for each in sums),
        gain=sum(each.effects for each in ours) / sum(each.gain for each in sums),
    )


def document(table: Table, reference: Sequence[Summary]) -> dict[str, object]:
    """A table as JSON values."""
    return {policy: _row(ours, reference) for policy, ours in table.items()}


def _row(ours: Sequence[Summary], reference: Sequence[Summary]) -> dict[str, object]:
    return {
        "replicates": len(ours),
        **{f"share at {hour:.0f} h": share(ours, reference, hour)._asdict() for hour in CHECKPOINTS},
        **{f"gain at {hour:.0f} h": float(_gains(ours, hour).mean()) for hour in CHECKPOINTS},
        **{what: mean(ours, what) for what in ("tried", "kept", "wins", "run_hours")},
        "false wins": false_wins(ours)._asdict(),
        "seeds per idea": seeds_per_idea(ours),
        "forecast": honest(ours, [each.forecast for each in ours])._asdict(),
        "said": honest(ours, [each.said for each in ours])._asdict(),
    }


def _gains(ours: Sequence[Summary], hour: float) -> Floats:
    place = CHECKPOINTS.index(hour)
    return np.array([each.gains[place] for each in ours])

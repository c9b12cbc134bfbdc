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


class Share(NamedTuple):
    """A share of the reference's mean gain, with its 95 % interval."""

    value: float
    """The ratio of the means."""
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
    of = _gains(reference, hour)
    samples = np.random.default_rng(0).integers(0, len(of), (RESAMPLES, len(of)))
    low, high = np.quantile(gain[samples].mean(1) / of[samples].mean(1), [0.025, 0.975])
    return Share(float(gain.mean() / of.mean()), float(low), float(high))


def false_wins(ours: Sequence[Summary]) -> float:
    """Share of the ideas found `improved` that truly bring half an MEI or less."""
    return sum(each.false_wins for each in ours) / max(1, sum(each.wins for each in ours))


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
        "false wins": false_wins(ours),
        "seeds per idea": seeds_per_idea(ours),
        "forecast": honest(ours, [each.forecast for each in ours])._asdict(),
        "said": honest(ours, [each.said for each in ours])._asdict(),
    }


def _gains(ours: Sequence[Summary], hour: float) -> Floats:
    place = CHECKPOINTS.index(hour)
    return np.array([each.gains[place] for each in ours])

"""What is believed of an idea at its first dispatch, so that foresight can be told from hindsight."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.idea import Frozen, Idea
from planner.domain.score import Score


def freeze(idea: Idea, score: Score, calibration: Calibration, *, at: str) -> Frozen:
    """The idea's estimates and score as they stand at `at`."""
    return Frozen(
        at=at,
        estimates=dict(idea.estimates),
        digest=digest(idea.estimates),
        calibration=calibration.number,
        score=score.value,
        chance=score.chance.used,
        gain=score.gain.used,
        hours=score.hours.used,
        centred_gain=score.gain.centred,
        overlap=score.gain.overlap,
        slow=score.hours.slow,
        implement=score.hours.implement_total,
        low=score.hours.low,
        high=score.hours.high,
    )


def digest(estimates: Mapping[str, Estimate]) -> str:
    """SHA-256 of the estimates as JSON with sorted keys and no spaces, in hexadecimal."""
    document = {who: _as_said(estimate) for who, estimate in estimates.items()}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def intact(frozen: Frozen) -> bool:
    """Whether what stands frozen is what was frozen, by its digest."""
    return digest(frozen.estimates) == frozen.digest


def changed_since(idea: Idea) -> bool:
    """Whether somebody has said something else since; that counts from now on, never for this outcome."""
    return idea.frozen is not None and digest(idea.estimates) != digest(idea.frozen.estimates)


def _as_said(estimate: Estimate) -> dict[str, object]:
    """The estimate's fields; ranges only where there are any, so that earlier digests still hold."""
    fields = asdict(estimate)
    return fields if estimate.ranges else {name: value for name, value in fields.items() if name != "ranges"}

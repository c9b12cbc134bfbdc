"""What one programme came to, small enough to be sent between processes."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from benchmarks.foresight.attempt import Attempt
from benchmarks.foresight.people import Said

CHECKPOINTS = (120.0, 480.0)
"""Hours at which gains are compared."""
REAL = 0.5
"""A true effect of at most this, in MEI, makes a win a false one."""


class Honesty(NamedTuple):
    """How far numbers lay from what they were about, summed over the ideas that a programme judged."""

    log_loss: float = 0.0
    """Of the chance against whether the idea truly works, natural log."""
    log_ratio: float = 0.0
    """Squared natural log of actual over forecast hours of implementation."""
    hours: float = 0.0
    """Those forecast hours."""
    gain: float = 0.0
    """Chance times gain, in MEI."""


class Summary(NamedTuple):
    """One programme under one policy."""

    gains: tuple[float, ...]
    """True gain kept at each checkpoint, in MEI."""
    tried: int
    """Ideas tried."""
    judged: int
    """Ideas whose implementation was not broken."""
    kept: int
    """Ideas kept."""
    wins: int
    """Ideas found `improved`."""
    false_wins: int
    """Those of them whose true effect is at most half an MEI."""
    seeds: int
    """Full runs until their verdicts."""
    run_hours: float
    """GPU hours, with the baselines' own."""
    hours: float
    """Hours of implementation of the ideas judged."""
    effects: float
    """True effect of the judged ideas that truly work, in MEI, kept or not."""
    forecast: Honesty
    """How honest the policy's own numbers were."""
    said: Honesty
    """How honest what people had said of the same ideas was."""


def summarise(attempts: Sequence[Attempt], said: Said) -> Summary:
    """The sums over one programme."""
    judged = [attempt for attempt in attempts if attempt.verdict != "invalid"]
    wins = [attempt for attempt in judged if attempt.verdict == "improved"]
    kept = [attempt for attempt in wins if attempt.kept]
    return Summary(
        gains=tuple(sum(each.effect for each in kept if each.ended <= end) for end in CHECKPOINTS),
        tried=len(attempts),
        judged=len(judged),
        kept=len(kept),
        wins=len(wins),
        false_wins=sum(each.effect <= REAL for each in wins),
        seeds=sum(each.seeds for each in judged),
        run_hours=sum(each.run_hours for each in attempts),
        hours=sum(each.hours for each in judged),
        effects=sum(each.effect for each in judged if each.works),
        forecast=_honesty(judged, [_forecast(each) for each in judged]),
        said=_honesty(judged, [_said(each.place, said) for each in judged]),
    )


_Numbers = tuple[float, float, float]
"""Chance, gain and hours of one idea."""


def _forecast(attempt: Attempt) -> _Numbers:
    return attempt.forecast.chance, attempt.forecast.gain, attempt.forecast.hours


def _said(place: int, said: Said) -> _Numbers:
    return float(said.chance[place]), float(said.gain[place]), float(said.hours[place])


def _honesty(judged: Sequence[Attempt], numbers: Sequence[_Numbers]) -> Honesty:
    pairs = list(zip(judged, numbers, strict=True))
    return Honesty(
        log_loss=sum(-log(chance if each.works else 1.0 - chance) for each, (chance, _, _) in pairs),
        log_ratio=sum(log(each.hours / hours) ** 2 for each, (_, _, hours) in pairs),
        hours=sum(hours for _, _, hours in numbers),
        gain=sum(chance * gain for chance, gain, _ in numbers),
    )

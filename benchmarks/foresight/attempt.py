"""What was believed of an idea, how it was tried, and what it truly was."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.idea import Frozen
from planner.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The rungs below a full run. Its numbers are assumptions: no log tells them."""

    check: bool = True
    """Whether a first batch shows a bug before any full run; else a bug costs one."""
    check_share: float = 0.0
    """What a check costs, as a share of a full run."""
    small: bool = False
    """Whether one small run comes before the full ones and ends an idea that is clearly worse."""
    small_share: float = 0.2
    """What a small run costs, as a share of a full run."""
    small_noise: float = 1.5
    """How many times farther apart small runs lie than full ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What was believed of an idea when it was chosen."""

    chance: float
    """Chance that it works, 0 to 1."""
    gain: float
    """Gain if it works, in MEI."""
    hours: float
    """Hours to implement it."""
    frozen: Frozen | None = None
    """The product's own record of it; None from a policy that keeps none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An idea that was tried, beside what is true of it."""

    place: int
    """Its place in the replicate."""
    ended: float
    """The hour it was decided."""
    forecast: Forecast
    """What was believed of it by whoever chose it."""
    hours: float
    """Hours its implementation took."""
    run_hours: float
    """GPU hours its runs took, with those of the baseline that it became."""
    verdict: Verdict
    """What it came to."""
    seeds: int
    """Full runs it had until then."""
    kept: bool
    """Whether later work builds on it."""
    works: bool
    """Whether it truly works."""
    effect: float
    """Its true effect in MEI; 0 when its implementation was broken."""

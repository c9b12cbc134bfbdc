"""What the ledger has taught: the frozen value every score is computed with."""

from __future__ import annotations

from dataclasses import field

from planner.domain.fact import fact
from planner.domain.verdict import Verdict


@fact
class Usual:
    """What one person usually says, shrunk to what everybody says; means of logs."""

    chance: float
    """Mean log-odds of the stated chances."""
    gain: float
    """Mean natural log of the stated gains in MEI."""
    said: int = 0
    """How many ideas it rests on."""


@fact
class Finished:
    """A finished idea as its relatives see it."""

    idea: int
    """Its number."""
    title: str
    """Its title, to be named on the why-panel."""
    words: tuple[str, ...]
    """Its words and tags."""
    category: str
    """Its category."""
    verdict: Verdict
    """What it came to."""
    q: float
    """Its soft label: chance that its true effect exceeds half an MEI."""
    expected: float
    """p0: the chance it would be given now without its relatives."""
    weight: float
    """How much of what it says of its relatives is still remembered, 0 to 1."""
    kept: bool
    """Whether it left its relatives less to gain."""
    variants: int | None = None
    """The idea its variants are counted under: the one it is a variant of, else itself; None when unknown."""
    gain: float = 0.0
    """Its measured gain in MEI where it was kept, else 0."""


@fact
class Calibration:
    """Everything learned, as one value; a score is a function of one idea and one of these."""

    number: int = 0
    """Its number within the project; 0 is what holds before the first."""
    at: str = ""
    """When it was computed, UTC, ISO 8601."""
    because: str = "the priors alone"
    """What made it, in a few words."""
    outcomes: int = 0
    """How many outcomes it rests on."""
    base: float = 1 / 6
    """Base rate: chance that an idea nobody has spoken about succeeds."""
    spread: float = 0.7
    """v: mean square of the centred stated log-odds over the ideas."""
    trust: tuple[float, ...] = (0.04, 0.13, 0.19, 0.25, 0.20, 0.12, 0.07)
    """Posterior weight of each slope in `rules.defaults.SLOPES`; sums to 1."""
    everybody: Usual = field(
        default_factory=lambda: Usual(chance=-0.4054651081081643, gain=1.0986122886681098)
    )
    """What people usually say; before anybody has, 40 % and 3 MEI."""
    usual: dict[str, Usual] = field(default_factory=dict)
    """What each person usually says, by name."""
    mean_log_hours: float = 0.6931471805599453
    """Mean natural log of the stated hours; before anybody has said any, of 2 h."""
    hours_slope: float = 0.85
    """How much of a stated duration's distance to the typical task is believed, in logs, 0 to 1."""
    person_ratio: dict[str, float] = field(default_factory=dict)
    """Shrunk mean natural log of actual over referenced hours, by person."""
    person_tasks: dict[str, int] = field(default_factory=dict)
    """Finished tasks with measured hours, by person."""
    category_ratio: dict[str, float] = field(default_factory=dict)
    """The same per category, on top of the person's."""
    gain_scale: float = 0.6931471805599453
    """g0: natural log of the gain of a win whose forecast was average; ln 2 before any."""
    wins: int = 0
    """Wins the gain scale rests on."""
    kept_complexity: float = 0.0
    """Complexity of everything kept so far."""
    run_hours: float | None = None
    """Mean measured hours of a full run; None before any."""
    small_hours: float | None = None
    """Mean measured hours of a run of `small`; None before any, and in records that do not say."""
    reference: float | None = None
    """The baseline's mean value of the goal's metric, which relative impacts refer to; None before it ran."""
    finished: tuple[Finished, ...] = ()
    """The finished ideas, oldest first."""

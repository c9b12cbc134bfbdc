"""How good the guesses were, as facts: what was said before the outcome, beside what happened."""

from __future__ import annotations

from typing import Literal

from planner.domain.fact import fact
from planner.domain.outcome import Revision

Criterion = Literal["likelihood", "hours", "impact"]
"""What a miss is about: the chance of success, the hours to implement, the gain if it works."""


@fact
class Bin:
    """Chances that lie close together, and how many of their ideas worked."""

    low: float
    """Lowest chance, 0 to 1, itself included."""
    high: float
    """Highest chance, itself left to the next bin, but for 1."""
    ideas: int
    """How many ideas."""
    said: float
    """Their mean chance."""
    happened: float
    """Mean of their q: what happened."""


@fact
class ChanceRecord:
    """Chances given before the outcome, against q; every figure is None before there are enough ideas.

    What happened to an idea is its soft label q, 0 to 1: the chance that its effect is real, by its seeds.
    `brier` = `reliability` − `resolution` + `uncertainty` + `binning`.
    """

    ideas: int
    """Resolved ideas that were given a chance."""
    said: float | None = None
    """Mean chance given."""
    happened: float | None = None
    """Mean q."""
    brier: float | None = None
    """Mean squared distance of the chance to q; 0 is perfect."""
    log_loss: float | None = None
    """Mean of −q·ln(chance) − (1−q)·ln(1−chance), in nats; the chance is held to [.002, .998]."""
    reliability: float | None = None
    """Mean squared distance of chance to q, bin by bin: 0 when chances mean what they say."""
    resolution: float | None = None
    """How far the bins lie apart in what happened: the higher, the better they tell ideas apart."""
    uncertainty: float | None = None
    """Variance of q: what the best constant chance would have scored."""
    binning: float | None = None
    """What is left because chances in one bin differ; 0 when they don't."""
    base_brier: float | None = None
    """The same ideas' Brier score, had each been given the base rate that held before its outcome."""
    base_log_loss: float | None = None
    """Their log-loss, likewise."""
    skill: float | None = None
    """1 − brier / base_brier: above 0 is better than saying the base rate, 1 is perfect."""
    bins: tuple[Bin, ...] = ()
    """Lowest first, empty ones left out; none before there are enough ideas."""


@fact
class HoursRecord:
    """Actual over stated hours to implement; every figure is None before there are enough ideas."""

    ideas: int
    """Resolved ideas with both stated and measured hours."""
    ratio: float | None = None
    """Median of actual over stated: above 1 when work takes longer than people say."""
    low: float | None = None
    """Its 10th percentile."""
    high: float | None = None
    """Its 90th percentile."""
    off: float | None = None
    """Typical factor between stated and actual, either way: exp of the median |ln ratio|; 1 is perfect."""
    planner_ideas: int = 0
    """Resolved ideas whose hours were measured and forecast by the planner."""
    planner_off: float | None = None
    """The same factor of the planner's own forecast."""
    inside: float | None = None
    """Share of those whose actual hours lay in the planner's 80 % band, 0 to 1."""


@fact
class GainRecord:
    """Gains in MEI against the forecast; every figure is None before there are enough."""

    wins: int
    """Ideas that improved, with a forecast and a measured gain."""
    ratio: float | None = None
    """Median of measured gain over the planner's forecast G."""
    low: float | None = None
    """Its 10th percentile."""
    high: float | None = None
    """Its 90th percentile."""
    said_wins: int = 0
    """Ideas that improved, with a stated and a measured gain."""
    said_ratio: float | None = None
    """Median of measured over stated gain."""
    ideas: int = 0
    """Resolved ideas with a forecast, whether they worked or not."""
    expected: float | None = None
    """Sum of P·G over them, in MEI: what they should have brought in all."""
    kept: float | None = None
    """What those of them that were kept have brought, in MEI, shrunk against the winner's curse."""


@fact
class ComplexityRecord:
    """Measured minus stated complexity, 0 to 5; every figure is None before there are enough ideas."""

    ideas: int
    """Resolved ideas with both."""
    difference: float | None = None
    """Mean of measured minus stated: above 0 when changes grow larger than people say."""
    near: float | None = None
    """Share of them within one point, 0 to 1."""


@fact
class GroupRecord:
    """How good the guesses about some resolved ideas were, on all four criteria."""

    ideas: int
    """Resolved ideas in the group, guessed or not."""
    stated: ChanceRecord
    """Chances that people stated; of several people, the median."""
    planner: ChanceRecord
    """Chances that the planner gave at the first dispatch."""
    hours: HoursRecord
    """Hours to implement."""
    gain: GainRecord
    """Gain if it works."""
    complexity: ComplexityRecord
    """Complexity added."""


@fact
class Miss:
    """A guess that was far off."""

    idea: int
    """The idea's number."""
    title: str
    """Its title."""
    by: str
    """Who said it."""
    criterion: Criterion
    """What it was about."""
    said: float
    """What was said: chance 0 to 1, hours, or gain in MEI."""
    was: float
    """What it came to: q, hours, or measured gain in MEI."""
    bits: float
    """Information lost by saying so, in bits: what makes misses of different kinds comparable."""


@fact
class Habit:
    """What the calibration in force holds of one person."""

    chance: float
    """The chance the person usually states, 0 to 1."""
    gain: float
    """The gain the person usually states, in MEI."""
    said: int
    """How many ideas that rests on."""
    hours_ratio: float
    """What the person's stated hours are multiplied by."""
    tasks: int
    """How many measured tasks that rests on."""


@fact
class InForce:
    """The calibration in force, in the units people speak in."""

    number: int
    """Its number; 0 are the priors alone."""
    at: str
    """When it was made, UTC, ISO 8601; empty of the priors."""
    because: str
    """What made it."""
    outcomes: int
    """How many outcomes it rests on."""
    base: float
    """Chance of an idea nobody has spoken about."""
    trust: float
    """Mean learned slope of stated log-odds: 1 believes them, 0 ignores them, below 0 turns them round."""
    everybody: Habit
    """What people usually say."""
    people: dict[str, Habit]
    """The same by person, in the order of their names."""
    category_hours: dict[str, float]
    """What a category multiplies hours by, on top of the person's."""
    gain: float
    """Gain of a win whose forecast was average, in MEI."""
    wins: int
    """How many wins that rests on."""
    kept_complexity: float
    """Complexity of everything kept so far."""
    slow: float
    """What that multiplies hours to implement by, 1 or more."""
    run_hours: float | None
    """Mean measured hours of a full run; None before any."""


@fact
class Record:
    """How good everybody's guesses were until now, and the calibration that learned from it."""

    by: str | None
    """The one person whose guesses these are; None for everybody's."""
    category: str | None
    """The one category these ideas are of; None for all."""
    enough: int
    """Resolved ideas from which a figure means something; below, it is None."""
    everybody: GroupRecord
    """All of the resolved ideas; of one person's words alone where `by` names one."""
    people: dict[str, GroupRecord]
    """By person, in the order of their names: the ideas they spoke about, by their own words alone."""
    categories: dict[str, GroupRecord]
    """By category, in the order of their names."""
    misses: tuple[Miss, ...]
    """The worst misses, worst first, at most three and one an idea."""
    calibration: InForce
    """The calibration in force."""
    moved: tuple[Revision, ...] = ()
    """Scores that the calibration moved, where it was made just now; else empty."""

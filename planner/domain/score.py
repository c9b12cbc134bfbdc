"""A score with every term that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.fact import fact


@fact
class Relative:
    """A finished idea that resembles this one."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    verdict: str
    """What it came to."""
    similarity: float
    """0 to 1."""


@fact
class Opinion:
    """What one person said of one criterion, and how the score hears it."""

    by: str
    """Who said it."""
    said: float
    """The number, or the middle of a range; its unit is that of the factor's `said`."""
    usual: float
    """What this person usually says; of hours, what an hour that this person says has taken."""
    centred: float
    """The number without the person's habit, in logs, on the scale of the factor's median."""
    low: float | None = None
    """Lower end where a range was said."""
    high: float | None = None
    """Upper end where a range was said."""


@fact
class Chance:
    """P, the chance of success."""

    said: float | None
    """Median of what people said; None when nobody did."""
    usual: float
    """What those people usually say; everybody's when nobody spoke."""
    base: float
    """The base rate used."""
    centred: float
    """z: stated log-odds against the person's usual."""
    trust: float
    """Mean learned slope of stated odds; 1 takes them at their word, below 0 turns them round."""
    stated: float
    """p0: base rate and statement together, before relatives."""
    relatives: float
    """M: what finished relatives multiply it by."""
    used: float
    """P, clipped to [.002, .95]."""
    nearest: tuple[Relative, ...] = ()
    """The three nearest finished relatives."""
    people: tuple[Opinion, ...] = ()
    """Each person's own; `centred` is their median."""


@fact
class Gain:
    """G, the gain if it works, in MEI."""

    said: float | None
    """Median of what people said, in MEI; None when nobody did."""
    usual: float
    """What those people usually say, in MEI."""
    scale: float
    """exp(g0): what an average forecast has come to, in MEI."""
    centred: float
    """c: stated gain against the person's usual, slope applied, natural log."""
    overlap: float
    """Share that kept relatives leave to it, above 0 to 1."""
    used: float
    """G, in MEI."""
    variants: float = 0.0
    """MEI that kept variants of the same idea have brought, taken off `used`, which never falls below 0."""
    people: tuple[Opinion, ...] = ()
    """Each person's own; `centred` is their median."""


@fact
class Hours:
    """H, the hours still to spend."""

    said: float | None
    """Median of what people said to implement it; None when nobody did."""
    ratio: float
    """What the record multiplies stated hours by."""
    slow: float
    """Slow-down by complexity kept so far, 1 or more."""
    implement_total: float
    """Hours to implement it, nothing spent yet."""
    spent: float
    """Hours already spent on it."""
    implement: float
    """Hours left to implement it."""
    low: float
    """Lower end of the 80 % band of `implement_total`."""
    high: float
    """Upper end of that band."""
    run_hours: float
    """Wall hours of one full run."""
    runs: float
    """Expected GPU hours until the verdict, in hours of a person."""
    gpu: float
    """Expected GPU hours until the verdict, as GPU hours."""
    configs: int = 0
    """Configurations that its sweep is still to try, which `gpu` contains; 0 without a sweep."""
    search: float = 0.0
    """GPU hours of those."""
    overhead: float
    """Fixed hours an idea costs."""
    complexity: float
    """The complexity used."""
    tax: float
    """What keeping it is expected to cost later work."""
    used: float
    """H: implement + runs + overhead + tax."""
    people: tuple[Opinion, ...] = ()
    """Each person's own; their median, with the category's record, the spread and `slow`, is the total."""


class Terms(NamedTuple):
    """The terms of a score, as its fields of the same names have them."""

    chance: Chance
    gain: Gain
    hours: Hours
    assumed: tuple[str, ...]


class _TermsLater:
    """Lets the terms of a score be worked out when one of them is first asked for."""

    __slots__ = ("_work_out",)
    _work_out: Callable[[], Terms]

    if not TYPE_CHECKING:  # a type checker would take it for leave to ask a score for anything

        def __getattr__(self, name: str) -> object:
            """A term that is not there yet: fill in all of them."""
            if name not in Terms._fields:
                raise AttributeError(f"a score has no {name!r}")
            terms = self._work_out()
            for term, value in zip(Terms._fields, terms, strict=True):
                object.__setattr__(self, term, value)
            return getattr(terms, name)


@fact
class Score(_TermsLater):
    """Expected gain per hour still to spend; `chance.used * gain.used / hours.used`."""

    idea: int
    """The idea it ranks."""
    calibration: int
    """Number of the calibration it was computed with."""
    value: float
    """MEI per hour; P·G alone when runs are the bottleneck."""
    per_hour: bool
    """Whether hours divide the value; False when runs are the bottleneck."""
    chance: Chance
    """P and what made it."""
    gain: Gain
    """G and what made it."""
    hours: Hours
    """H and what made it."""
    assumed: tuple[str, ...] = ()
    """Criteria nobody stated, filled from the project's priors."""

    @classmethod
    def with_terms_later(
        cls, *, idea: int, calibration: int, value: float, per_hour: bool, terms: Callable[[], Terms]
    ) -> Score:
        """A score like any other; `terms` is called when one of them is first asked for.

        Most of ten thousand scores are only ever compared.
        """
        score, put = cls.__new__(cls), object.__setattr__
        put(score, "idea", idea)
        put(score, "calibration", calibration)
        put(score, "value", value)
        put(score, "per_hour", per_hour)
        put(score, "_work_out", terms)
        return score

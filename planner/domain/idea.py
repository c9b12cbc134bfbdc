"""A hypothesis worth trying, and what it would change."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from planner.domain.estimate import Estimate
from planner.domain.fact import fact
from planner.domain.sweep import Chosen, Sweep

CATEGORIES = (
    "baseline",
    "optimizer",
    "hyperparameter",
    "initialisation",
    "regularisation",
    "augmentation",
    "data",
    "evaluation",
    "architecture",
    "scale",
    "curriculum",
    "loss",
    "systems",
    "other",
)
"""The kinds of idea offered; a project may use its own words. `other` makes no two ideas relatives."""

Place = Literal["backlog", "parked", "dropped"]


@fact
class Change:
    """What the idea alters against the baseline."""

    params: dict[str, object] = field(default_factory=dict)
    """Params that replace the baseline's, by name; JSON values."""
    ref: str | None = None
    """A git branch or commit that holds the idea's code."""
    implemented: bool = False
    """Whether the recipe in the work tree already carries the idea, without a param or a ref."""
    sweep: Sweep | None = None
    """Params whose best values are searched for; None where `params` says all. No param stands in both."""

    @property
    def runnable(self) -> bool:
        """Whether there is something to run."""
        return bool(self.params or self.ref is not None or self.implemented or self.sweep)


@fact
class Dispatch:
    """A person's wish that the idea climbs the ladder."""

    at: str
    """When it was asked for, UTC, ISO 8601."""
    by: str
    """Who asked."""
    seeds: int | None = None
    """At most this many full seeds; None leaves it to the project's settings."""
    halted: str | None = None
    """Why it does not climb on, in a sentence; None while it does."""
    confirm: bool = False
    """Whether a win is to be topped up to all its seeds and judged once more."""
    commit: str | None = None
    """The commit that the idea's ref stood for; None without a ref, and in records that do not say."""
    anyway: str | None = None
    """What the person was warned of and went on regardless, in a sentence; None without a warning."""
    afresh: str | None = None
    """When it was first wanted `anyway`, where it halted and was asked for again since, UTC; else None."""
    chosen: Chosen | None = None
    """The best configuration of the idea's sweep, which its seeds are of; None before all have been tried."""

    @property
    def counts_since(self) -> str:
        """Since when runs count, UTC, ISO 8601: the first moment of what is wanted anyway; empty for all."""
        return (self.afresh or self.at) if self.anyway else ""


@fact
class Frozen:
    """What was believed when the idea was first dispatched; never changed afterwards."""

    at: str
    """When it was frozen, UTC, ISO 8601."""
    estimates: dict[str, Estimate]
    """Estimates by person, as they stood."""
    digest: str
    """SHA-256 of the estimates' canonical JSON."""
    calibration: int
    """Number of the calibration the score below rests on."""
    score: float
    """Score at that moment, in MEI per hour."""
    chance: float
    """P at that moment."""
    gain: float
    """G at that moment, in MEI."""
    hours: float
    """H at that moment, in hours."""
    centred_gain: float
    """c of the gain forecast: the stated gain against the person's usual, slope applied, natural log."""
    overlap: float
    """Share of the gain that kept relatives left to it, above 0 to 1."""
    slow: float
    """Slow-down of implementation by complexity kept until then, 1 or more."""
    implement: float | None = None
    """Hours to implement it, forecast with nothing spent yet; None in records that do not say."""
    low: float | None = None
    """Lower end of the 80 % band of `implement`, in hours."""
    high: float | None = None
    """Upper end of that band, in hours."""


@fact
class Idea:
    """A hypothesis worth trying: title, hypothesis, category, change, estimates."""

    id: int
    """Number within the project, from 1."""
    title: str
    """One line that names it."""
    created_at: str
    """When it was captured, UTC, ISO 8601."""
    created_by: str
    """Who captured it."""
    hypothesis: str = ""
    """What is expected to happen, and why."""
    category: str = "other"
    """Its kind, usually one of CATEGORIES."""
    tags: tuple[str, ...] = ()
    """Free words that tie relatives together."""
    change: Change = field(default_factory=Change)
    """What it alters against the baseline."""
    estimates: dict[str, Estimate] = field(default_factory=dict)
    """The newest estimate of each person, by name."""
    history: tuple[Estimate, ...] = ()
    """Estimates that were replaced, oldest first."""
    run_hours: float | None = None
    """Hours one full run takes, where a person says it differs from the project's usual."""
    after: tuple[int, ...] = ()
    """Ideas it follows from; `--top` passes it over until they are finished."""
    variant_of: int | None = None
    """The idea it is a variant of; what a kept variant gained is no longer there for the others to gain."""
    edited_at: str | None = None
    """When what it would run was last edited, UTC, ISO 8601; lifts an older `invalid`. None when never."""
    reviewed_at: str | None = None
    """When somebody last looked at it and left it as it is, UTC, ISO 8601; None when never."""
    place: Place = "backlog"
    """Where a person has put it."""
    spent_hours: float = 0.0
    """Implementation hours so far, from the timer or typed."""
    timer_since: str | None = None
    """When the running implementation timer was started, UTC, ISO 8601; None when it does not run."""
    timer_by: str | None = None
    """Who started the running timer; None when none runs, and in records that do not say."""
    dispatch: Dispatch | None = None
    """The wish to run it; None before the first and after it was withdrawn or settled."""
    frozen: Frozen | None = None
    """What was believed at the first dispatch."""

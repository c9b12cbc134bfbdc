"""What became of an idea, and which scores moved because of it."""

from __future__ import annotations

from planner.domain.fact import fact
from planner.domain.sweep import Chosen
from planner.domain.verdict import Verdict


@fact
class Pair:
    """The idea and the baseline on one seed."""

    seed: int
    """The seed both ran with."""
    idea: float
    """The goal's metric with the idea."""
    baseline: float
    """The goal's metric without it."""


@fact
class Evidence:
    """What the seeds so far say of one idea."""

    pairs: tuple[Pair, ...]
    """Seeds on which both ran, by seed."""
    seeds: int
    """Seeds the idea ran with, paired or not."""
    baseline_seeds: int
    """Seeds the baseline ran with."""
    effect: float
    """d: mean difference to the baseline in MEI, good is positive."""
    error: float
    """Standard error of the effect, in MEI."""
    low: float
    """Lower end of the 95 % interval of the effect, in MEI."""
    high: float
    """Upper end of the 95 % interval of the effect, in MEI."""
    q: float
    """Chance that the true effect exceeds half an MEI, given the seeds."""
    gain: float
    """Posterior mean of the effect, in MEI: shrunk against the winner's curse."""
    noise: float
    """Pooled seed-to-seed standard deviation, in the metric's own unit."""
    paired: bool
    """Whether the spread of the paired differences decided the error."""
    base: float = 1 / 6
    """The base rate that `q` and `gain` were judged with."""
    pair_noise: float | None = None
    """Pooled standard deviation of a paired difference, in the metric's own unit; None when not known."""
    share: float = 1.0
    """Part of the difference seen that `effect` takes to be left in full; 1 but on the rung `small`."""


@fact
class Overruled:
    """What the seeds had decided before a person overruled it."""

    verdict: Verdict
    """The verdict of the seeds."""
    reason: str
    """Its sentence."""
    kept: bool
    """Whether the idea was kept."""
    worth: bool | None
    """Whether the gain paid for the complexity."""
    by: str
    """Who overruled it."""
    at: str
    """When, UTC, ISO 8601."""
    declined: str | None = None
    """Why the win of the seeds was declined, where it was; None otherwise."""


@fact
class Unstruck:
    """What the seeds had decided before runs of theirs were struck out."""

    verdict: Verdict
    """Their verdict."""
    reason: str
    """Its sentence."""
    worth: bool | None
    """Whether the gain paid for the complexity."""
    evidence: Evidence
    """All that they said."""


@fact
class GivenUp:
    """How an idea stood when a person gave it up as unworkable."""

    by: str
    """Who gave it up."""
    at: str
    """When, UTC, ISO 8601."""
    spent_hours: float
    """Implementation hours it had before."""
    hours: float
    """Implementation hours it had then, with those of the timer or the typed ones."""
    timer_since: str | None
    """When its running timer had been started, UTC, ISO 8601; None when it did not run."""
    timer_by: str | None = None
    """Who had started it; None when it did not run."""


@fact
class Outcome:
    """The verdict of an idea with its numbers."""

    idea: int
    """The idea."""
    at: str
    """When it landed, UTC, ISO 8601."""
    verdict: Verdict
    """What it came to."""
    reason: str
    """The verdict in one sentence, with its numbers, or the cause when invalid."""
    rung: str
    """The rung that decided it; `none` where a person gave the idea up."""
    baseline: int
    """Version of the baseline it was compared with."""
    evidence: Evidence | None = None
    """What the seeds said; None when the idea is invalid."""
    kept: bool = False
    """Whether the idea counts as part of what later work builds on."""
    worth: bool | None = None
    """Whether the gain pays for the complexity by the keep rule; None without a win."""
    hours: float | None = None
    """Implementation hours it really took; None when nobody measured them."""
    run_hours: float = 0.0
    """Wall hours of all its runs."""
    energy_wh: float | None = None
    """Energy of all its runs, watt hours; None when not measured."""
    complexity: float | None = None
    """Complexity measured from its diff, 0 to 5; None when nobody could."""
    overruled: Overruled | None = None
    """What the seeds had said, where `verdict` and `reason` are a person's; None where they stand."""
    declined: str | None = None
    """Why a win is not kept, in a person's words; None when nobody declined it."""
    imported: str | None = None
    """The file it was imported from; None when its runs were made here."""
    reported_gain: float | None = None
    """Gain in MEI as somebody reported it, where no seeds were run here."""
    given_up: GivenUp | None = None
    """How the idea stood when a person gave it up as unworkable; None when nobody did."""
    unstruck: Unstruck | None = None
    """What the seeds had said before some were struck out; None while all of them count."""
    withdrawn: bool = False
    """Whether no seed is left that it could rest on: it counts for nothing until one is."""
    chosen: Chosen | None = None
    """The configuration of the idea's sweep that it is about; None without a sweep."""
    anyway: str | None = None
    """What the person who dispatched it was warned of and went on regardless; None without a warning."""

    @property
    def gain(self) -> float | None:
        """Its gain in MEI: by its seeds, shrunk; else as it was reported; None when nobody knows."""
        return self.evidence.gain if self.evidence else self.reported_gain


@fact
class Revision:
    """A score that moved."""

    id: int
    """Number within the project, from 1."""
    at: str
    """When it moved, UTC, ISO 8601."""
    idea: int
    """The idea whose score moved."""
    before: float
    """Score before, in MEI per hour."""
    after: float
    """Score after, in MEI per hour."""
    rank_before: int
    """Rank before, from 1."""
    rank_after: int
    """Rank after, from 1."""
    because: str
    """The cause and the factors that moved, in one line."""
    calibration: int
    """Number of the calibration that moved it."""
    outcome_of: int | None = None
    """The idea whose outcome caused it; None when there was no outcome."""


@fact
class Baseline:
    """The params and commit that ideas are compared with."""

    version: int
    """Number, from 1."""
    params: dict[str, object]
    """What the recipe is given."""
    at: str
    """When it became the baseline, UTC, ISO 8601."""
    commit: str | None = None
    """The commit it stands for; None outside git."""
    ref: str | None = None
    """The git ref of the idea that was adopted with its code; None where the work tree has the code."""
    metric: str | None = None
    """The goal's metric that its runs were measured by; None in records that do not say."""
    because: str = ""
    """Why it replaced the one before."""
    adopted: int | None = None
    """The idea whose adoption made it, and whose seeds it takes over; None for any other reason."""

"""What a review points out: where the effort went, estimates in doubt, what comes back, when to stop."""

from __future__ import annotations

from typing import Literal

from planner.domain.fact import fact


@fact
class Concentration:
    """Whether effort and gain came from few places."""

    category: str | None
    """The category that took most of the week's hours, GPU hours counted as the score counts them."""
    hours: float
    """Its share of those hours, 0 to 1."""
    human_hours: float
    """Its share of the week's implementation hours alone."""
    gpu_hours: float
    """Its share of the ideas' GPU hours alone."""
    ideas: float
    """Its share of the ideas that came to an outcome in the week."""
    kept: int
    """Kept ideas with a gain, until the week's end."""
    best_fifth: float | None
    """Share of all kept gain that the best fifth of them gave; None below five."""
    remark: str
    """A sentence, where most of the effort went to a place in which nothing was ever won; else empty."""


@fact
class Doubt:
    """A stated number that outcomes since have contradicted, of an idea still to be decided."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    criterion: Literal["likelihood", "impact", "hours"]
    """Which of its numbers."""
    since: str
    """When it was last stated, UTC, ISO 8601."""
    said: float
    """What people say, the median: chance 0 to 1, gain in MEI, or hours."""
    used: float
    """What the planner uses instead, in the same unit."""
    reason: str
    """What speaks against it, in a sentence."""


@fact
class Comeback:
    """A discarded idea, one of whose reasons no longer holds."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    at: str
    """When it was discarded, UTC, ISO 8601."""
    kind: Literal["repaired", "seeds", "worth", "goal", "data", "baseline"]
    """What changed: it was repaired, more seeds would decide it, it now pays for its complexity, or it was
    judged under another goal, on other data, against another baseline."""
    reason: str
    """What changed, in a sentence."""
    q: float | None
    """The chance that its effect is real, as it was judged; None without evidence."""


@fact
class Stop:
    """A reason to stop trying what is in the backlog; it stops nothing by itself."""

    kind: Literal["goal", "noise", "drought"]
    """The goal is reached; what is left is too small to be told from noise; or nothing works any more."""
    sentence: str
    """What it is based on, in one sentence."""


@fact
class Outlook:
    """What a plan costs and promises, all of it together."""

    human_hours: float = 0.0
    """Hours left to implement its ideas."""
    gpu_hours: float = 0.0
    """Expected GPU hours until their verdicts."""
    gain: float = 0.0
    """Expected gain in MEI: the sum of P·G, of variants of one idea the best alone."""

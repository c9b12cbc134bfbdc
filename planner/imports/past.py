"""Something that was tried before the planner was there, as another tool or a person wrote it down."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.domain.estimate import Estimate
from planner.domain.goal import Direction
from planner.domain.imported import BadRow
from planner.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One thing that was tried, or was about to be."""

    line: int
    """Where it stands in its source, from 1."""
    title: str
    """What names it; within the limits of a title."""
    hypothesis: str = ""
    """What was expected, and what else was written down beforehand."""
    category: str = "other"
    """Its kind."""
    tags: tuple[str, ...] = ()
    """Free words."""
    params: dict[str, object] = field(default_factory=dict)
    """The params it was tried with."""
    tried: bool = True
    """Whether there is an outcome."""
    verdict: Verdict | None = None
    """What somebody said it came to; None leaves it to the numbers."""
    said: str = ""
    """The word that was used for it."""
    baseline: bool = False
    """Whether it is no idea but what ideas were compared with."""
    group: str = ""
    """The series it belongs to; values are compared within it."""
    metric: str | None = None
    """What its value measures; None when nobody says."""
    direction: Direction | None = None
    """Which way that metric is better; None when nobody says."""
    value: float | None = None
    """What it reached, in the metric's own unit."""
    best_before: float | None = None
    """The best that had been reached before."""
    gain: float | None = None
    """What it gained, in the metric's own unit; good is positive."""
    gain_mei: float | None = None
    """The same in MEI."""
    hours: float | None = None
    """Hours its implementation took."""
    run_hours: float | None = None
    """Hours its runs took."""
    at: str | None = None
    """When it had been tried, UTC, ISO 8601; None when nobody says."""
    notes: str = ""
    """What was written down afterwards."""
    estimate: Estimate | None = None
    """What one person had expected; its `at` is empty when nobody says when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that one source has to tell."""

    name: str
    """The source's name."""
    kind: str
    """What it is, in a few words."""
    pasts: tuple[Past, ...]
    """What was tried, in the source's order."""
    bad: tuple[BadRow, ...] = ()
    """What can't be read."""
    skipped: dict[str, int] = field(default_factory=dict)
    """What was left out on purpose, by the reason."""
    columns: dict[str, str] = field(default_factory=dict)
    """Of a table: what each column was read as."""
    unused: tuple[str, ...] = ()
    """Of a table: columns that were not used."""

"""An idea that somebody proposes in a file."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.domain.estimate import Estimate
from planner.domain.imported import BadRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One idea as a file has it."""

    line: int
    """Where it stands, from 1."""
    title: str
    """What names it; empty when only its number does."""
    id: int | None = None
    """The number of an idea that is meant; None when nobody says."""
    created_at: str = ""
    """When the idea of that number was captured, where the planner itself wrote the file."""
    hypothesis: str = ""
    """What is expected to happen, and why."""
    category: str = ""
    """Its kind; empty when nobody says."""
    tags: tuple[str, ...] = ()
    """Free words."""
    params: dict[str, object] = field(default_factory=dict)
    """Params it changes."""
    estimate: Estimate | None = None
    """One person's numbers; its `at` is empty when nobody says when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """Everything that one file proposes."""

    name: str
    """The file's name."""
    kind: str
    """What it is, in a few words."""
    proposals: tuple[Proposal, ...]
    """The ideas, in the file's order."""
    bad: tuple[BadRow, ...] = ()
    """What can't be read."""
    skipped: dict[str, int] = field(default_factory=dict)
    """What was left out on purpose, by the reason."""
    columns: dict[str, str] = field(default_factory=dict)
    """Of a table: what each column was read as."""
    unused: tuple[str, ...] = ()
    """Of a table: columns that were not used."""

"""What an import brought in."""

from __future__ import annotations

from dataclasses import field

from planner.domain.fact import fact


@fact
class BadRow:
    """A row that was left out because something in it can't be read."""

    line: int
    """Its line in the file, from 1; of a run, trial or issue, its place."""
    column: str
    """The column at fault; empty when the row itself is."""
    problem: str
    """What is wrong and what would be right, in a sentence."""


@fact
class Imported:
    """What an import brought in, or would."""

    file: str
    """The file's name."""
    kind: str
    """What it was taken for, in a few words."""
    dry_run: bool = False
    """Whether it was only tried: nothing was written."""
    columns: dict[str, str] = field(default_factory=dict)
    """Of a table: what each column that is used was read as."""
    unused: tuple[str, ...] = ()
    """Of a table: columns that were not used."""
    ideas: tuple[int, ...] = ()
    """Numbers of the ideas that are new."""
    matched: int = 0
    """Ideas that were here already and learned something from it."""
    outcomes: int = 0
    """Outcomes that came in."""
    kept: int = 0
    """Of these, kept ones."""
    invalid: int = 0
    """Of these, ones that are nobody's evidence."""
    estimates: int = 0
    """Estimates that came in: newer ones in force, older ones into the history."""
    people: tuple[str, ...] = ()
    """Whose estimates they are."""
    skipped: dict[str, int] = field(default_factory=dict)
    """What was left out on purpose: how many, by the reason."""
    bad: tuple[BadRow, ...] = ()
    """Rows that can't be read, left out because that was asked for."""
    base_before: float = 0.0
    """Base rate before."""
    base_after: float = 0.0
    """Base rate after."""
    run_hours: float | None = None
    """What a full run is now thought to take, in hours; None when nobody knows."""
    revised: int = 0
    """Scores that moved."""

"""What a drill has shown, in one line of the table that `make check` and `make soak` print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How often something was tried, and how often it held."""

    what: str
    """What was done, in a few words: `store writer killed at a random moment`."""
    tried: int
    """How many times."""
    held: int
    """How many of them ended as they must."""
    note: str = ""
    """What that means, or what was counted besides: `0 unreadable, 0 acknowledged lost`."""

    def __str__(self) -> str:
        return f"{self.what}: {self.held:,} of {self.tried:,}" + (f" ({self.note})" if self.note else "")


def as_property(figure: Figure) -> dict[str, object]:
    """A figure as plain values, which test processes can hand to each other."""
    return asdict(figure)


def table(figures: Iterable[Figure]) -> list[str]:
    """The lines of the table, its columns aligned."""
    rows = [(one.what, f"{one.held:,}", "of", f"{one.tried:,}", one.note) for one in figures]
    widths = [max(len(row[place]) for row in rows) for place in range(4)] if rows else []
    return [
        f"{what:<{widths[0]}}  {held:>{widths[1]}} of {tried:>{widths[3]}}  {note}".rstrip()
        for what, held, _, tried, note in rows
    ]

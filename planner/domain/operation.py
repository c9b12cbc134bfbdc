"""One transaction of the store, as the journal has it."""

from __future__ import annotations

from planner.domain.fact import fact


@fact
class Edit:
    """One document that the transaction changed."""

    table: str
    """The table it is in."""
    key: int
    """Its number there."""
    old: dict[str, object] | None
    """The fields that changed, as they were; the whole document when it went; None when it is new."""
    new: dict[str, object] | None
    """The fields that changed, as they became; the whole document when it is new; None when it went."""


@fact
class Operation:
    """One transaction: who did what, and every value before and after."""

    seq: int
    """Its number; also the generation it made."""
    base: int
    """The generation it started from."""
    at: str
    """When it happened, UTC, ISO 8601."""
    by: str
    """Who did it."""
    says: str
    """What was done, in a few words."""
    undoable: bool = True
    """Whether undo may take it back."""
    undoes: tuple[int, ...] = ()
    """Operations that this one took back."""
    redoes: tuple[int, ...] = ()
    """Operations that this one did again."""
    changes: tuple[Edit, ...] = ()
    """Every document it changed."""


@fact
class Turned:
    """What undo or redo has done."""

    says: tuple[str, ...]
    """What was taken back or done again, in the order it was."""
    stays: tuple[str, ...] = ()
    """What came after and stays as it is, a sentence each."""
    wakes: bool = False
    """Whether runs may start now that could not before."""

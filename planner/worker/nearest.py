"""The name a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

VALIDATION = "val_"
"""How half of all metrics begin: that two of them do says nothing of their likeness."""
SLIP = 0.8
"""From here on it hardly is anything else."""
ALIKE = 0.5
"""From here on one name may be a slip for another: twice the letters in common, over the letters of both."""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`; did you mean X?` with the nearest of the names, or nothing when none is near."""
    near = max(sorted(names), key=lambda other: _likeness(name, other), default="")
    return f"; did you mean {near}?" if near and _likeness(name, near) >= ALIKE else ""


def is_slip(name: str, other: str) -> bool:
    """Whether `other` hardly is anything but another spelling of `name`, as `val_acc` of `val_accuracy`."""
    short, long = sorted((name.casefold(), other.casefold()), key=len)
    if short.startswith(VALIDATION) != long.startswith(VALIDATION):
        return False
    cut_off = long.startswith(short) and long.removeprefix(short).isalpha()
    return cut_off or _likeness(short, long) >= SLIP


def _likeness(name: str, other: str) -> float:
    """From 0 to 1, as `difflib` has it; of two metrics of validation, of what is measured."""
    if name.startswith(VALIDATION) and other.startswith(VALIDATION):
        name, other = name.removeprefix(VALIDATION), other.removeprefix(VALIDATION)
    return SequenceMatcher(None, name, other).ratio()

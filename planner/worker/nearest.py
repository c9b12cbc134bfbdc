"""The name a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`; did you mean X?` with the nearest of the names, or nothing when none is near."""
    near = get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""

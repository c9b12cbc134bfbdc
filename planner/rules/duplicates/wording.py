"""What was there before, as a sentence tells it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from planner.domain.outcome import Outcome
from planner.rules.judging.verdict import signed
from planner.rules.wording.display import fit

VALUE = 24
"""Cells of a param's value."""
SHOWN = 5
"""Seeds that are named one by one."""


def outcome_in_words(outcome: Outcome) -> str:
    """A verdict with its gain and its day, such as `improved, +2.1 MEI (2026-11-20)`."""
    by = f", {signed(outcome.evidence.effect)} MEI" if outcome.evidence else ""
    return f"{outcome.verdict}{by} ({outcome.at[:10]})"


def value_in_words(value: object) -> str:
    """A param's value as a person would type it, cut where it is long."""
    return fit(value if isinstance(value, str) else json.dumps(value, default=str), VALUE)


def seeds_in_words(seeds: Sequence[int]) -> str:
    """Seeds such as `seed 0` or `seeds 0, 1, 2`."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if len(seeds) > SHOWN:
        return f"{len(seeds)} seeds, {seeds[0]} to {seeds[-1]}"
    return f"seeds {', '.join(map(str, seeds))}"

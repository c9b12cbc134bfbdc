"""What a person may make of a repeat, and what is written down of that."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.ledger import Ledger
from planner.domain.repeat import Repeat
from planner.rules.duplicates.wording import outcome_in_words
from planner.rules.learning.settled import newest_outcomes

LEAVE = "leave it"
"""Nothing is dispatched."""


def choices(repeat: Repeat) -> dict[str, str]:
    """The answers to an exact repeat and what each means, the least wasteful first."""
    if repeat.own:
        return {
            "replicate": f"replicate: {repeat.reading.removeprefix('it gets ')}",
            "anyway": "run the same again, afresh",
            "leave": LEAVE,
        }
    return {"leave": LEAVE, "anyway": "run it anyway, on its own record"}


def wished(repeats: Iterable[Repeat], ledger: Ledger, idea: int) -> str | None:
    """What is written down of a person who wants an idea run regardless; None where nothing was there."""
    for one in repeats:
        if one.exact or one.own:
            return one.says
    judged = newest_outcomes(ledger).get(idea)
    return None if judged is None else f"it had its verdict already: {outcome_in_words(judged)}"

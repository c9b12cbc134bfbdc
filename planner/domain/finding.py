"""One thing that `planner doctor` looked at."""

from __future__ import annotations

from typing import Literal

from planner.domain.fact import fact

State = Literal["ok", "warning", "problem"]


@fact
class Finding:
    """What was looked at, how it is, and what to do about it."""

    name: str
    """What was looked at, in a word or two."""
    state: State
    """`ok`; `warning`: works, but should be looked after; `problem`: does not work."""
    text: str
    """How it is, in one sentence."""
    command: str | None = None
    """The command that puts it right; None where there is none."""
